// What the jobs of the modelled runner would cost at GitHub.

import type { Store } from '../base/contract.ts';

/** The jobs that have ended, and what GitHub bills for them. */
export interface Cost {
  readonly jobs: number;
  /** Every job is rounded up to whole minutes. */
  readonly billed_minutes: number;
  readonly dollars: number;
  /** The same time as it was, without rounding. */
  readonly busy_minutes: number;
}

/** Adds up jobs. Kept in the store. */
export interface CostBook {
  /** Counts a job that took `busy_ms` on its runner. */
  add(busy_ms: number): void;
  total(): Cost;
}

/**
 * A minute of a standard Linux runner with 2 cores in a private repository, since 2026-01-01:
 * docs.github.com, "Actions runner pricing" (content/billing/reference/actions-runner-pricing.md).
 */
const DOLLARS_A_MINUTE = 0.006;
const MINUTE_ms = 60_000;

/** The sums kept under `key`. */
export function costBook(store: Store, key: string): CostBook {
  type Sums = { jobs: number; billed_minutes: number; busy_ms: number };
  const sums = store.get<Sums>(key) ?? { jobs: 0, billed_minutes: 0, busy_ms: 0 };
  return {
    add(busy_ms) {
      sums.jobs += 1;
      sums.billed_minutes += Math.max(1, Math.ceil(busy_ms / MINUTE_ms));
      sums.busy_ms += busy_ms;
      store.put(key, sums);
    },
    total() {
      const { jobs, billed_minutes, busy_ms } = sums;
      // Whole tenths of a cent, so that sums read well.
      const dollars = Math.round(billed_minutes * DOLLARS_A_MINUTE * 1_000) / 1_000;
      return { jobs, billed_minutes, dollars, busy_minutes: busy_ms / MINUTE_ms };
    },
  };
}
