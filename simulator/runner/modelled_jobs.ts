// The jobs of a modelled run as GitHub shows them.

import type { Clock } from '../base/contract.ts';
import type { Conclusion, Job, Run, Runs } from './contract.ts';
import type { Progress } from './modelled_steps.ts';

/** A matrix has no more jobs than these. */
const MAX_JOBS = 256;

/** The shards that the run is for; none where GitHub could not make a matrix of its input. */
export function shardsOf({ inputs }: Run): number[] {
  if (inputs.shards === undefined) return [0];
  try {
    const shards: unknown = JSON.parse(inputs.shards || '[0]');
    const whole = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
    const fits = Array.isArray(shards) && shards.length <= MAX_JOBS && shards.every(whole);
    return fits ? (shards as number[]) : [];
  } catch {
    return [];
  }
}

/** Shows the job, and with it the run, as begun. */
export function beginJob(runs: Runs, clock: Clock, { id, runId }: Progress): void {
  const job = runs.job(id);
  if (!job) throw new Error(`there is no job ${id}`);
  const began = { status: 'in_progress', started_ms: clock.now() } as const;
  if (runs.get(runId)?.status === 'queued') runs.update(runId, began);
  const step = { number: 1, name: 'Build and deploy', conclusion: null, completed_ms: null };
  runs.putJob(Object.assign(job, began, { steps: [{ ...step, ...began }] }));
}

/** Ends the job record; returns how long the job ran. */
export function closeJob(
  runs: Runs,
  clock: Clock,
  progress: Progress,
  conclusion: Conclusion,
): number {
  const job = runs.job(progress.id);
  if (!job) return 0;
  const began = job.status !== 'queued';
  const end = { status: 'completed', conclusion, completed_ms: clock.now() } as const;
  for (const step of job.steps) Object.assign(step, end);
  const { failed, uploaded } = progress;
  const stamp = new Date(clock.now()).toISOString();
  runs.appendLog(job.id, `${stamp} ${uploaded} uploaded, ${failed} failed: ${conclusion}\n`);
  runs.putJob(Object.assign(job, end));
  return began ? clock.now() - job.started_ms : 0;
}

/** A failed job fails its run; else one that was cancelled makes it cancelled. */
export function conclusionOf(jobs: readonly Job[]): Conclusion {
  const has = (conclusion: Conclusion): boolean =>
    jobs.some((job) => job.conclusion === conclusion);
  if (has('failure')) return 'failure';
  return has('cancelled') ? 'cancelled' : 'success';
}
