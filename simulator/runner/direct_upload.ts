// Direct Upload to Cloudflare Pages with the calls of wrangler 4.164, in their order. Six of them
// spend the user's budget: the project twice, the upload token twice, the deployment and one look
// at it. Those to /pages/assets carry the upload token and spend nothing.

import { extname } from 'node:path';
import { blake3 } from '@noble/hashes/blake3.js';
import type { Fetch } from '../base/contract.ts';
import { call, fields, type Reply, TryAgain } from './calls.ts';
import type { Deployment, SiteFile } from './site.ts';

/** The account's API. */
export interface Account {
  readonly fetch: Fetch;
  /** With the prefix `/client/v4`, without a slash at the end. */
  readonly url: string;
  readonly accountId: string;
  readonly token: string;
}

/** Cloudflare refused a call. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
}

/** Wrangler makes only a deployment anew that failed with this code. */
const UNKNOWN_ERROR = 8_000_000;

/** The key of an asset: the first 32 hex digits of blake3(base64(content) + extension). */
export function assetKey(file: SiteFile): string {
  const text = Buffer.from(file.bytes).toString('base64') + extname(file.path).slice(1);
  return Buffer.from(blake3(new TextEncoder().encode(text)))
    .toString('hex')
    .slice(0, 32);
}

/** Uploads what is missing. May be repeated. Throws UploadError and TryAgain. */
export async function uploadAssets(
  account: Account,
  project: string,
  files: readonly SiteFile[],
): Promise<void> {
  const path = projectPath(account, project);
  for (let i = 0; i < 2; i += 1) await result(account, 'GET', path, account.token);
  const token = (): Promise<unknown> =>
    result(account, 'GET', `${path}/upload-token`, account.token);
  await token();
  // The second token is the one that is used: hashing may have taken longer than the first lives.
  const jwt = String(fields(await token()).jwt ?? '');
  const hashes = files.map(assetKey);
  const missing = await result(account, 'POST', '/pages/assets/check-missing', jwt, { hashes });
  const wanted = new Set(Array.isArray(missing) ? (missing as unknown[]) : []);
  const keyed = files.map((file, i) => ({ file, key: hashes[i] ?? '' }));
  const payload = keyed
    .filter(({ key }) => wanted.has(key))
    .map(({ file, key }) => ({
      key,
      value: Buffer.from(file.bytes).toString('base64'),
      metadata: { contentType: file.contentType },
      base64: true,
    }));
  if (payload.length > 0) {
    await result(account, 'POST', '/pages/assets/upload', jwt, payload);
  }
  await result(account, 'POST', '/pages/assets/upsert-hashes', jwt, { hashes });
}

/** Creates the Pages deployment. Throws UploadError; TryAgain only where wrangler tries again. */
export async function createDeployment(
  account: Account,
  deployment: Deployment,
  files: readonly SiteFile[],
): Promise<{ id: string; url: string }> {
  const manifest = Object.fromEntries(files.map((file) => [file.path, assetKey(file)]));
  const form = new FormData();
  form.set('manifest', JSON.stringify(manifest));
  form.set('branch', deployment.branch);
  form.set('commit_message', `Deploy ${deployment.deploymentId}`);
  if (deployment.shellSha !== '') form.set('commit_hash', deployment.shellSha);
  form.set('commit_dirty', 'false');
  const project = projectPath(account, deployment.projectName);
  try {
    const made = fields(
      await result(account, 'POST', `${project}/deployments`, account.token, form),
    );
    return { id: String(made.id ?? ''), url: String(made.url ?? '') };
  } catch (error) {
    const again = error instanceof TryAgain && error.message.includes(String(UNKNOWN_ERROR));
    throw error instanceof TryAgain && !again ? new UploadError(error.message) : error;
  }
}

/**
 * Looks at a deployment: true where it has failed, false where it is being deployed or done, and
 * undefined where that cannot be said yet, or the call brought nothing.
 */
export async function deploymentFailed(
  account: Account,
  project: string,
  id: string,
): Promise<boolean | undefined> {
  const path = `${projectPath(account, project)}/deployments/${id}`;
  try {
    const seen = fields(await result(account, 'GET', path, account.token));
    const { name, status } = fields(seen.latest_stage);
    if (name === 'deploy' && status === 'failure') {
      await result(account, 'GET', `${path}/history/logs?size=10000000`, account.token);
      return true;
    }
    return name === 'deploy' || status === 'success' || status === 'failure' ? false : undefined;
  } catch (error) {
    if (error instanceof TryAgain || error instanceof UploadError) return undefined;
    throw error;
  }
}

function projectPath(account: Account, project: string): string {
  return `/accounts/${account.accountId}/pages/projects/${project}`;
}

async function result(
  account: Account,
  method: string,
  path: string,
  token: string,
  body?: unknown,
): Promise<unknown> {
  const headers = new Headers({ authorization: `Bearer ${token}`, 'user-agent': 'wrangler' });
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers.set('content-type', 'application/json');
  const payload = form ? body : JSON.stringify(body);
  const init = body === undefined ? {} : { body: payload };
  const request = new Request(account.url + path, { method, headers, ...init });
  const reply: Reply = await call(account.fetch, request);
  const envelope = fields(reply.body);
  if (reply.status === 200 && envelope.success === true) return envelope.result;
  const text = JSON.stringify(envelope.errors ?? reply.status);
  if (text.includes(String(UNKNOWN_ERROR))) throw new TryAgain(`${method} ${path}: ${text}`);
  throw new UploadError(`${method} ${path}: ${text}`);
}
