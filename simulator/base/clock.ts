// The two clocks: the machine's own, and one that moves only when it is told to.

import type { Clock } from './contract.ts';

/** A clock that can also let time pass. */
export interface SleepingClock extends Clock {
  /** Resolves when `ms` milliseconds have passed on this clock. */
  sleep(ms: number): Promise<void>;
}

/** A clock that stands still until it is advanced. */
export interface VirtualClock extends SleepingClock {
  /** Moves the time forward by `ms` milliseconds; a negative number is refused. */
  advance(ms: number): void;
}

/** The machine's clock. */
export const systemClock: SleepingClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * A clock that starts at `start_ms`. Its `sleep` advances it at once: whoever waits is the one who
 * lets the time pass, so a test never hangs on a delay that nobody ends.
 */
export function virtualClock(start_ms: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let now_ms = start_ms;
  const advance = (ms: number): void => {
    if (!(ms >= 0)) throw new RangeError(`time cannot move by ${ms} ms`);
    now_ms += ms;
  };
  return {
    now: () => now_ms,
    advance,
    sleep: async (ms) => advance(ms),
  };
}

/** Lets `ms` milliseconds pass on `clock`; returns at once on a clock that cannot sleep. */
export async function sleepOn(clock: Clock, ms: number): Promise<void> {
  const sleep = (clock as Partial<SleepingClock>).sleep;
  if (ms > 0 && sleep !== undefined) await sleep(ms);
}
