// Where the log of a job is fetched from: the API answers with an address that needs no token and
// holds for a minute, as GitHub's does.

import { createHash } from 'node:crypto';
import type { Clock } from '../base/contract.ts';

/** The addresses of logs. */
export interface LogLinks {
  /** A new address of the job's log, from `/` on. */
  logOf(jobId: number): string;
  /** The job whose log this path is; undefined where it is none, or no longer one. */
  jobAt(path: string): number | undefined;
}

const minute_ms = 60_000;

/** Makes addresses that end by this clock. */
export function logLinks(clock: Clock): LogLinks {
  const mark = (text: string): string => createHash('sha256').update(`log ${text}`).digest('hex');
  return {
    logOf(jobId) {
      const text = `${jobId}/${clock.now() + minute_ms}`;
      return `/_logs/${text}/${mark(text)}`;
    },
    jobAt(path) {
      const [, text = '', job, end, given] = /^\/_logs\/((\d+)\/(\d+))\/(\w+)$/.exec(path) ?? [];
      return given === mark(text) && clock.now() < Number(end) ? Number(job) : undefined;
    },
  };
}
