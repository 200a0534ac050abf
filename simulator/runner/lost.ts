// What becomes of a run whose runner is gone.

import type { Clock } from '../base/contract.ts';
import type { Run, Runs } from './contract.ts';

const MESSAGE = 'The runner lost communication with the server.';

/** Ends a run that was in progress when its runner's process ended: failed, as GitHub does it. */
export function markLost(runs: Runs, clock: Clock, run: Run): void {
  for (const job of runs.jobsOf(run.id)) {
    if (job.status === 'completed') continue;
    const now = clock.now();
    const conclusion = job.status === 'queued' ? 'cancelled' : 'failure';
    for (const step of job.steps) {
      if (step.status === 'completed') continue;
      Object.assign(step, { status: 'completed', conclusion: 'cancelled', completed_ms: now });
    }
    runs.appendLog(job.id, `${new Date(now).toISOString()} ##[error]${MESSAGE}\n`);
    Object.assign(job, { status: 'completed', conclusion, completed_ms: now });
    runs.putJob(job);
  }
  runs.update(run.id, { status: 'completed', conclusion: 'failure' });
}
