// What the tests of the package share: a simulated Cloudflare in virtual time, the core of the
// repository, and a record of everything that a caller can see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type VirtualClock, virtualClock } from '../../../simulator/base/clock.ts';
import {
  type FaultPlan,
  type PlannedFaults,
  plannedFaults,
} from '../../../simulator/base/faults.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import {
  type CallRecord,
  type Cloudflare,
  type CloudflareOptions,
  createCloudflare,
} from '../../../simulator/cloudflare/index.ts';
import { openRepositories } from '../../../simulator/github/repositories.ts';
import { compile } from '../src/compile.ts';
import { ProvisionError } from '../src/error.ts';
import { provisioner } from '../src/provision.ts';
import type { Progress, Provisioned, ProvisionOptions } from '../src/types.ts';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../../..');
/** The account that every test provisions in. */
export const account_id = '0123456789abcdef0123456789abcdef';
/** A token that must be seen nowhere. */
export const token = 'marker-token-3f9c';
/** How a deploy hook's address begins. */
export const hook_address = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/';

const core = await compile(readFileSync(join(root, 'build/core.wasm')));

/** What a test may choose. */
export interface Chosen {
  readonly account?: Partial<CloudflareOptions['accounts'][number]>;
  readonly faults?: FaultPlan[];
  readonly listed?: boolean;
  readonly limits?: CloudflareOptions['limits'];
}

/** A simulated Cloudflare and a caller of the package. */
export interface Stage {
  readonly cloudflare: Cloudflare;
  readonly clock: VirtualClock;
  readonly faults: PlannedFaults;
  readonly seen: Progress[];
  /** How long each wait was. */
  readonly slept: number[];
  /** Every request as it went out. */
  readonly sent: Request[];
  provision(slug?: string, options?: Partial<ProvisionOptions>): Promise<Provisioned>;
}

/** The options that every test begins with. */
export const usual: Pick<
  ProvisionOptions,
  'accountId' | 'token' | 'github' | 'build' | 'variables' | 'baseUrl'
> = {
  accountId: account_id,
  token,
  github: { owner: 'neutrino-io', repository: 'ark-site' },
  build: { command: 'node build.js', output: 'dist' },
  variables: { ORG_SLUG: 'aurora', ORG_NAME: 'Aurora Books' },
  baseUrl: 'http://cloudflare.test/client/v4',
};

/** A stage on which nothing has happened yet. */
export function stage(chosen: Chosen = {}): Stage {
  const clock = virtualClock();
  const store = memoryStore();
  const faults = plannedFaults(1, chosen.faults ?? []);
  const cloudflare = createCloudflare({
    clock,
    store,
    faults,
    accounts: [{ id: account_id, tokens: [token, 'token-second'], ...chosen.account }],
    deployHooks: { listed: chosen.listed ?? false, deletable: false },
    git: openRepositories(
      { 'neutrino-io/ark-site': { directory: join(root, 'simulator/ark_site') } },
      store,
      clock,
    ),
    ...(chosen.limits === undefined ? {} : { limits: chosen.limits }),
  });
  const seen: Progress[] = [];
  const slept: number[] = [];
  const sent: Request[] = [];
  let drawn = 0;
  const load = provisioner(async () => core, {
    now: () => clock.now(),
    entropy: () => (drawn++).toString(16).padStart(32, '0'),
    async sleep(ms, signal) {
      slept.push(ms);
      clock.advance(ms);
      signal?.throwIfAborted();
    },
  });
  const fetch = (request: Request): Promise<Response> => {
    sent.push(request.clone());
    return cloudflare.fetch(request);
  };
  return {
    cloudflare,
    clock,
    faults,
    seen,
    slept,
    sent,
    provision: (slug = 'aurora', options = {}) =>
      load(slug, { ...usual, fetch, onProgress: (step) => void seen.push(step), ...options }),
  };
}

/** The names of the steps that were told, in order. */
export function steps({ seen }: Stage): string[] {
  return seen.map(({ step }) => step);
}

/** The operations that Cloudflare was asked for, in order. */
export function calls({ cloudflare }: Stage): string[] {
  return cloudflare.log.map(({ operation }: CallRecord) => operation.replace('cloudflare.', ''));
}

/** The error that this rejects with; it must be one of the package. */
export async function refusal(work: Promise<unknown>): Promise<ProvisionError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ProvisionError, String(error));
    return error;
  }
  return assert.fail('it was not refused');
}

/** Everything that can be read from a value, its hidden members, stack and causes included. */
export function everything(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.getOwnPropertyNames(value);
  const members = names.map((name) => `${name}: ${everything(Reflect.get(value, name))}`);
  return [String(value), ...members].join('\n');
}

/** Calls the hook; the deployment that it starts is built and served at last. */
export async function publish(on: Stage, { deployHookUrl }: Provisioned): Promise<string> {
  assert.ok(deployHookUrl.startsWith(hook_address), 'the address of a hook');
  const own = deployHookUrl.replace('https://api.cloudflare.com', 'http://cloudflare.test');
  const answer = await on.cloudflare.fetch(new Request(own, { method: 'POST' }));
  assert.equal(answer.status, 200, await answer.text());
  on.clock.advance(600_000);
  const site = 'http://sites.test/sites/aurora-ark.pages.dev/';
  return (await on.cloudflare.site(new Request(site))).text();
}
