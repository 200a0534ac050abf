// Walking a JSON document.

/** An object of it. */
export type Tree = { [key: string]: unknown };

/** A member's name. */
export type Step = string;

/** What lies below `tree` at the end of the steps; undefined where a step leads nowhere. */
export function at(tree: unknown, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>((found, step) => {
    const isObject = typeof found === 'object' && found !== null;
    return isObject && Object.hasOwn(found, step) ? (found as Tree)[step] : undefined;
  }, tree);
}
