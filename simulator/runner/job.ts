// Executes one job: its steps in order, and the book kept of them.

import { ExpressionError } from '@actions/expressions';
import type { Clock } from '../base/contract.ts';
import { ActionError, type ActionTools, findAction } from './actions.ts';
import type { Conclusion, Job, Repositories, Run, Runs, Step } from './contract.ts';
import {
  baseVariables,
  githubContext,
  type JobPlace,
  jobToken,
  makePlace,
  runnerContext,
} from './environment.ts';
import {
  condition,
  interpolate,
  interpolateText,
  type Json,
  type Progress,
} from './expressions.ts';
import { type JobLog, jobLog } from './log.ts';
import { executeStep, type JobState, stepScope, stepVariables } from './step.ts';
import type { JobSpec, StepSpec, Workflow } from './workflow.ts';

/** What one job needs to run. */
export interface JobOrder {
  readonly clock: Clock;
  readonly runs: Runs;
  readonly repositories: Repositories;
  readonly tools: ActionTools;
  readonly run: Run;
  readonly job: Job;
  readonly workflow: Workflow;
  readonly spec: JobSpec;
  /** `inputs`, `needs`, `matrix`, `strategy` and `vars`. */
  readonly contexts: Readonly<Record<string, Json>>;
  /** The secrets of the job's environment; values are hidden in the log. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Set in every step, such as where package caches are. */
  readonly variables: Readonly<Record<string, string>>;
  /** A directory that the job may empty and fill. */
  readonly directory: string;
  /** Ends the running step; only cleaning steps follow. */
  readonly cancel: AbortSignal;
  /** Ends everything. */
  readonly abandon: AbortSignal;
}

/** How a job ended. */
export interface JobResult {
  readonly conclusion: Conclusion;
  readonly outputs: Record<string, string>;
}

const MINUTE_ms = 60_000;

/** Runs a job to its end. Never throws: what goes wrong is in the log and in the conclusion. */
export async function executeJob(order: JobOrder): Promise<JobResult> {
  const { clock, runs, job } = order;
  const log = jobLog(runs, clock, job.id);
  const book = new StepBook(order);
  Object.assign(job, { status: 'in_progress', started_ms: clock.now() });
  runs.putJob(job);
  const ended = new AbortController();
  const minutes = Number(order.spec.timeoutMinutes);
  const timer = setTimeout(() => {
    log.line(`##[error]The job has exceeded the maximum execution time of ${minutes} minutes.`);
    ended.abort();
  }, minutes * MINUTE_ms);
  const signals = [order.cancel, order.abandon, ended.signal];
  const execution = new Execution(order, log, book, AbortSignal.any(signals));
  try {
    return await execution.perform();
  } catch (error) {
    log.line(`##[error]${error instanceof Error ? error.message : String(error)}`);
    return { conclusion: 'failure', outputs: {} };
  } finally {
    clearTimeout(timer);
    log.flush();
  }
}

/** Keeps the steps of the job record. */
class StepBook {
  readonly #order: JobOrder;
  constructor(order: JobOrder) {
    this.#order = order;
  }

  begin(name: string): Step {
    const { job, runs, clock } = this.#order;
    const step: Step = {
      number: job.steps.length + 1,
      name,
      status: 'in_progress',
      conclusion: null,
      started_ms: clock.now(),
      completed_ms: null,
    };
    job.steps.push(step);
    runs.putJob(job);
    return step;
  }

  end(step: Step, conclusion: Conclusion): void {
    const { job, runs, clock } = this.#order;
    Object.assign(step, { status: 'completed', conclusion, completed_ms: clock.now() });
    runs.putJob(job);
  }
}

class Execution {
  readonly #order: JobOrder;
  readonly #log: JobLog;
  readonly #book: StepBook;
  readonly #cancelled: AbortSignal;
  #failed = false;

  constructor(order: JobOrder, log: JobLog, book: StepBook, cancelled: AbortSignal) {
    this.#order = order;
    this.#log = log;
    this.#book = book;
    this.#cancelled = cancelled;
  }

  async perform(): Promise<JobResult> {
    const setUp = this.#book.begin('Set up job');
    const state = this.#setUp();
    this.#book.end(setUp, state ? 'success' : 'failure');
    if (!state) return { conclusion: 'failure', outputs: {} };
    for (const [index, spec] of this.#order.spec.steps.entries()) {
      if (this.#order.abandon.aborted) break;
      await this.#step(state, spec, index);
    }
    this.#posts(state);
    this.#book.end(this.#book.begin('Complete job'), 'success');
    const progress = this.#progress();
    const conclusion = progress === 'skipped' ? 'failure' : progress;
    return { conclusion, outputs: this.#outputs(state) };
  }

  /** Cancelled outranks failed: a cancelled job is not also a failed one. */
  #progress(): Progress {
    if (this.#cancelled.aborted) return 'cancelled';
    return this.#failed ? 'failure' : 'success';
  }

  #setUp(): JobState | undefined {
    const { run, spec, workflow, secrets } = this.#order;
    const refused = spec.steps
      .map((step) => (step.uses === undefined ? undefined : findAction(step.uses)))
      .filter((found) => typeof found === 'string');
    for (const reason of refused) this.#log.line(`##[error]${reason}`);
    if (refused.length > 0) return undefined;
    const token = jobToken(run);
    for (const value of [...Object.values(secrets), token]) this.#log.mask(value);
    const place = makePlace(this.#order.directory, run);
    const contexts = {
      ...this.#order.contexts,
      github: githubContext(run, spec.id, place.workspace),
      secrets: { ...secrets, GITHUB_TOKEN: token, github_token: token },
    };
    const env: Record<string, string> = {};
    for (const [name, value] of [...Object.entries(workflow.env), ...Object.entries(spec.env)]) {
      env[name] = interpolateText(value, { contexts });
    }
    return this.#state(place, contexts, env);
  }

  #state(place: JobPlace, contexts: Record<string, Json>, env: Record<string, string>): JobState {
    const { run, spec, repositories, tools, variables } = this.#order;
    const all = { ...contexts, runner: runnerContext(place) };
    const base = { ...baseVariables(run, spec.id, place), ...variables };
    const shared = { run, spec, place, repositories, tools, log: this.#log };
    return {
      ...shared,
      contexts: all,
      env,
      base,
      status: 'success',
      path: [],
      steps: {},
      posts: [],
    };
  }

  async #step(state: JobState, spec: StepSpec, index: number): Promise<void> {
    const progress = this.#progress();
    state.status = progress;
    const step = this.#book.begin(this.#nameOf(state, spec));
    try {
      const { secrets: _, ...visible } = stepScope(state, stepVariables(state, spec)).contexts;
      const scope = { contexts: visible, progress, workspace: state.place.workspace };
      if (condition(spec.if, scope)) await this.#run(state, spec, index, step);
      else this.#finish(state, spec, step, 'skipped', 'skipped', {});
    } catch (error) {
      if (!(error instanceof ExpressionError) && !(error instanceof ActionError)) throw error;
      this.#log.line(`##[error]${error.message}`);
      this.#conclude(state, spec, step, 'failure', {});
    }
  }

  async #run(state: JobState, spec: StepSpec, index: number, step: Step): Promise<void> {
    const end = new AbortController();
    const stop = (): void => end.abort();
    // A step that begins after a cancellation is a cleaning step: only force ends it.
    const signals = this.#cancelled.aborted
      ? [this.#order.abandon]
      : [this.#cancelled, this.#order.abandon];
    for (const signal of signals) signal.addEventListener('abort', stop);
    const minutes = Number(interpolate(String(spec.timeoutMinutes ?? 360), stepScope(state, {})));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#log.line(`##[error]The action has timed out after ${minutes} minutes.`);
      end.abort();
    }, minutes * MINUTE_ms);
    try {
      const result = await executeStep(state, spec, index + 1, end.signal);
      const stopped = end.signal.aborted && !timedOut;
      if (stopped) this.#log.line('##[error]The operation was canceled.');
      const outcome = stopped ? 'cancelled' : result.ok ? 'success' : 'failure';
      this.#conclude(state, spec, step, outcome, result.outputs);
    } finally {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', stop);
    }
  }

  #conclude(
    state: JobState,
    spec: StepSpec,
    step: Step,
    outcome: Conclusion,
    outputs: Record<string, string>,
  ): void {
    const forgiving = interpolateText(spec.continueOnError, stepScope(state, state.env));
    const forgiven = outcome === 'failure' && forgiving === 'true';
    if (outcome === 'failure' && !forgiven) this.#failed = true;
    this.#finish(state, spec, step, outcome, forgiven ? 'success' : outcome, outputs);
  }

  #finish(
    state: JobState,
    spec: StepSpec,
    step: Step,
    outcome: Conclusion,
    conclusion: Conclusion,
    outputs: Record<string, string>,
  ): void {
    if (spec.id !== undefined) state.steps[spec.id] = { outcome, conclusion, outputs };
    this.#book.end(step, conclusion);
  }

  #posts(state: JobState): void {
    if (this.#progress() !== 'success') return;
    for (const post of state.posts) {
      const step = this.#book.begin(post.name);
      post.perform();
      this.#book.end(step, 'success');
    }
  }

  #outputs(state: JobState): Record<string, string> {
    const scope = stepScope(state, state.env);
    const outputs: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#order.spec.outputs)) {
      const text = interpolateText(value, scope);
      if (!this.#log.holdsSecret(text)) outputs[name] = text;
      else this.#log.line(`##[warning]Skip output '${name}' since it may contain secret.`);
    }
    return outputs;
  }

  #nameOf(state: JobState, spec: StepSpec): string {
    const fallback = spec.uses ?? spec.run?.trim().split('\n')[0] ?? '';
    if (spec.name === undefined) return `Run ${fallback}`;
    try {
      return interpolateText(spec.name, stepScope(state, state.env));
    } catch {
      return spec.name;
    }
  }
}
