// Orgs and their publishing: registered, provisioned, published with both kinds of hook, rotated,
// revealed, removed; what people and operators are refused; what Cloudflare and the build may do.
import type { Core } from '../../../bindings/js/core.ts';
import { bytesOf } from '../../../bindings/js/frame.ts';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { FaultPlan } from '../../../simulator/base/faults.ts';
import type { Behaviour } from '../../../simulator/cloudflare/options.ts';
import { run } from '../../../worker-shim/run.ts';
import { account_id, type FleetOptions } from '../crash/fleet.ts';
import { type FaultyFleet, hour_ms, minute_ms, openFleet } from '../faults/support.ts';
import {
  as,
  hook_address,
  makeProject,
  mine,
  orgOf,
  orgs,
  publishing,
  settle,
  theirs,
  tokenOf,
} from '../orgs/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

const registry = '/api/v1/orgs';
const aurora = `${registry}/aurora`;
const nobody = `${registry}/nobody`;
// Obvious values: no project has these hooks.
const pasted = { deployHookUrl: `${hook_address}an-obvious-test-value` };
const mended = { deployHookUrl: `${hook_address}another-test-value`, projectName: 'aurora-old' };

type Call = readonly [method: string, path: string, body?: unknown, user?: string];

// As operators, and each call also without a key; or as the person that is named.
async function callAll(fleet: FaultyFleet, calls: readonly Call[]): Promise<void> {
  for (const [method, path, body, user] of calls) {
    if (user !== undefined) {
      await as(fleet, user, method, path, body);
      continue;
    }
    await fleet.api(method, path, body);
    await fleet.api(method, path, body, 'wrong');
  }
}

function open(core: Core, more: Partial<FleetOptions> = {}, plans: FaultPlan[] = []): FaultyFleet {
  return openFleet({ core, ...more, variables: { ...publishing, ...more.variables } }, plans);
}

async function register(fleet: FaultyFleet): Promise<void> {
  for (const [slug, org] of Object.entries(orgs)) {
    await fleet.api('PUT', `${registry}/${slug}`, org);
  }
}

const registration: readonly Call[] = [
  ['GET', registry],
  ['PUT', aurora, orgs.aurora],
  ['PUT', aurora, orgs.aurora],
  ['PUT', aurora, { ...orgs.aurora, name: 'Aurora & Sons' }],
  ['PUT', aurora, orgs.aurora],
  ['PUT', `${registry}/borealis`, orgs.borealis],
  ['PUT', `${registry}/boreal`, orgs.borealis],
  ['PUT', `${registry}/Borealis`, orgs.borealis],
  ['PUT', aurora, { orgId: '', name: '', members: [{ userId: 'a', role: 'owner' }] }],
  ['PUT', aurora, { ...orgs.aurora, members: [...orgs.aurora.members, ...orgs.aurora.members] }],
  ['PUT', aurora],
  ['GET', registry],
  ['GET', `${registry}?limit=1`],
  ['GET', `${registry}?limit=1&cursor=aurora`],
  ['GET', `${registry}?limit=0`],
  ['GET', aurora],
  ['GET', nobody],
  ['PUT', `${aurora}/members/cleo`, { role: 'member' }],
  ['PUT', `${aurora}/members/cleo`, { role: 'member' }],
  ['PUT', `${aurora}/members/cleo`, { role: 'owner' }],
  ['PUT', `${nobody}/members/cleo`, { role: 'admin' }],
  ['DELETE', `${aurora}/members/cleo`],
  ['DELETE', `${nobody}/members/cleo`],
  ['DELETE', nobody],
];

// What is below `.../publishing`, for both kinds of callers.
const routes: readonly Call[] = [
  ['GET', ''],
  ['POST', '/auto-provision'],
  ['PUT', '', pasted],
  ['DELETE', ''],
  ['POST', '/publish'],
  ['POST', '/reveal'],
  ['POST', '/rotate'],
  ['GET', '/publications'],
  ['GET', '/publications/pub_none'],
];

// Keys on the routes of people, people on the routes of operators, strangers, and unknown orgs.
function refusals(): Call[] {
  return routes.flatMap(([method, below, body]): Call[] => [
    [method, mine + below, body],
    [method, mine + below, body, 'ben'],
    [method, mine + below, body, 'cleo'],
    [method, `/me/orgs/nobody/publishing${below}`, body, 'ada'],
    [method, `${nobody}/publishing${below}`, body],
    [method, theirs + below, body, 'ada'],
  ]);
}

async function crossSite(fleet: FaultyFleet): Promise<void> {
  const headers = {
    cookie: `__Host-slipway=${await tokenOf(fleet, 'ada')}`,
    origin: 'https://evil.example',
  };
  await fleet.fetch(new Request(`http://slipway.test${mine}/publish`, { method: 'POST', headers }));
}

// Everything below `.../publishing` once, as `user` or as operators, with a site that is ready.
async function useAll(fleet: FaultyFleet, base: string, user?: string): Promise<void> {
  const call = async (method: string, below: string, body?: unknown): Promise<void> => {
    const path = base + below;
    await callAll(fleet, [user === undefined ? [method, path, body] : [method, path, body, user]]);
  };
  await call('POST', '/auto-provision');
  await call('GET', '');
  await call('POST', '/reveal');
  await call('POST', '/rotate');
  await call('POST', '/rotate');
  await settle(fleet);
  await call('POST', '/publish');
  await call('POST', '/publish');
  await call('GET', '');
  await call('GET', '?wait=1');
  const { last } = orgOf(fleet);
  await fleet.passTime(() => orgOf(fleet).active?.state === 'building', 10 * minute_ms);
  await call('GET', '');
  await settle(fleet);
  await call('GET', '');
  await call('GET', '/publications');
  await call('GET', '/publications?limit=1');
  await call('GET', `/publications?limit=1&cursor=${last?.id}`);
  await call('GET', '/publications?limit=x');
  await call('GET', `/publications/${last?.id}`);
  await call('PUT', '', { deployHookUrl: 'https://example.com/', projectName: 'Not a name' });
  await call('PUT', '', { deployHookUrl: 1 });
  await call('PUT', '', pasted);
  await call('PUT', '', mended);
  await call('GET', '');
  await call('POST', '/reveal');
  await call('POST', '/publish');
  await settle(fleet);
  await call('GET', '');
  await call('DELETE', '');
  await call('DELETE', '');
}

async function playPeople(core: Core): Promise<void> {
  const fleet = open(core, { deployHooks: { listed: true, deletable: true } });
  await callAll(fleet, registration);
  await callAll(fleet, [
    ['POST', `${theirs}/publish`],
    ['POST', `${theirs}/reveal`],
    ['POST', `${theirs}/rotate`],
  ]);
  for (const [method, below, body] of routes) await as(fleet, 'ada', method, mine + below, body);
  await as(fleet, 'ada', 'DELETE', mine);
  await settle(fleet);
  await callAll(fleet, refusals());
  await crossSite(fleet);
  await useAll(fleet, mine, 'ada');
  await useAll(fleet, theirs);
  await fleet.api('POST', '/api/v1/fleet/freeze', { reason: 'a test' });
  await callAll(fleet, [['POST', `${theirs}/publish`]]);
  await fleet.api('POST', '/api/v1/fleet/unfreeze');
  await callAll(fleet, [['GET', '/api/v1/doctor']]);
  await fleet.unequalAggregates();
  await fleet.api('POST', `${theirs}/publish`);
  await callAll(fleet, [
    ['DELETE', aurora],
    ['PUT', aurora, orgs.aurora],
  ]);
  await fleet.api('POST', `${theirs}/auto-provision`);
  await settle(fleet);
}

/** A story: what differs from the usual, and what is done before the org is provisioned. */
interface Story {
  readonly options?: Partial<FleetOptions>;
  readonly plans?: readonly FaultPlan[];
  readonly before?: (fleet: FaultyFleet) => unknown;
  readonly after?: (fleet: FaultyFleet) => Promise<unknown>;
}

async function tell(core: Core, { options, plans, before, after }: Story): Promise<void> {
  const fleet = open(core, options, [...(plans ?? [])]);
  await register(fleet);
  await before?.(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  await settle(fleet, 12 * hour_ms);
  await fleet.api('GET', theirs);
  await fleet.api('GET', '/api/v1/doctor');
  await after?.(fleet);
  await settle(fleet, 12 * hour_ms);
}

const kinds: readonly Fault[] = [
  { when: 'after', answer: 'timeout', delay_ms: 15_000 },
  { when: 'before', answer: 500 },
  { when: 'before', answer: 429, headers: { 'retry-after': '90' } },
  { when: 'after', answer: 200, body: '{"success":true,"resu' },
];

function faulty(operation: string, more: Omit<Story, 'plans'> = {}): Story[] {
  return kinds.map((fault) => ({ ...more, plans: [{ operation, nth: 1, fault }] }));
}

/** A refusal of Cloudflare's with one of its codes. */
function refusal(operation: string, answer: number, code: number, more: Story = {}): Story {
  const body = JSON.stringify({ success: false, errors: [{ code, message: 'So it is.' }] });
  return { ...more, plans: [{ operation, nth: 1, fault: { when: 'before', answer, body } }] };
}

const without = (name: string, value = ''): Story => ({
  options: { variables: { [name]: value } },
});

const rotates = async (fleet: FaultyFleet): Promise<void> => {
  await as(fleet, 'ada', 'POST', `${mine}/rotate`);
};
const pastes: Story = {
  before: async (fleet) => {
    await as(fleet, 'ada', 'PUT', mine, pasted);
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
  },
};

/** A build as Cloudflare shows it, where it is looked at first. */
function told(build: object): Story {
  const usual = { id: 'b', url: '', stages: [], latest_stage: { name: 'build', status: 'active' } };
  const body = JSON.stringify({ success: true, result: { ...usual, ...build } });
  const fault: Fault = { when: 'before', answer: 200, body };
  return { plans: [{ operation: 'cloudflare.deployment.get', nth: 1, fault }] };
}

const behaves = (how: Behaviour): Story => ({
  before: (fleet) => fleet.cloudflare.behave('*', how),
});

const stories: readonly Story[] = [
  { options: { account: { githubConnected: false } } },
  { options: { account: { githubRepositories: ['neutrino-io/other'] } } },
  { options: { account: { projectLimit: 0 } } },
  { options: { account: { blocked: true } } },
  { options: { account: { permissions: { 'cloudflare-token': 'read' } } } },
  { before: (fleet) => makeProject(fleet, 'aurora-ark') },
  ...['PUBLISHING_GITHUB_OWNER', 'CF_API_TOKEN', 'GITHUB_TOKEN'].map((each) => without(each)),
  without('PUBLISHING_VARIABLES', '[1]'),
  without('PUBLISHING_VARIABLES', '{"PUBLIC_COLOUR":"red"}'),
  { ...without('SEALING_KEY'), after: (fleet) => as(fleet, 'ada', 'PUT', mine, pasted) },
  ...faulty('cloudflare.project.get'),
  ...faulty('cloudflare.project.create'),
  ...faulty('cloudflare.hook.create'),
  ...faulty('cloudflare.hook.create', {
    options: { deployHooks: { listed: true, deletable: true } },
  }),
  ...faulty('cloudflare.hook.delete', { after: rotates }),
  ...faulty('cloudflare.deployment.create'),
  ...faulty('cloudflare.deployment.list'),
  ...faulty('cloudflare.deployment.get'),
  ...faulty('cloudflare.site.get'),
  ...faulty('cloudflare.hook.trigger', pastes),
  refusal('cloudflare.hook.create', 403, 10000),
  refusal('cloudflare.hook.create', 400, 8000000),
  refusal('cloudflare.deployment.create', 403, 10000),
  refusal('cloudflare.deployment.get', 403, 10000),
  refusal('cloudflare.deployment.list', 403, 10000),
  refusal('cloudflare.deployment.list', 404, 8000007),
  pastes,
  {
    before: (fleet) => as(fleet, 'ada', 'PUT', mine, pasted),
    after: async (fleet) => {
      fleet.reconfigure({ SEALING_KEY: 'a1b2'.repeat(16) });
      await as(fleet, 'ada', 'POST', `${mine}/publish`);
    },
  },
  {
    after: async (fleet) => {
      fleet.reconfigure({ CF_API_TOKEN: '' });
      await as(fleet, 'ada', 'POST', `${mine}/publish`);
    },
  },
  told({ latest_stage: { name: 'build', status: 'canceled' } }),
  told({ is_skipped: true, skip_reason: 'superseded_queued_build' }),
  behaves({ outcome: 'failure', fails_at: 'build', times: 1 }),
  behaves({ outcome: 'failure', times: 1 }),
  behaves({ deploy_ms: 100 * hour_ms, times: 1 }),
  behaves({ serves: 'not_found' }),
  behaves({ serves: 'access' }),
  behaves({ propagation_ms: 2 * minute_ms }),
];

// Without an instance nothing is remembered: each call finds what is there.
async function playAlone(core: Core): Promise<void> {
  const fleet = open(core);
  const variables = { ...publishing, CF_ACCOUNT_NAME: 'main', CF_API_TOKEN: 'cloudflare-token' };
  const provision = async (wish: object, fetch = fleet.cloudflare.fetch): Promise<void> => {
    const ports = memoryPorts({ db: openSqliteDb(), fetch, now_ms: fleet.clock.now() });
    const settings = { ...variables, CLOUDFLARE_API_URL: 'http://cloudflare.test/client/v4' };
    const body = bytesOf(JSON.stringify(wish));
    await run(memoryWorld(core, ports, settings), { kind: 'provision', body: 1 }, { body });
  };
  const wish = { slug: 'corona', accountId: account_id, owner: 'neutrino-io' };
  const sound = { ...wish, repository: 'ark-site', buildCommand: 'node build.js' };
  await provision({ ...wish, repository: '' });
  await provision({ ...sound, variables: { 'no name': '' }, rootDir: 'a'.repeat(501) });
  await provision(sound, () => Promise.reject(new TypeError('no network')));
  await provision({ ...sound, variables: { PUBLIC_COLOUR: 'red' } });
  await provision(sound);
  await makeProject(fleet, 'halo-ark');
  await provision({ ...sound, slug: 'halo' });
}

/** Plays all of it. */
export async function playOrgs(core: Core): Promise<void> {
  await playPeople(core);
  await playAlone(core);
  for (const story of stories) await tell(core, story);
}
