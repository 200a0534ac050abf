// What the contract tests of the simulated Cloudflare share: a world with virtual time, a caller
// that reads envelopes, and the upload protocol in its simplest form.

import { type VirtualClock, virtualClock } from '../../../simulator/base/clock.ts';
import type { Store } from '../../../simulator/base/contract.ts';
import { type PlannedFaults, plannedFaults } from '../../../simulator/base/faults.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { assetHash } from '../../../simulator/cloudflare/assets.ts';
import {
  type Cloudflare,
  type CloudflareOptions,
  createCloudflare,
} from '../../../simulator/cloudflare/index.ts';

/** The account of most tests. */
export const ACCOUNT = '0123456789abcdef0123456789abcdef';
/** The API token of that account. */
export const TOKEN = 'token-of-the-tests';

/** A simulated Cloudflare in virtual time, unless the options bring another clock. */
export interface TestWorld {
  clock: VirtualClock;
  store: Store;
  faults: PlannedFaults;
  cloudflare: Cloudflare;
}

/** An answer of the API, parsed. `code` and `pointer` are those of its first error. */
export interface Answer {
  status: number;
  headers: Headers;
  result: Result;
  resultInfo: Result;
  code: number | undefined;
  message: string | undefined;
  pointer: string | undefined;
}

/** JSON from the API, which the assertions of a test take apart. */
export type Result = Record<string, unknown>;

/** A fresh world with one account, or a world that continues from `options.store`. */
export function createTestWorld(options: Partial<CloudflareOptions> = {}): TestWorld {
  const clock = virtualClock();
  const store = options.store ?? memoryStore();
  const faults = plannedFaults(1);
  const accounts = [{ id: ACCOUNT, tokens: [TOKEN] }];
  const cloudflare = createCloudflare({ clock, store, faults, accounts, ...options });
  return { clock, store, faults, cloudflare };
}

/** Calls the API; a body that is not a form is sent as JSON. */
export async function call(
  { cloudflare }: TestWorld,
  method: string,
  path: string,
  body?: unknown,
  token: string = TOKEN,
): Promise<Answer> {
  const form = body instanceof FormData;
  const response = await cloudflare.fetch(
    new Request(`http://127.0.0.1/client/v4${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    }),
  );
  const envelope = (await response.json()) as {
    errors: { code: number; message: string; source?: { pointer: string } }[];
    result: Result;
    result_info: Result;
  };
  const error = envelope.errors[0];
  return {
    status: response.status,
    headers: response.headers,
    result: envelope.result,
    resultInfo: envelope.result_info,
    code: error?.code,
    message: error?.message,
    pointer: error?.source?.pointer,
  };
}

/** The path of the test account's projects, or of something below one. */
export function projectPath(...parts: string[]): string {
  return ['', 'accounts', ACCOUNT, 'pages', 'projects', ...parts].join('/');
}

/** Creates a Direct Upload project. */
export async function createProject(world: TestWorld, name: string): Promise<Answer> {
  return call(world, 'POST', projectPath(), { name, production_branch: 'main' });
}

/** A fresh upload token for the project. */
export async function uploadToken(world: TestWorld, name: string): Promise<string> {
  const { result } = await call(world, 'GET', projectPath(name, 'upload-token'));
  return String(result.jwt);
}

/** Uploads `files` (text by path) and returns their manifest. */
export async function upload(
  world: TestWorld,
  name: string,
  files: Record<string, string>,
): Promise<Record<string, string>> {
  const entries = Object.entries(files).map(([path, text]) => {
    const bytes = Buffer.from(text);
    return { path, key: assetHash(path, bytes), value: bytes.toString('base64') };
  });
  const body = entries.map(({ key, value }) => ({
    key,
    value,
    metadata: { contentType: 'text/plain' },
    base64: true,
  }));
  const answer = await call(
    world,
    'POST',
    '/pages/assets/upload',
    body,
    await uploadToken(world, name),
  );
  if (answer.status !== 200) throw new Error(`upload answered ${answer.status} ${answer.message}`);
  return Object.fromEntries(entries.map(({ path, key }) => [path, key]));
}

/** The form of a deployment of `manifest` on `branch`, with further parts. */
export function deploymentForm(
  manifest: Record<string, string>,
  branch: string,
  more: Record<string, string> = {},
): FormData {
  const form = new FormData();
  form.set('manifest', JSON.stringify(manifest));
  form.set('branch', branch);
  for (const [name, value] of Object.entries(more)) form.set(name, value);
  return form;
}

/** Uploads and deploys `files`; returns the deployment. */
export async function deploy(
  world: TestWorld,
  name: string,
  files: Record<string, string>,
  branch = 'main',
): Promise<Result> {
  const form = deploymentForm(await upload(world, name, files), branch);
  const answer = await call(world, 'POST', projectPath(name, 'deployments'), form);
  if (answer.status !== 200) throw new Error(`deploy answered ${answer.status} ${answer.message}`);
  return answer.result;
}

/** Gets a page of a site by the name of its host. */
export async function visit(
  { cloudflare }: TestWorld,
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return cloudflare.site(new Request(`http://127.0.0.1/sites/${host}${path}`, { headers }));
}
