// What GitHub and Cloudflare answer: every operation with every kind of fault, every refusal that
// the core knows, and every way in which a site serves something else.
import type { Core } from '../../../bindings/js/core.ts';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { FaultPlan } from '../../../simulator/base/faults.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import type { FleetOptions } from '../crash/fleet.ts';
import {
  create,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  openFleet,
  settle,
} from '../faults/support.ts';

const account_id = '0123456789abcdef0123456789abcdef';
const project = 'acme-dev-portal';

/** A story: how the outside is, what is planned for it, and what is done before the creation. */
interface Story {
  readonly options?: Partial<FleetOptions>;
  readonly plans?: readonly FaultPlan[];
  readonly before?: (fleet: FaultyFleet) => unknown;
}

async function tell(core: Core, stories: readonly Story[]): Promise<void> {
  for (const { options = {}, plans = [], before } of stories) {
    const fleet = openFleet({ core, ...options }, plans);
    await before?.(fleet);
    await create(fleet);
    await settle(fleet, 3 * hour_ms);
  }
}

const kinds: readonly Fault[] = [
  { when: 'after', answer: 'timeout', delay_ms: 15_000 },
  { when: 'before', answer: 500 },
  { when: 'before', answer: 429, headers: { 'retry-after': '90' } },
  { when: 'after', answer: 200, body: '{"success":true,"resu' },
];

function faulty(operation: string, options: Partial<FleetOptions> = {}): Story[] {
  return kinds.map((fault) => ({ options, plans: [{ operation, nth: 1, fault }] }));
}

/** A refusal of Cloudflare's with one of its codes. */
function refusal(operation: string, answer: number, code: number): Story {
  const body = JSON.stringify({ success: false, errors: [{ code, message: 'So it is.' }] });
  return { plans: [{ operation, nth: 1, fault: { when: 'before', answer, body } }] };
}

const create_refusals: readonly (readonly [number, number])[] = [
  [400, 8000000],
  [409, 8000002],
  [400, 8000003],
  [400, 8000011],
  [400, 8000027],
  [403, 8000030],
  [403, 8000036],
  [400, 8000077],
  [403, 8000119],
  [403, 10000],
];

async function foreignProject(fleet: FaultyFleet, site?: string): Promise<void> {
  const variable = { SLIPWAY_SITE: { type: 'plain_text', value: site } };
  const vars = site === undefined ? {} : { env_vars: variable };
  const body = {
    name: project,
    production_branch: 'main',
    deployment_configs: { production: vars, preview: vars },
  };
  const url = `http://cloudflare.test/client/v4/accounts/${account_id}/pages/projects`;
  const headers = { authorization: 'Bearer cloudflare-token', 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  await fleet.cloudflare.fetch(new Request(url, init));
}

const unreported: Partial<FleetOptions> = {
  toApi: async (request, serve) => {
    const lost = (await request.clone().text()).includes('"uploaded"');
    return lost ? new Response('', { status: 503 }) : serve(request);
  },
};

const deploy_failed: Partial<FleetOptions> = { runner: { failures: () => 'deploy_failed' } };
const always = (operation: string): Story => ({
  plans: [{ operation, fault: { when: 'before', answer: 500 } }],
});

/** Plays what Cloudflare may do. */
export async function playCloudflare(core: Core): Promise<void> {
  await tell(core, [
    ...faulty('cloudflare.project.get'),
    ...faulty('cloudflare.project.create'),
    ...faulty('cloudflare.deployment.get'),
    ...faulty('cloudflare.site.get'),
    ...faulty('cloudflare.deployment.list', unreported),
    ...faulty('cloudflare.deployment.list', deploy_failed),
    refusal('cloudflare.project.get', 403, 9109),
    refusal('cloudflare.project.get', 400, 8000000),
    refusal('cloudflare.deployment.list', 403, 10000),
    { ...refusal('cloudflare.deployment.list', 403, 10000), options: unreported },
    { ...refusal('cloudflare.deployment.list', 403, 10000), options: deploy_failed },
    ...create_refusals.map(([answer, code]) => refusal('cloudflare.project.create', answer, code)),
    always('cloudflare.project.create'),
    always('cloudflare.deployment.get'),
    always('cloudflare.site.get'),
    { options: unreported },
    { before: (fleet) => foreignProject(fleet) },
    { before: (fleet) => foreignProject(fleet, 'acme/dev') },
    { before: (fleet) => fleet.cloudflare.behave('*', { outcome: 'failure', times: 1 }) },
    { before: (fleet) => fleet.cloudflare.behave('*', { serves: 'not_found' }) },
    { before: (fleet) => fleet.cloudflare.behave('*', { serves: 'old' }) },
    { before: (fleet) => fleet.cloudflare.behave('*', { serves: 'access' }) },
    { before: (fleet) => fleet.cloudflare.behave('*', { propagation_ms: 2 * minute_ms }) },
  ]);
  await playSecondDeployment(core);
}

// The project and the account are there; a file of the new deployment is served as before.
async function playSecondDeployment(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await create(fleet);
  await settle(fleet);
  fleet.cloudflare.behave('*', { serves: 'old', times: 1 });
  await fleet.api('POST', deployments_path);
  await settle(fleet);
}

const refused_dispatch = (answer: number, message: string): Story => ({
  plans: [
    {
      operation: 'github.dispatch',
      nth: 1,
      fault: { when: 'before', answer, body: JSON.stringify({ message }) },
    },
  ],
});

// Dispatches whose answer is lost: the run is looked for.
const lost_dispatch: FaultPlan = {
  operation: 'github.dispatch',
  nth: 1,
  fault: { when: 'after', answer: 'timeout', delay_ms: 15_000 },
};

const timed_out: Partial<FleetOptions> = {
  wrapPorts: (ports: Ports): Ports => ({
    ...ports,
    fetch: async (request) => {
      if (!request.url.endsWith('/dispatches')) return ports.fetch(request);
      throw new DOMException('no answer in time', 'TimeoutError');
    },
  }),
};

const accepted_without_id: Partial<FleetOptions> = {
  wrapPorts: (ports: Ports): Ports => ({
    ...ports,
    fetch: async (request) => {
      const answer = await ports.fetch(request);
      return request.url.endsWith('/dispatches') ? new Response(null, { status: 204 }) : answer;
    },
  }),
  runner: { timings: { queue_ms: 2 * minute_ms } },
};

const empty: Fault = { when: 'before', answer: 200, body: '{}' };

/** Plays what GitHub may do. */
export async function playGithub(core: Core): Promise<void> {
  const forbidden: Fault = { when: 'before', answer: 403, body: '{"message":"Not accessible"}' };
  const unsent: FaultPlan = {
    operation: 'github.dispatch',
    fault: { when: 'before', answer: 'timeout' },
  };
  await tell(core, [
    ...faulty('github.dispatch'),
    ...faulty('github.get_run'),
    ...faulty('github.list_runs').map(({ plans = [] }) => ({ plans: [lost_dispatch, ...plans] })),
    { plans: [lost_dispatch, { operation: 'github.list_runs', nth: 1, fault: empty }] },
    refused_dispatch(403, 'Resource not accessible by personal access token'),
    refused_dispatch(403, 'You have exceeded a secondary rate limit.'),
    refused_dispatch(422, 'No ref found for: release'),
    { options: accepted_without_id },
    { options: timed_out },
    {
      options: { listLag_ms: 5 * minute_ms, runner: { timings: { queue_ms: 12 * minute_ms } } },
      plans: [lost_dispatch],
    },
    { plans: [unsent] },
    { plans: [unsent, { operation: 'github.list_runs', fault: forbidden }] },
    always('github.*'),
  ]);
}
