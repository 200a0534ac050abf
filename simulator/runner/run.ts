// Executes one run: its jobs by their needs, each with its matrix.

import { join } from 'node:path';
import { ExpressionError } from '@actions/expressions';
import type { ActionTools } from './actions.ts';
import type { Conclusion, Job, Run, RunHost } from './contract.ts';
import { githubContext } from './environment.ts';
import {
  condition,
  interpolateDeep,
  interpolateText,
  type Json,
  type Progress,
  type Scope,
} from './expressions.ts';
import { inputsContext } from './inputs.ts';
import { executeJob, type JobResult } from './job.ts';
import { type Combination, combinations } from './matrix.ts';
import type { RealRunnerOptions } from './real.ts';
import { slots, type TakeSlot } from './slots.ts';
import { type JobSpec, readWorkflow, type Workflow, WorkflowError } from './workflow.ts';

/** What one run needs. */
export interface RunOrder extends RealRunnerOptions {
  readonly run: Run;
  readonly host: RunHost;
  readonly cancel: AbortSignal;
  readonly abandon: AbortSignal;
  /** For the jobs' directories. */
  readonly takeSlot: TakeSlot;
  finishJob(job: Job, result: JobResult): void;
}

/** How one job of the file ended, over all its combinations. */
interface Outcome {
  readonly result: Conclusion;
  readonly outputs: Record<string, string>;
  /** Whether it or a job before it failed: what `success()` of later jobs sees. */
  readonly failed: boolean;
}

const SKIPPED: JobResult = { conclusion: 'skipped', outputs: {} };
const FAILED: JobResult = { conclusion: 'failure', outputs: {} };

/** Runs to the end and returns the run's conclusion. The caller writes it down. */
export async function executeRun(order: RunOrder): Promise<Conclusion> {
  const { run, host } = order;
  const workflow = load(order);
  if (typeof workflow === 'string') {
    const job = host.runs.addJob(run.id, 'workflow', []);
    host.runs.appendLog(job.id, `##[error]${workflow}\n`);
    order.finishJob(job, FAILED);
    return 'failure';
  }
  const started = new Map<string, Promise<Outcome>>();
  const outcomeOf = (spec: JobSpec): Promise<Outcome> => {
    const known = started.get(spec.id);
    if (known) return known;
    const needed = workflow.jobs.filter((job) => spec.needs.includes(job.id));
    const outcome = Promise.all(needed.map(outcomeOf)).then((outcomes) =>
      performJob(order, workflow, spec, new Map(needed.map((job, i) => [job.id, outcomes[i]]))),
    );
    started.set(spec.id, outcome);
    return outcome;
  };
  const outcomes = await Promise.all(workflow.jobs.map(outcomeOf));
  const results = outcomes.map((outcome) => outcome.result);
  if (results.includes('failure')) return 'failure';
  if (order.cancel.aborted || results.includes('cancelled')) return 'cancelled';
  return results.includes('success') ? 'success' : 'skipped';
}

function load({ run, host }: RunOrder): Workflow | string {
  const commit = host.repositories.resolve(run.repository, run.sha);
  const file = commit?.files.find((each) => each.path === run.path);
  if (!file) return `The workflow file ${run.path} is missing at ${run.sha}`;
  try {
    return readWorkflow(Buffer.from(host.repositories.read(file.blob)).toString('utf8'));
  } catch (error) {
    if (error instanceof WorkflowError) return error.message;
    throw error;
  }
}

async function performJob(
  order: RunOrder,
  workflow: Workflow,
  spec: JobSpec,
  needs: ReadonlyMap<string, Outcome | undefined>,
): Promise<Outcome> {
  const before = [...needs.values()].flatMap((outcome) => outcome ?? []);
  const failedBefore = before.some((outcome) => outcome.failed);
  const contexts = jobContexts(order, workflow, spec, needs);
  const single = (result: JobResult): Outcome => {
    const job = order.host.runs.addJob(order.run.id, spec.name ?? spec.id, spec.labels);
    order.finishJob(job, result);
    const { conclusion } = result;
    return { result: conclusion, outputs: {}, failed: failedBefore || conclusion === 'failure' };
  };
  const unmet = before.some((outcome) => outcome.result !== 'success');
  const met: Progress = failedBefore ? 'failure' : unmet ? 'skipped' : 'success';
  const progress: Progress = order.cancel.aborted ? 'cancelled' : met;
  try {
    if (!condition(spec.if, { contexts, progress })) return single(SKIPPED);
    const all = combinations(interpolateDeep(spec.matrix, { contexts }));
    const results = await performMatrix(order, workflow, spec, contexts, all);
    const forgiving = String(spec.continueOnError) === 'true';
    const result = overall(results, forgiving);
    const outputs = Object.assign({}, ...results.map((each) => each.outputs));
    return { result, outputs, failed: failedBefore || result === 'failure' };
  } catch (error) {
    if (!(error instanceof ExpressionError) && !(error instanceof WorkflowError)) throw error;
    const job = order.host.runs.addJob(order.run.id, spec.id, spec.labels);
    order.host.runs.appendLog(job.id, `##[error]${error.message}\n`);
    order.finishJob(job, FAILED);
    return { result: 'failure', outputs: {}, failed: true };
  }
}

function jobContexts(
  order: RunOrder,
  workflow: Workflow,
  spec: JobSpec,
  needs: ReadonlyMap<string, Outcome | undefined>,
): Record<string, Json> {
  const needed = [...needs].map(([id, outcome]) => [
    id,
    { result: outcome?.result ?? 'skipped', outputs: outcome?.outputs ?? {} },
  ]);
  return {
    github: githubContext(order.run, spec.id, ''),
    inputs: inputsContext(workflow.inputs ?? [], order.run.inputs),
    needs: Object.fromEntries(needed) as Json,
    vars: { ...order.vars },
  };
}

async function performMatrix(
  order: RunOrder,
  workflow: Workflow,
  spec: JobSpec,
  contexts: Record<string, Json>,
  all: readonly Combination[],
): Promise<JobResult[]> {
  const failFast = String(interpolateDeep(spec.failFast, { contexts })) === 'true';
  const wanted = Number(interpolateDeep(spec.maxParallel, { contexts }));
  const maxParallel = wanted > 0 ? wanted : all.length;
  const takeOwn = slots(maxParallel);
  const broken = new AbortController();
  // A job that begins after the cancellation asked for it by its condition.
  const ends = order.cancel.aborted ? [broken.signal] : [order.cancel, broken.signal];
  const cancel = AbortSignal.any(ends);
  const planned = all.map((matrix, index) => {
    const strategy = {
      'fail-fast': failFast,
      'job-index': index,
      'job-total': all.length,
      'max-parallel': maxParallel,
    };
    const scope: Scope = { contexts: { ...contexts, matrix, strategy } };
    const name = jobName(spec, matrix, scope);
    const job = order.host.runs.addJob(order.run.id, name, labels(spec, scope));
    return { job, scope };
  });
  return Promise.all(
    planned.map(async ({ job, scope }) => {
      const releaseOwn = await takeOwn();
      const release = await order.takeSlot();
      const result = await performOne(order, workflow, spec, job, scope, cancel);
      release();
      releaseOwn();
      order.finishJob(job, result);
      if (result.conclusion === 'failure' && failFast && all.length > 1) broken.abort();
      return result;
    }),
  );
}

async function performOne(
  order: RunOrder,
  workflow: Workflow,
  spec: JobSpec,
  job: Job,
  scope: Scope,
  cancel: AbortSignal,
): Promise<JobResult> {
  const { run, host } = order;
  if (cancel.aborted) return { ...SKIPPED, conclusion: 'cancelled' };
  if (run.status === 'queued') {
    host.runs.update(run.id, { status: 'in_progress', started_ms: order.clock.now() });
  }
  const environment = spec.environment && interpolateText(spec.environment, scope);
  const secrets = environment ? (order.environments[environment] ?? {}) : {};
  const asked = mayAskForTokens(workflow, spec) ? { ...order.oidc?.(run, environment ?? '') } : {};
  return executeJob({
    clock: order.clock,
    runs: host.runs,
    repositories: host.repositories,
    tools: tools(order),
    run,
    job,
    workflow,
    spec,
    contexts: scope.contexts,
    secrets,
    variables: { ...packageCaches(order), ...order.variables, ...asked },
    directory: join(order.directory, String(job.id)),
    cancel,
    abandon: order.abandon,
  });
}

// A job's own permissions replace those of the workflow.
function mayAskForTokens({ permissions }: Workflow, spec: JobSpec): boolean {
  const held = spec.permissions ?? permissions;
  const level = typeof held === 'object' && held !== null ? Object.entries(held) : [];
  return (
    held === 'write-all' || level.some(([name, each]) => `${name} ${each}` === 'id-token write')
  );
}

function tools({ nodeBin, pnpmBin, packageCache, directory }: RunOrder): ActionTools {
  return {
    cacheDirectory: join(directory, '../../cache'),
    ...(nodeBin ? { nodeBin } : {}),
    ...(pnpmBin ? { pnpmBin } : {}),
    ...(packageCache ? { packageCache } : {}),
  };
}

function packageCaches({ packageCache }: RunOrder): Record<string, string> {
  if (!packageCache) return {};
  return {
    npm_config_cache: join(packageCache, 'npm'),
    npm_config_store_dir: join(packageCache, 'pnpm'),
  };
}

function jobName(spec: JobSpec, matrix: Combination, scope: Scope): string {
  if (spec.name !== undefined) return interpolateText(spec.name, scope);
  const values = Object.values(matrix).map((value) =>
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  );
  return values.length > 0 ? `${spec.id} (${values.join(', ')})` : spec.id;
}

function labels(spec: JobSpec, scope: Scope): string[] {
  return spec.labels.map((label) => interpolateText(label, scope));
}

function overall(results: readonly JobResult[], forgiving: boolean): Conclusion {
  const found = results.map((result) => result.conclusion);
  if (found.includes('failure')) return forgiving ? 'success' : 'failure';
  return found.includes('cancelled') ? 'cancelled' : 'success';
}
