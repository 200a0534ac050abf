// The steps of a modelled job: each makes one call, or one upload, and says what comes next.

import type { Clock, Fetch } from '../base/contract.ts';
import { TryAgain } from './calls.ts';
import type { Conclusion } from './contract.ts';
import {
  type Account,
  createDeployment,
  deploymentFailed,
  UploadError,
  uploadAssets,
} from './direct_upload.ts';
import { buildSite, type Config, type Deployment, type Site } from './site.ts';
import { type Batch, Refused, type Result, type Slipway, slipwayClient } from './slipway.ts';

/** How long the parts of a job take, in milliseconds. */
export interface Timings {
  /** From the dispatch until a runner takes it, where one is free. */
  readonly queue_ms: number;
  /** From then until the claim. */
  readonly setup_ms: number;
  /** Of each deployment: from its config to its upload. */
  readonly build_ms: number;
  /** Of each deployment: from its upload to its report. */
  readonly deploy_ms: number;
}

/** How far a job is. `next` counts the deployments of its shard that are done. */
export interface Progress {
  /** The job's id. */
  readonly id: number;
  /** The run that it belongs to. */
  readonly runId: number;
  readonly shard: number;
  /** A job that is `waiting` has been queued long enough and gets the next place. */
  readonly phase:
    | 'queued'
    | 'waiting'
    | 'claim'
    | 'config'
    | 'building'
    | 'turn'
    | 'upload'
    | 'deploy'
    | 'poll'
    | 'report'
    | 'cancelling';
  /** When the phase's call is made. */
  readonly due_ms: number;
  readonly next: number;
  /** Attempts of the present call that brought nothing. */
  readonly tries: number;
  readonly failed: number;
  readonly uploaded: number;
  readonly batch?: Batch;
  readonly config?: { readonly config: Config; readonly etag: string };
  /** What the phase `report` reports. */
  readonly result?: Result;
}

/** The end of a job. */
export interface Ended {
  readonly conclusion: Conclusion;
  /** What changed with the last step. */
  readonly with: Partial<Progress>;
}

/** What a job works with. */
export interface Surroundings {
  readonly clock: Clock;
  readonly slipway: Fetch;
  readonly cloudflare: Fetch;
  readonly cloudflareUrl: string;
  readonly timings: Timings;
  /** A time around the given one; the same name gets the same. */
  readonly vary: (name: string, time_ms: number) => number;
  readonly failures?: ((deployment: Deployment) => string | undefined) | undefined;
  /** Whether the job is lost between this deployment's upload and its making. */
  readonly dies: (deploymentIndex: number) => boolean;
  /** What stands in claims and reports. */
  readonly runId: string;
  /** What the job claims, without the run. */
  readonly selector: Readonly<Record<string, unknown>>;
  /** Whether the job serves every shard of its batch, one after the other. */
  readonly everyShard: boolean;
  readonly secrets: Secrets | undefined;
  /** The environment that the secrets belong to, for the log. */
  readonly environment: string;
  /** A token that opens the claim in place of the key; the claim's token opens the rest. */
  readonly idToken?: ((audience: string) => string) | undefined;
  /** Adds a line to the job's log. */
  note(text: string): void;
}

const SECRETS = ['NNO_INTERNAL_API_KEY', 'NNO_API_URL', 'CF_API_TOKEN', 'CF_ACCOUNT_ID'] as const;

/** The secrets of an environment. */
export type Secrets = Readonly<Record<(typeof SECRETS)[number], string>>;

// As patient as the builder's own client.
const MAX_TRIES = 8;
const LONGEST_WAIT_MS = 30_000;
const PAGE = 50;
/** wrangler looks after a deployment so often, and waits before each time twice as long. */
const MAX_POLLS = 5;
const FIRST_POLL_MS = 1_000;
/** Varied by a quarter it is at most the fifth that the protocol allows. */
const TURN_JITTER = 0.16;

/** The secrets in `found` where none is missing or empty. */
export function secretsOf(
  found: Readonly<Record<string, string>> | undefined,
): Secrets | undefined {
  const values = SECRETS.map((name) => [name, found?.[name] ?? ''] as const);
  return values.every(([, value]) => value) ? (Object.fromEntries(values) as Secrets) : undefined;
}

/** Performs the step that is due, from the claim on. */
export async function takeStep(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  try {
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

async function claim(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  if (!around.secrets) {
    around.note(`the environment ${around.environment} lacks secrets`);
    return { conclusion: 'failure', with: {} };
  }
  const { batch: held, shard } = now;
  const what = held === undefined ? around.selector : { batchId: held.batchId, shard };
  const asked = { ...what, runId: around.runId, runAttempt: 1 };
  const batch = await client(around, now).claim(asked);
  around.note(`claimed ${batch.batchId} with ${batch.deployments.length} deployments`);
  return nextDeployment(around, { ...now, batch, next: 0, tries: 0 });
}

/** One deployment: config, report building, turn, upload, deploy, a look at it, report. */
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
      return { ...now, phase: 'turn', due_ms: at('build_ms'), tries: 0 };
    case 'turn': {
      const reason = failures?.(deployment);
      if (reason !== undefined) return failNow(around, now, reason, 'planned failure');
      return await takeTurn(around, now);
    }
    case 'upload':
      await uploadAssets(account(around), deployment.projectName, site(now).files);
      return { ...now, phase: 'deploy', due_ms: at('deploy_ms'), tries: 0 };
    case 'deploy':
      return await deploy(around, now);
    case 'poll':
      return await poll(around, now);
    default:
      return await reportResult(around, now);
  }
}

/** Asks until the deployment may be made. An API that knows no turns lets everything through. */
async function takeTurn(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const { clock, runId, vary } = around;
  const { deploymentId } = current(now);
  const turn = await client(around, now).turn(now.batch?.batchId ?? '', runId, deploymentId);
  switch (turn.turn) {
    case 'wait': {
      const jitter_ms = vary(`turn ${deploymentId} ${clock.now()}`, turn.waitMs * TURN_JITTER);
      return { ...now, due_ms: clock.now() + turn.waitMs + Math.floor(jitter_ms), tries: 0 };
    }
    case 'dropped':
      around.note(`${deploymentId} dropped`);
      return skip(around, now);
    default:
      return { ...now, phase: 'upload', due_ms: clock.now(), tries: 0 };
  }
}

async function deploy(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const deployment = current(now);
  if (around.dies(now.next)) {
    around.note('##[error]The runner lost communication with the server.');
    return { conclusion: 'failure', with: {} };
  }
  const built = site(now);
  const made = await createDeployment(account(around), deployment, built.files);
  const result: Result = {
    deploymentId: deployment.deploymentId,
    outcome: 'uploaded',
    configEtag: now.config?.etag ?? '',
    pagesDeploymentId: made.id,
    url: made.url,
    manifestDigest: built.manifestDigest,
  };
  const due_ms = around.clock.now() + FIRST_POLL_MS;
  return { ...now, phase: 'poll', due_ms, result, tries: 0 };
}

/** A look that brings nothing is taken again; in the end the deployment counts as made. */
async function poll(around: Surroundings, now: Progress): Promise<Progress> {
  const { projectName } = current(now);
  const id = now.result?.pagesDeploymentId ?? '';
  const failed = await deploymentFailed(account(around), projectName, id);
  if (failed === true) return failNow(around, now, 'deploy_failed', 'Deployment failed!');
  const tries = now.tries + 1;
  const due_ms = around.clock.now();
  if (failed === false || tries >= MAX_POLLS) return { ...now, phase: 'report', due_ms, tries: 0 };
  return { ...now, due_ms: due_ms + FIRST_POLL_MS * 2 ** tries, tries };
}

async function reportResult(around: Surroundings, now: Progress): Promise<Progress | Ended> {
  const { result, config: _, ...rest } = now;
  if (!result) throw new Error(`job ${now.id} has nothing to report`);
  await report(around, now, [result]);
  around.note(`${result.deploymentId} ${result.outcome} ${result.reason ?? ''}`);
  const failed = now.failed + (result.outcome === 'failed' ? 1 : 0);
  const uploaded = now.uploaded + (result.outcome === 'uploaded' ? 1 : 0);
  return nextDeployment(around, { ...rest, next: now.next + 1, failed, uploaded, tries: 0 });
}

function skip(around: Surroundings, now: Progress): Progress | Ended {
  const { config: _, ...rest } = now;
  return nextDeployment(around, { ...rest, next: now.next + 1, tries: 0 });
}

function nextDeployment(around: Surroundings, now: Progress): Progress | Ended {
  const due_ms = around.clock.now();
  const { deployments = [], shards = 1 } = now.batch ?? {};
  if (now.next < deployments.length) return { ...now, phase: 'config', due_ms };
  if (around.everyShard && now.shard + 1 < shards) {
    return { ...now, phase: 'claim', shard: now.shard + 1, due_ms };
  }
  const conclusion = now.failed > 0 && now.uploaded === 0 ? 'failure' : 'success';
  return { conclusion, with: now };
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
  around.note(error.message);
  const tries = now.tries + 1;
  if (tries < MAX_TRIES) {
    const wait_ms = error.after_ms ?? Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** tries);
    return { ...now, tries, due_ms: around.clock.now() + wait_ms };
  }
  if (now.phase === 'cancelling') return { conclusion: 'cancelled', with: {} };
  if (now.phase === 'config') return failNow(around, now, 'config_unavailable', error.message);
  if (now.phase === 'turn' || now.phase === 'upload' || now.phase === 'deploy') {
    return failNow(around, now, 'deploy_failed', error.message);
  }
  return { conclusion: 'failure', with: {} };
}

function refused(around: Surroundings, now: Progress, error: Refused): Progress | Ended {
  around.note(error.message);
  if (now.phase === 'cancelling') return { conclusion: 'cancelled', with: {} };
  // Another run does this work, or there is none: nothing is left to do, and nothing went wrong.
  if (error.fenced || (around.everyShard && error.nothingToBuild)) {
    return { conclusion: 'success', with: {} };
  }
  if (now.phase === 'config') return failNow(around, now, 'config_unavailable', error.message);
  return { conclusion: 'failure', with: {} };
}

function report(around: Surroundings, now: Progress, results: Result[]): Promise<void> {
  return client(around, now).report(now.batch?.batchId ?? '', around.runId, results);
}

function client(around: Surroundings, now: Progress): Slipway {
  const { idToken } = around;
  const { NNO_API_URL: url = '', NNO_INTERNAL_API_KEY: key = '' } = around.secrets ?? {};
  // The key opens everything; GitHub's token opens the claim, and the claim's token the rest.
  const proof = (): string => (idToken === undefined ? key : (now.batch?.token ?? idToken(url)));
  return slipwayClient(around.slipway, url, proof);
}

function account({ cloudflare, cloudflareUrl, secrets }: Surroundings): Account {
  return {
    fetch: cloudflare,
    url: cloudflareUrl.replace(/\/+$/, ''),
    accountId: secrets?.CF_ACCOUNT_ID ?? '',
    token: secrets?.CF_API_TOKEN ?? '',
  };
}

function current(now: Progress): Deployment {
  const deployment = now.batch?.deployments[now.next];
  if (!deployment) throw new Error(`job ${now.id} has no deployment ${now.next}`);
  return deployment;
}

function site(now: Progress): Site {
  if (!now.config) throw new Error(`job ${now.id} has no config`);
  return buildSite(current(now), now.config.config);
}
