// The runner without subprocesses: it makes the same calls as a real builder, in virtual time, for
// thousands of runs. After every call it writes down how far it is; a restart goes on from there
// and may repeat the last call.

import type { Clock, Fetch, Store } from '../base/contract.ts';
import { derivedSeed, seededRandom } from '../base/random.ts';
import type { Conclusion, Run, RunHost, Runner } from './contract.ts';
import { closeJob, type Progress, takeStep } from './modelled_steps.ts';
import type { Deployment } from './site.ts';
import type { Batch } from './slipway.ts';

/** How long the parts of a run take, in milliseconds. */
export interface Timings {
  /** From the dispatch until a runner takes it. */
  readonly queue_ms: number;
  /** From then until the claim. */
  readonly setup_ms: number;
  /** Of each deployment: from its config to its upload. */
  readonly build_ms: number;
  /** Of each deployment: from its upload to its report. */
  readonly deploy_ms: number;
}

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
  /** Times vary by up to a quarter around the timings, the same for the same seed. */
  readonly seed?: number;
  /** The reason why this deployment's build fails, or undefined. */
  readonly failures?: (deployment: Deployment) => string | undefined;
}

/** The runner; it moves only when it is told to. */
export interface ModelledRunner extends Runner {
  /** Performs everything that is due by the clock. A call during a call joins it. */
  advance(): Promise<void>;
  /** When something is due next, in milliseconds since the epoch; undefined: nothing is active. */
  nextDue_ms(): number | undefined;
}

const DEFAULTS: Timings = {
  queue_ms: 3_000,
  setup_ms: 20_000,
  build_ms: 15_000,
  deploy_ms: 5_000,
};

/** Makes the runner. */
export function modelledRunner(options: ModelledRunnerOptions): ModelledRunner {
  return new Modelled(options);
}

class Modelled implements ModelledRunner {
  readonly #options: ModelledRunnerOptions;
  readonly #timings: Timings;
  readonly #active = new Map<number, Progress>();
  #host: RunHost | undefined;
  #advancing: Promise<void> | undefined;

  constructor(options: ModelledRunnerOptions) {
    this.#options = options;
    this.#timings = { ...DEFAULTS, ...options.timings };
  }

  attach(host: RunHost): void {
    this.#host = host;
    for (const run of host.runs.all()) {
      if (run.status === 'completed') continue;
      const progress = this.#kept(run.id);
      if (progress) this.#active.set(run.id, progress);
      else this.start(run);
    }
  }

  start({ id }: Run): void {
    const due_ms = this.#options.clock.now() + this.#vary(`queue ${id}`, this.#timings.queue_ms);
    this.#keep({ runId: id, phase: 'queued', due_ms, next: 0, tries: 0, failed: 0, uploaded: 0 });
  }

  cancel(runId: number, force: boolean): void {
    const progress = this.#active.get(runId);
    if (!progress || !this.#host) return;
    if (force) this.#finish(this.#host, progress, 'cancelled');
    else this.#keep(this.#stopping(progress));
  }

  nextDue_ms(): number | undefined {
    const times = [...this.#active.values()].map((progress) => progress.due_ms);
    return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined;
  }

  advance(): Promise<void> {
    this.#advancing ??= this.#performDue().finally(() => {
      this.#advancing = undefined;
    });
    return this.#advancing;
  }

  async #performDue(): Promise<void> {
    for (;;) {
      const now = this.#options.clock.now();
      const due = [...this.#active.values()].filter((progress) => progress.due_ms <= now);
      if (due.length === 0 || !this.#host) return;
      due.sort((a, b) => a.due_ms - b.due_ms || a.runId - b.runId);
      for (const { runId } of due) await this.#perform(this.#host, runId);
    }
  }

  async #perform(host: RunHost, runId: number): Promise<void> {
    const progress = this.#active.get(runId);
    const run = host.runs.get(runId);
    if (!progress || !run) return;
    const vary = (name: string, time_ms: number): number => this.#vary(name, time_ms);
    const around = { ...this.#options, timings: this.#timings, vary, run, runs: host.runs };
    const after = await takeStep(around, progress);
    // The run may have been cancelled during the call.
    const latest = this.#active.get(runId);
    if (!latest) return;
    const cancelled = latest.phase === 'cancelling';
    if ('conclusion' in after) {
      const conclusion = cancelled ? 'cancelled' : after.conclusion;
      this.#finish(host, { ...progress, ...after.with }, conclusion);
    } else {
      const overtaken = cancelled && after.phase !== 'cancelling';
      this.#keep(overtaken ? this.#stopping(after) : after);
    }
  }

  #stopping(progress: Progress): Progress {
    return { ...progress, phase: 'cancelling', due_ms: this.#options.clock.now(), tries: 0 };
  }

  #finish(host: RunHost, progress: Progress, conclusion: Conclusion): void {
    const { clock, store } = this.#options;
    closeJob(host.runs, clock, progress, conclusion);
    host.runs.update(progress.runId, { status: 'completed', conclusion });
    this.#active.delete(progress.runId);
    store.delete(`modelled/progress/${progress.runId}`);
    store.delete(`modelled/batch/${progress.runId}`);
  }

  /** The batch is written once and apart: it is large and a run keeps its progress often. */
  #keep(progress: Progress): void {
    const { batch, ...small } = progress;
    const { runId } = progress;
    const { store } = this.#options;
    if (batch && !this.#active.get(runId)?.batch) store.put(`modelled/batch/${runId}`, batch);
    store.put(`modelled/progress/${runId}`, small);
    this.#active.set(runId, progress);
  }

  #kept(runId: number): Progress | undefined {
    const small = this.#options.store.get<Progress>(`modelled/progress/${runId}`);
    const batch = this.#options.store.get<Batch>(`modelled/batch/${runId}`);
    return small && (batch ? { ...small, batch } : small);
  }

  #vary(name: string, time_ms: number): number {
    if (this.#options.seed === undefined) return time_ms;
    const random = seededRandom(derivedSeed(this.#options.seed, name))();
    return Math.round(time_ms * (0.75 + random / 2));
  }
}
