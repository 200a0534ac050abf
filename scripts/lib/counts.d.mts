// The types of counts.mjs, for its tests, which are TypeScript.

/** How many tests of one program passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Reads the counts from what a program printed; undefined when it printed no summary. */
export type Counter = (output: string, code: number) => Counts | undefined;

export const countDoctest: Counter;
export const countNodeTest: Counter;
export const countVitest: Counter;
export const countWhole: Counter;

/** Counts never kinder than the exit code: at least one failure after a failure or an empty run. */
export function truthfulCounts(counter: Counter, output: string, code: number): Counts;
