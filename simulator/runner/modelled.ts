// The runner without subprocesses: it makes the same calls as real builders, in virtual time, for
// thousands of deployments. A run has a job for each shard; jobs of all runs share the places.
// After every call a job writes down how far it is; a restart goes on from there and may repeat
// the last call.

import type { Clock, Fetch, Store } from '../base/contract.ts';
import { derivedSeed, seededRandom } from '../base/random.ts';
import type { Conclusion, Job, Run, RunHost, Runner } from './contract.ts';
import { Agenda } from './modelled_agenda.ts';
import { type Cost, type CostBook, costBook } from './modelled_cost.ts';
import { beginJob, closeJob, conclusionOf, shardsOf } from './modelled_jobs.ts';
import {
  type Progress,
  type Surroundings,
  secretsOf,
  type Timings,
  takeStep,
} from './modelled_steps.ts';
import type { Deployment } from './site.ts';

export type { Cost } from './modelled_cost.ts';
export type { Timings } from './modelled_steps.ts';

/** What the runner is made of. */
export interface ModelledRunnerOptions {
  readonly clock: Clock;
  readonly store: Store;
  /** Serves the addresses below the secret NNO_API_URL. */
  readonly slipway: Fetch;
  /** Serves the addresses below `cloudflareUrl`. */
  readonly cloudflare: Fetch;
  /** With the prefix `/client/v4`. */
  readonly cloudflareUrl: string;
  /** The secrets of each GitHub environment (`<account>-<env>`), by its name. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A token of GitHub for a job of the run; the secret NNO_INTERNAL_API_KEY is not used then. */
  readonly idToken?: (run: Run, environment: string, audience: string) => string;
  readonly timings?: Partial<Timings>;
  /** Jobs of all runs that run at the same time: 20, as on GitHub's Free plan. */
  readonly slots?: number;
  /** Times vary by up to a quarter around the timings, the same for the same seed. */
  readonly seed?: number;
  /** The reason why this deployment's build fails, or undefined. */
  readonly failures?: (deployment: Deployment) => string | undefined;
  /**
   * Whether the job is lost at this deployment of its shard (counted from 0), after its upload and
   * before it is made: the job fails, and nothing more is reported.
   */
  readonly dies?: (run: Run, shard: number, deploymentIndex: number) => boolean;
  /** Whether the run stays queued for good; it cannot be cancelled either. */
  readonly neverStarts?: (run: Run) => boolean;
}

/** The runner; it moves only when it is told to. */
export interface ModelledRunner extends Runner {
  /** Performs everything that is due by the clock. A call during a call joins it. */
  advance(): Promise<void>;
  /** When something is due next, in milliseconds since the epoch; undefined: nothing is active. */
  nextDue_ms(): number | undefined;
  /** What the jobs that have ended cost so far. */
  cost(): Cost;
}

/** What the parts of a job take where nothing else is said. */
export const DEFAULT_TIMINGS: Timings = {
  queue_ms: 3_000,
  setup_ms: 20_000,
  build_ms: 15_000,
  deploy_ms: 5_000,
};
const FREE_PLAN_SLOTS = 20;

/** Makes the runner. */
export function modelledRunner(options: ModelledRunnerOptions): ModelledRunner {
  return new Modelled(options);
}

/** Times around the given ones, by the seed; exactly the given ones without a seed. */
export function varied(seed: number | undefined): Surroundings['vary'] {
  return (name, time_ms) => {
    if (seed === undefined) return time_ms;
    const random = seededRandom(derivedSeed(seed, name))();
    return Math.round(time_ms * (0.75 + random / 2));
  };
}

class Modelled implements ModelledRunner {
  readonly #options: ModelledRunnerOptions;
  readonly #timings: Timings;
  readonly #vary: Surroundings['vary'];
  readonly #agenda: Agenda;
  readonly #cost: CostBook;
  /** The active jobs of each active run. */
  readonly #jobs = new Map<number, Set<number>>();
  /** Jobs that have a place. */
  readonly #busy = new Set<number>();
  /** Jobs that want one, in order; a set keeps the order and forgets cheaply. */
  readonly #waiting = new Set<number>();
  #host: RunHost | undefined;
  #advancing: Promise<void> | undefined;

  constructor(options: ModelledRunnerOptions) {
    this.#options = options;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.#vary = varied(options.seed);
    this.#agenda = new Agenda(options.store, 'modelled');
    this.#cost = costBook(options.store, 'modelled/cost');
  }

  attach(host: RunHost): void {
    this.#host = host;
    const waiting: Progress[] = [];
    for (const run of host.runs.all()) {
      if (run.status === 'completed') continue;
      for (const id of run.jobs) {
        const progress = this.#agenda.restore(id);
        if (progress === undefined) continue;
        this.#jobsOf(run.id).add(id);
        if (progress.phase === 'waiting') waiting.push(progress);
        else if (progress.phase !== 'queued') this.#busy.add(id);
      }
      this.start(run);
    }
    waiting.sort((a, b) => a.due_ms - b.due_ms || a.id - b.id);
    for (const { id } of waiting) this.#waiting.add(id);
    this.#fillSlots(host);
  }

  /** Makes the jobs of the run that it does not have yet. */
  start(run: Run): void {
    const host = this.#host;
    if (!host) throw new Error('the runner is not attached');
    const { clock, neverStarts } = this.#options;
    const shards = shardsOf(run);
    if (shards.length === 0) {
      host.runs.update(run.id, { status: 'completed', conclusion: 'failure' });
      return;
    }
    const sleeps = neverStarts?.(run) === true;
    const known = host.runs.jobsOf(run.id);
    for (const [index, shard] of shards.entries()) {
      const name = run.inputs.shards === undefined ? 'build' : `build (${shard})`;
      const job = known[index] ?? host.runs.addJob(run.id, name, ['ubuntu-24.04']);
      if (sleeps || job.status === 'completed' || this.#agenda.get(job.id)) continue;
      const queue_ms = this.#vary(`queue ${job.id}`, this.#timings.queue_ms);
      const due_ms = clock.now() + queue_ms;
      const none = { next: 0, tries: 0, failed: 0, uploaded: 0 };
      this.#jobsOf(run.id).add(job.id);
      this.#agenda.keep({ id: job.id, runId: run.id, shard, phase: 'queued', due_ms, ...none });
    }
    if (!sleeps && this.#jobsOf(run.id).size === 0) this.#conclude(host, run.id);
  }

  cancel(runId: number, force: boolean): void {
    const host = this.#host;
    if (!host) return;
    for (const id of [...(this.#jobs.get(runId) ?? [])]) {
      const progress = this.#agenda.get(id);
      if (!progress) continue;
      if (force || !this.#busy.has(id)) this.#finish(host, progress, 'cancelled');
      else this.#agenda.keep(this.#stopping(progress));
    }
    this.#fillSlots(host);
  }

  nextDue_ms(): number | undefined {
    return this.#agenda.nextDue_ms();
  }

  cost(): Cost {
    return this.#cost.total();
  }

  advance(): Promise<void> {
    this.#advancing ??= this.#performDue().finally(() => {
      this.#advancing = undefined;
    });
    return this.#advancing;
  }

  async #performDue(): Promise<void> {
    const host = this.#host;
    if (!host) return;
    for (;;) {
      const due = this.#agenda.due(this.#options.clock.now());
      if (due === undefined) return;
      if (due.phase === 'queued') this.#takeSlot(host, due);
      else await this.#perform(host, due);
    }
  }

  #takeSlot(host: RunHost, progress: Progress): void {
    this.#agenda.keep({ ...progress, phase: 'waiting' });
    this.#waiting.add(progress.id);
    this.#fillSlots(host);
  }

  #fillSlots(host: RunHost): void {
    const { clock, slots = FREE_PLAN_SLOTS } = this.#options;
    for (const id of this.#waiting) {
      if (this.#busy.size >= slots) return;
      this.#waiting.delete(id);
      const progress = this.#agenda.get(id);
      if (progress?.phase !== 'waiting') continue;
      this.#busy.add(id);
      beginJob(host.runs, clock, progress);
      const due_ms = clock.now() + this.#vary(`setup ${id}`, this.#timings.setup_ms);
      this.#agenda.keep({ ...progress, phase: 'claim', due_ms });
    }
  }

  async #perform(host: RunHost, progress: Progress): Promise<void> {
    const run = host.runs.get(progress.runId);
    if (!run) throw new Error(`job ${progress.id} belongs to no run`);
    const after = await takeStep(this.#around(host, run, progress), progress);
    // The run may have been cancelled during the call.
    const latest = this.#agenda.get(progress.id);
    if (!latest) return;
    const cancelled = latest.phase === 'cancelling';
    if ('conclusion' in after) {
      const conclusion = cancelled ? 'cancelled' : after.conclusion;
      this.#finish(host, { ...progress, ...after.with }, conclusion);
      this.#fillSlots(host);
    } else {
      const overtaken = cancelled && after.phase !== 'cancelling';
      this.#agenda.keep(overtaken ? this.#stopping(after) : after);
    }
  }

  #around(host: RunHost, run: Run, { id, shard }: Progress): Surroundings {
    const { environments, idToken, dies, ...options } = this.#options;
    const { clock } = options;
    const { dispatchKey, platformId, env, account, shards } = run.inputs;
    const environment = `${account || 'main'}-${env ?? ''}`;
    const what = dispatchKey ? { dispatchKey } : { platformId, env };
    return {
      ...options,
      timings: this.#timings,
      vary: this.#vary,
      runId: String(run.id),
      // A workflow without the input is one from before shards.
      selector: shards === undefined ? what : { ...what, shard },
      everyShard: false,
      environment,
      secrets: secretsOf(environments[environment]),
      idToken: idToken && ((audience) => idToken(run, environment, audience)),
      dies: (index) => dies?.(run, shard, index) === true,
      note(text) {
        host.runs.appendLog(id, `${new Date(clock.now()).toISOString()} ${text.trimEnd()}\n`);
      },
    };
  }

  #stopping(progress: Progress): Progress {
    return { ...progress, phase: 'cancelling', due_ms: this.#options.clock.now(), tries: 0 };
  }

  #finish(host: RunHost, progress: Progress, conclusion: Conclusion): void {
    const { id, runId } = progress;
    const busy_ms = closeJob(host.runs, this.#options.clock, progress, conclusion);
    if (this.#busy.delete(id)) this.#cost.add(busy_ms);
    this.#waiting.delete(id);
    this.#agenda.drop(id);
    const rest = this.#jobsOf(runId);
    rest.delete(id);
    if (rest.size === 0) this.#conclude(host, runId);
  }

  #conclude(host: RunHost, runId: number): void {
    this.#jobs.delete(runId);
    const jobs: Job[] = host.runs.jobsOf(runId);
    host.runs.update(runId, { status: 'completed', conclusion: conclusionOf(jobs) });
  }

  #jobsOf(runId: number): Set<number> {
    const known = this.#jobs.get(runId);
    if (known) return known;
    const fresh = new Set<number>();
    this.#jobs.set(runId, fresh);
    return fresh;
  }
}
