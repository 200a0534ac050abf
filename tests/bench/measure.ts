// How long something takes, against others that do the same: all take turns, round by round, so
// that whatever else the machine does hits all of them alike.

/** Something to be timed. */
export interface Runner {
  readonly name: string;
  /** Runs it that often, or not at all for 0; the milliseconds that it took. */
  batch(iterations: number): number | Promise<number>;
}

/** How much is measured. */
export interface Effort {
  /** Time of one turn, in milliseconds. */
  readonly slice_ms: number;
  readonly rounds: number;
  /** Time of all turns of one runner before the first that counts, in milliseconds. */
  readonly warm_ms: number;
}

/** Microseconds a call: the middle of all rounds, and the bounds of the middle four fifths. */
export interface Spread {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** The value below which the fraction `part` of the numbers lies, interpolated. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The spread of these numbers. */
export function spreadOf(numbers: readonly number[]): Spread {
  return {
    median: quantile(numbers, 0.5),
    p10: quantile(numbers, 0.1),
    p90: quantile(numbers, 0.9),
  };
}

/** A runner that calls a function in a loop, in this process. */
export function loopRunner(name: string, call: () => unknown): Runner {
  return {
    name,
    batch(iterations) {
      const started = performance.now();
      for (let i = 0; i < iterations; i += 1) call();
      return performance.now() - started;
    },
  };
}

/** Warms all up, then times them in turns. The spread of each, by name. */
export async function measure(
  runners: readonly Runner[],
  effort: Effort,
): Promise<Record<string, Spread>> {
  const turns = [];
  for (const runner of runners) {
    turns.push({ runner, ...(await warmedUp(runner, effort)), times_ms: [] as number[] });
  }
  for (let round = 0; round < effort.rounds; round += 1) {
    for (let place = 0; place < turns.length; place += 1) {
      const turn = turns[(place + round) % turns.length];
      if (turn === undefined) continue;
      turn.floor_ms = Math.min(turn.floor_ms, await turn.runner.batch(0));
      turn.times_ms.push(await turn.runner.batch(turn.iterations));
    }
  }
  return Object.fromEntries(
    turns.map(({ runner, floor_ms, iterations, times_ms }) => {
      const each_us = times_ms.map((time) => ((time - floor_ms) * 1000) / iterations);
      return [runner.name, spreadOf(each_us)];
    }),
  );
}

/** What is known of a runner before its first round. */
interface Warm {
  /** The least that a turn took without an iteration: lowered by every round. */
  floor_ms: number;
  /** Iterations of one turn. */
  readonly iterations: number;
}

// Runs until the compilers of the host have had their time; then the iterations that fill a turn.
// The best of a few counts everywhere: the others were disturbed.
async function warmedUp(runner: Runner, { slice_ms, warm_ms }: Effort): Promise<Warm> {
  const floor_ms = await bestOf(5, runner, 0);
  let iterations = 1;
  let best_ms = 0;
  let spent_ms = 0;
  while (spent_ms < warm_ms || best_ms < slice_ms / 2) {
    const before = performance.now();
    best_ms = (await bestOf(3, runner, iterations)) - floor_ms;
    spent_ms += performance.now() - before;
    const factor = slice_ms / Math.max(best_ms, slice_ms / 8);
    if (best_ms < slice_ms / 2 || best_ms > 2 * slice_ms) {
      iterations = Math.max(1, Math.ceil(iterations * factor));
    }
  }
  return { floor_ms, iterations };
}

async function bestOf(count: number, runner: Runner, iterations: number): Promise<number> {
  let best_ms = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i += 1) {
    best_ms = Math.min(best_ms, await runner.batch(iterations));
  }
  return best_ms;
}
