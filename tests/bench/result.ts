// What a run found out, as data.
import type { Spread } from './measure.ts';

/** One line of the table: one input of one case on one host. */
export interface Row {
  /** Letter of the case, as `--only` takes it. */
  readonly group: string;
  readonly what: string;
  readonly sample: string;
  readonly host: string;
  readonly unit: 'us' | 'req/s' | 'ms' | 'bytes';
  /** By contender, or by what is counted. */
  readonly cells: Readonly<Record<string, Spread | number>>;
}

/** What belongs to the numbers. */
export interface Versions {
  readonly node: string;
  readonly workerd: string;
  readonly compiler: string;
  readonly machine: string;
}

/** Everything that one run found out. */
export interface Results {
  readonly versions: Versions;
  readonly quick: boolean;
  readonly rows: readonly Row[];
}
