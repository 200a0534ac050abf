// The runner that really executes workflows: one subprocess a step, on this machine.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/contract.ts';
import type { Conclusion, Job, Run, RunHost, Runner } from './contract.ts';
import type { JobResult } from './job.ts';
import { markLost } from './lost.ts';
import { executeRun } from './run.ts';
import { slots } from './slots.ts';

/** What the runner is made of. */
export interface RealRunnerOptions {
  readonly clock: Clock;
  /** Holds the jobs' directories (emptied as jobs end) and the caches. */
  readonly directory: string;
  /** The secrets of each GitHub environment, by its name. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The `vars` context. */
  readonly vars?: Readonly<Record<string, string>>;
  /** A Node executable for `actions/setup-node`. */
  readonly nodeBin?: string;
  /** pnpm's script for `pnpm/action-setup`. */
  readonly pnpmBin?: string;
  /** A directory for the caches of npm and pnpm that all jobs share; each job's own otherwise. */
  readonly packageCache?: string;
  /** Variables of jobs that may ask GitHub for tokens: those with `id-token: write`. */
  readonly oidc?: (run: Run, environment: string) => Readonly<Record<string, string>>;
  /** Variables for every step. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Jobs that run at the same time. Default 2. */
  readonly concurrentJobs?: number;
  /** Leaves the directories of ended jobs as they are. */
  readonly keepDirectories?: boolean;
}

/** The runner, and its end. */
export interface RealRunner extends Runner {
  /**
   * Stops every subprocess and writes nothing more: the next `attach` finds the runs that were in
   * progress lost, as after a kill.
   */
  close(): Promise<void>;
  /** Resolves when no run is active. */
  idle(): Promise<void>;
}

/** Makes the runner. Jobs of all runs share `concurrentJobs` places. */
export function realRunner(options: RealRunnerOptions): RealRunner {
  const active = new Map<number, { cancel: AbortController; abandon: AbortController }>();
  const work = new Set<Promise<void>>();
  const takeSlot = slots(options.concurrentJobs ?? 2);
  let host: RunHost | undefined;
  let closed = false;

  const finishJob = (job: Job, result: JobResult): void => {
    if (closed || !host) return;
    const { conclusion } = result;
    Object.assign(job, { status: 'completed', conclusion, completed_ms: options.clock.now() });
    host.runs.putJob(job);
  };
  const perform = async (run: Run, attached: RunHost): Promise<void> => {
    const cancel = new AbortController();
    const abandon = new AbortController();
    active.set(run.id, { cancel, abandon });
    const directory = join(options.directory, 'jobs', String(run.id));
    const signals = { cancel: cancel.signal, abandon: abandon.signal };
    const conclusion: Conclusion = await executeRun({
      ...options,
      ...signals,
      run,
      host: attached,
      directory,
      takeSlot,
      finishJob,
    });
    active.delete(run.id);
    if (!options.keepDirectories) rmSync(directory, { recursive: true, force: true });
    if (!closed) attached.runs.update(run.id, { status: 'completed', conclusion });
  };
  const begin = (run: Run): void => {
    if (!host) throw new Error('the runner is not attached');
    const performing = perform(run, host).catch((error: unknown) => {
      console.error(error);
      host?.runs.update(run.id, { status: 'completed', conclusion: 'failure' });
    });
    work.add(performing);
    void performing.finally(() => work.delete(performing));
  };
  const idle = async (): Promise<void> => {
    while (work.size > 0) await Promise.all(work);
  };

  return {
    attach(given) {
      host = given;
      for (const run of given.runs.all()) {
        if (run.status === 'in_progress') markLost(given.runs, options.clock, run);
        if (run.status === 'queued') begin(run);
      }
    },
    start: begin,
    cancel(runId, force) {
      active.get(runId)?.cancel.abort();
      if (force) active.get(runId)?.abandon.abort();
    },
    idle,
    async close() {
      closed = true;
      for (const { cancel, abandon } of active.values()) {
        abandon.abort();
        cancel.abort();
      }
      await idle();
    },
  };
}
