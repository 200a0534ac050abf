// The steps of a modelled run: each makes one report or one upload and says what comes next.

import type { Clock } from '../base/contract.ts';
import { TryAgain } from './calls.ts';
import type { Conclusion, Run, Runs } from './contract.ts';
import { createDeployment, UploadError, uploadAssets } from './direct_upload.ts';
import type { ModelledRunnerOptions, Timings } from './modelled.ts';
import { buildSite, type Config, type Deployment, type Site } from './site.ts';
import { type Batch, Refused, type Result, type Slipway, slipwayClient } from './slipway.ts';

/** How far a run is. `next` counts the deployments that are done. */
export interface Progress {
  readonly runId: number;
  readonly phase:
    | 'queued'
    | 'claim'
    | 'config'
    | 'building'
    | 'upload'
    | 'deploy'
    | 'report'
    | 'cancelling';
  /** When the phase's call is made. */
  readonly due_ms: number;
  readonly next: number;
  /** Attempts of the present call that brought nothing. */
  readonly tries: number;
  readonly failed: number;
  readonly uploaded: number;
  readonly jobId?: number;
  readonly batch?: Batch;
  readonly config?: { readonly config: Config; readonly etag: string };
  /** What the phase `report` reports. */
  readonly result?: Result;
}

/** The end of a run. */
export interface Ended {
  readonly conclusion: Conclusion;
  /** What changed with the last step. */
  readonly with: Partial<Progress>;
}

/** What the steps work with. */
export interface Surroundings extends Omit<ModelledRunnerOptions, 'timings'> {
  readonly timings: Timings;
  readonly vary: (name: string, time_ms: number) => number;
  readonly run: Run;
  readonly runs: Runs;
}

const SECRETS = ['NNO_INTERNAL_API_KEY', 'NNO_API_URL', 'CF_API_TOKEN', 'CF_ACCOUNT_ID'] as const;
// As patient as the builder's own client.
const MAX_TRIES = 8;
const LONGEST_WAIT_MS = 30_000;
const PAGE = 50;

/** Performs the step that is due. */
export async function takeStep(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  try {
    if (now.phase === 'queued') return beginJob(around, now);
    if (now.phase === 'claim') return await claim(around, now);
    if (now.phase === 'cancelling') return await cancelRest(around, now);
    return await buildNext(around, now);
  } catch (error) {
    if (error instanceof TryAgain) return later(around, now, error);
    if (error instanceof Refused) return refused(around, now, error);
    if (error instanceof UploadError) return failNow(around, now, 'deploy_failed', error.message);
    throw error;
  }
}

/** Ends the job record of a run. */
export function closeJob(
  runs: Runs,
  clock: Clock,
  progress: Progress,
  conclusion: Conclusion,
): void {
  const job = progress.jobId === undefined ? undefined : runs.job(progress.jobId);
  if (!job) return;
  const end = { status: 'completed', conclusion, completed_ms: clock.now() } as const;
  for (const step of job.steps) Object.assign(step, end);
  const { failed, uploaded } = progress;
  const stamp = new Date(clock.now()).toISOString();
  runs.appendLog(job.id, `${stamp} ${uploaded} uploaded, ${failed} failed: ${conclusion}\n`);
  runs.putJob(Object.assign(job, end));
}

function beginJob(around: Surroundings, now: Progress): Progress {
  const { clock, runs, run, timings, vary } = around;
  runs.update(run.id, { status: 'in_progress', started_ms: clock.now() });
  const job = runs.jobsOf(run.id)[0] ?? runs.addJob(run.id, 'build', ['ubuntu-24.04']);
  const began = { status: 'in_progress', started_ms: clock.now() } as const;
  const step = { number: 1, name: 'Build and deploy', conclusion: null, completed_ms: null };
  runs.putJob(Object.assign(job, began, { steps: [{ ...step, ...began }] }));
  const due_ms = clock.now() + vary(`setup ${run.id}`, timings.setup_ms);
  return { ...now, phase: 'claim', due_ms, jobId: job.id };
}

async function claim(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const { run } = around;
  const found = secrets(around);
  if (!found) {
    note(around, now, `the environment ${environmentName(run)} lacks secrets`);
    return { conclusion: 'failure', with: {} };
  }
  const { dispatchKey, platformId, env } = run.inputs;
  const what = dispatchKey ? { dispatchKey } : { platformId, env };
  const batch = await client(around, now).claim({ ...what, runId: String(run.id), runAttempt: 1 });
  note(around, now, `claimed ${batch.batchId} with ${batch.deployments.length} deployments`);
  return nextDeployment(around, { ...now, batch, tries: 0 });
}

/** One deployment: config, report building, upload, deploy, report. */
async function buildNext(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const { clock, timings, vary, failures } = around;
  const deployment = current(now);
  const { deploymentId } = deployment;
  const at = (name: keyof Timings): number =>
    clock.now() + vary(`${name} ${deploymentId}`, timings[name]);
  switch (now.phase) {
    case 'config': {
      const config = await client(around, now).config(deployment);
      return { ...now, phase: 'building', due_ms: clock.now(), config, tries: 0 };
    }
    case 'building':
      await report(around, now, [{ deploymentId, outcome: 'building' }]);
      return { ...now, phase: 'upload', due_ms: at('build_ms'), tries: 0 };
    case 'upload': {
      const reason = failures?.(deployment);
      if (reason !== undefined) return failNow(around, now, reason, 'planned failure');
      await uploadAssets(account(around), deployment.projectName, site(now).files);
      return { ...now, phase: 'deploy', due_ms: at('deploy_ms'), tries: 0 };
    }
    case 'deploy': {
      const built = site(now);
      const made = await createDeployment(account(around), deployment, built.files);
      const result: Result = {
        deploymentId,
        outcome: 'uploaded',
        configEtag: now.config?.etag ?? '',
        pagesDeploymentId: made.id,
        url: made.url,
        manifestDigest: built.manifestDigest,
      };
      return { ...now, phase: 'report', due_ms: clock.now(), result, tries: 0 };
    }
    default:
      return reportResult(around, now);
  }
}

async function reportResult(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const { result, config: _, ...rest } = now;
  if (!result) throw new Error(`run ${now.runId} has nothing to report`);
  await report(around, now, [result]);
  note(around, now, `${result.deploymentId} ${result.outcome} ${result.reason ?? ''}`);
  const failed = now.failed + (result.outcome === 'failed' ? 1 : 0);
  const uploaded = now.uploaded + (result.outcome === 'uploaded' ? 1 : 0);
  return nextDeployment(around, { ...rest, next: now.next + 1, failed, uploaded, tries: 0 });
}

function nextDeployment(around: Surroundings, now: Progress): Progress | Ended {
  const count = now.batch?.deployments.length ?? 0;
  if (now.next < count) return { ...now, phase: 'config', due_ms: around.clock.now() };
  return { conclusion: count > 0 && now.failed === count ? 'failure' : 'success', with: now };
}

async function cancelRest(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const rest = now.batch?.deployments.slice(now.next) ?? [];
  const page = rest.slice(0, PAGE);
  if (page.length === 0) return { conclusion: 'cancelled', with: {} };
  const results = page.map(
    ({ deploymentId }): Result => ({ deploymentId, outcome: 'failed', reason: 'cancelled' }),
  );
  await report(around, now, results);
  const failed = now.failed + page.length;
  return { ...now, next: now.next + page.length, failed, tries: 0, due_ms: around.clock.now() };
}

/** The present deployment ends as failed; its report comes next. */
function failNow(around: Surroundings, now: Progress, reason: string, text: string): Progress {
  const { deploymentId } = current(now);
  const result: Result = { deploymentId, outcome: 'failed', reason, logTail: text };
  return { ...now, phase: 'report', due_ms: around.clock.now(), result, tries: 0 };
}

function later(around: Surroundings, now: Progress, error: TryAgain): Progress | Ended {
  note(around, now, error.message);
  const tries = now.tries + 1;
  if (tries < MAX_TRIES) {
    const wait_ms = error.after_ms ?? Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** tries);
    return { ...now, tries, due_ms: around.clock.now() + wait_ms };
  }
  if (now.phase === 'cancelling') return { conclusion: 'cancelled', with: {} };
  if (now.phase === 'config') return failNow(around, now, 'config_unavailable', error.message);
  if (now.phase === 'upload' || now.phase === 'deploy') {
    return failNow(around, now, 'deploy_failed', error.message);
  }
  return { conclusion: 'failure', with: {} };
}

function refused(around: Surroundings, now: Progress, error: Refused): Progress | Ended {
  note(around, now, error.message);
  if (now.phase === 'cancelling') return { conclusion: 'cancelled', with: {} };
  // Another run does this work: nothing is left to do, and nothing went wrong.
  if (error.fenced) return { conclusion: 'success', with: {} };
  if (now.phase === 'config') return failNow(around, now, 'config_unavailable', error.message);
  return { conclusion: 'failure', with: {} };
}

function report(around: Surroundings, now: Progress, results: Result[]): Promise<void> {
  return client(around, now).report(now.batch?.batchId ?? '', String(around.run.id), results);
}

function client(around: Surroundings, now: Progress): Slipway {
  const { run, idToken } = around;
  const { NNO_API_URL: url = '', NNO_INTERNAL_API_KEY: key = '' } = secrets(around) ?? {};
  // The key opens everything; GitHub's token opens the claim, and the claim's token the rest.
  const proof = (): string =>
    idToken === undefined ? key : (now.batch?.token ?? idToken(run, environmentName(run), url));
  return slipwayClient(around.slipway, url, proof);
}

function account(around: Surroundings): Parameters<typeof uploadAssets>[0] {
  const found = secrets(around);
  return {
    fetch: around.cloudflare,
    url: around.cloudflareUrl.replace(/\/+$/, ''),
    accountId: found?.CF_ACCOUNT_ID ?? '',
    token: found?.CF_API_TOKEN ?? '',
  };
}

function environmentName({ inputs }: Run): string {
  return `${inputs.account || 'main'}-${inputs.env ?? ''}`;
}

function secrets(
  around: Surroundings,
): Readonly<Record<(typeof SECRETS)[number], string>> | undefined {
  const found = around.environments[environmentName(around.run)] ?? {};
  if (!SECRETS.every((name) => found[name])) return undefined;
  return Object.fromEntries(SECRETS.map((name) => [name, found[name] ?? ''])) as Readonly<
    Record<(typeof SECRETS)[number], string>
  >;
}

function current(now: Progress): Deployment {
  const deployment = now.batch?.deployments[now.next];
  if (!deployment) throw new Error(`run ${now.runId} has no deployment ${now.next}`);
  return deployment;
}

function site(now: Progress): Site {
  if (!now.config) throw new Error(`run ${now.runId} has no config`);
  return buildSite(current(now), now.config.config);
}

function note({ runs, clock }: Surroundings, now: Progress, text: string): void {
  if (now.jobId === undefined) return;
  runs.appendLog(now.jobId, `${new Date(clock.now()).toISOString()} ${text.trimEnd()}\n`);
}
