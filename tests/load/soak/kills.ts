// Kills the Worker's processes with SIGKILL, again and again, and waits each time until `npm start`
// has brought it back.
import { workerProcesses } from '../../e2e/processes.ts';
import type { Product } from '../../e2e/support.ts';
import { isWorkerd, residentBytes } from '../memory.ts';
import type { Options } from '../options.ts';
import { pause } from './client.ts';

/** What the kills were like. */
export interface Kills {
  /** Milliseconds from each kill to the first answer. */
  readonly down_ms: readonly number[];
  /** Processes that were killed: wrangler, workerd and what holds them. */
  readonly processes: number;
  /** The most memory that workerd held, in bytes. */
  readonly peak_bytes: number;
}

/** Kills that go on. */
export interface Killing {
  /** So far. */
  now(): Kills;
  readonly ended: Promise<Kills>;
}

const sample_every_ms = 500;
// So that a kill does not always meet the same moment of what comes every few seconds.
const spread = 0.2;

/** Kills until it is over; the last Worker lives. */
export function killAgainAndAgain(
  product: Product,
  { kill_every_s }: Options,
  random: () => number,
  over: () => boolean,
): Killing {
  const down_ms: number[] = [];
  let processes = 0;
  let peak_bytes = 0;
  const now = (): Kills => ({ down_ms, processes, peak_bytes });
  const sampling = setInterval(() => {
    const workerds = workerProcesses(product.place.state).filter(isWorkerd);
    peak_bytes = Math.max(peak_bytes, ...workerds.map(residentBytes));
  }, sample_every_ms);
  const killAll = async (): Promise<Kills> => {
    let next = Date.now() + kill_every_s * 1000;
    while (!over()) {
      const moment = next + (random() - 0.5) * spread * kill_every_s * 1000;
      while (Date.now() < moment && !over()) await pause(50);
      if (over()) break;
      const began = Date.now();
      processes += await product.killWorker();
      await product.workerAnswers();
      down_ms.push(Date.now() - began);
      next = Math.max(next + kill_every_s * 1000, Date.now() + 1_000);
    }
    clearInterval(sampling);
    return now();
  };
  return { now, ended: killAll() };
}
