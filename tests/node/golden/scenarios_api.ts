// Requests of platform engineers, good and bad, before and after the site is live.
import type { Core } from '../../../bindings/js/core.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { run } from '../../../worker-shim/run.ts';
import { tick } from '../../../worker-shim/triggers/cron.ts';
import type { World } from '../../../worker-shim/world.ts';
import {
  batches,
  deployments,
  deployments_path,
  type FaultyFleet,
  minute_ms,
  onlySite,
  openFleet,
  settle,
} from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';

const platforms = '/api/v1/platforms';
const acme = { platformId: 'acme', name: 'Acme', environments: ['dev'] };
const credentials = { CF_ACCOUNT_NAME: 'main', CF_API_TOKEN: 'token', GITHUB_TOKEN: 'token' };
const ulid = '01KAMZ5G9V1V4PGEPYHCZ0MZZZ';

const richConfig = {
  features: {
    features: { billing: { enabled: true, options: { plan: 'pro "2"', seats: 5, trial: false } } },
    stacks: { 'team-chat': { enabled: false } },
  },
  env: { default: { APP_NAME: 'Caf\u00e9 \\ Bar' }, dev: { DEBUG: true }, prod: { RETRIES: 3 } },
  auth: { default: { provider: 'oidc', issuer: 'https://id.example', clientId: 'acme' } },
};

const badConfig = {
  features: { features: { Billing: { enabled: true } } },
  env: { default: { API_SECRET: 'x', '9A': true } },
  auth: { default: { provider: 'oidc' } },
};

type Call = readonly [method: string, path: string, body?: unknown, key?: string];

async function callAll(fleet: FaultyFleet, calls: readonly Call[]): Promise<void> {
  for (const [method, path, body, key] of calls) await fleet.api(method, path, body, key);
}

const outside: readonly Call[] = [
  ['GET', '/healthz'],
  ['GET', '/healthz?verbose=1'],
  ['GET', '/nowhere'],
  ['DELETE', platforms],
];

const refused: readonly Call[] = [
  ['POST', platforms, acme, 'wrong'],
  ['POST', platforms, acme, 'internal-key'],
  ['POST', platforms],
  ['POST', platforms, '{"platformId":"acme",'],
  ['POST', platforms, '{"platformId":"acme","platformId":"acme"}'],
  ['POST', platforms, { platformId: 'No Name', environments: ['test'], colour: 'red' }],
  ['POST', platforms, { platformId: 'acme', name: '', environments: ['dev', 'dev'] }],
  ['POST', platforms, { platformId: 'acme', environments: [] }],
  ['POST', platforms, { ...acme, config: badConfig }],
  ['POST', platforms, { ...acme, config: { env: { default: [] } } }],
  ['POST', platforms, JSON.stringify({ ...acme, name: 'x'.repeat(2 ** 20) })],
];

const beforeAnything: readonly Call[] = [
  ['GET', platforms],
  ['GET', `${platforms}/acme`],
  ['GET', `${platforms}/acme/config`],
  ['GET', `/api/v1/cli/platforms/acme/config`],
  ['GET', deployments_path],
  ['POST', deployments_path],
  ['GET', `/api/v1/deployments/dep_${ulid}`],
  ['GET', `/api/v1/operations/op_${ulid}`],
];

/** Plays the requests of people. */
export async function playApi(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await callAll(fleet, [...outside, ...refused, ...beforeAnything]);
  const created = await fleet.api('POST', platforms, acme);
  const operation = created.headers.get('location') ?? '';
  await callAll(fleet, [
    ['POST', platforms, acme],
    ['POST', platforms, { ...acme, environments: ['prod'] }],
    ['GET', operation],
    ['GET', `${operation}?wait=1`],
    ['GET', `${platforms}/acme?wait=1`],
    ['POST', deployments_path, { reason: 'before the project exists' }],
  ]);
  const running = (): boolean => onlySite(fleet).active?.state === 'running';
  await fleet.passTime(running, 10 * minute_ms);
  const deployment = `/api/v1/deployments/${deployments(fleet)[0]?.id}`;
  await callAll(fleet, [
    ['GET', operation],
    ['GET', deployment],
    ['GET', `${deployment}?wait=1`],
    ['POST', deployments_path, { reason: 'while it builds' }],
  ]);
  await settle(fleet);
  await callAll(fleet, live(operation, deployment));
  await settle(fleet);
  await readEtag(core, fleet);
  await fleet.unequalAggregates();
  fleet.db.sqlite.exec(`UPDATE site SET "row" = json_set("row", '$.create_attempts', 7)`);
  await fleet.unequalAggregates();
  await playWithout(core);
  await playTicks(core);
}

function live(operation: string, deployment: string): Call[] {
  return [
    ['GET', operation],
    ['GET', `${operation}?wait=301`],
    ['GET', deployment],
    ['GET', `${deployment}?wait=soon`],
    ['POST', platforms, { platformId: 'zebra', environments: ['dev', 'prod'], config: richConfig }],
    ['GET', platforms],
    ['GET', `${platforms}?limit=1`],
    ['GET', `${platforms}/zebra/config`],
    ['GET', '/api/v1/cli/platforms/zebra/config?env=prod'],
    ['GET', `${platforms}?limit=1&limit=2&colour=red&cursor=`],
    ['GET', `${platforms}?limit=1&cursor=a`],
    ['GET', `${platforms}/acme`],
    ['GET', `${platforms}/acme?colour=red`],
    ['GET', deployments_path],
    ['GET', `${deployments_path}?limit=1`],
    ['GET', `${deployments_path}?limit=many`],
    ['GET', deployments_path.replace('dev', 'stg')],
    ['GET', deployments_path.replace('dev', 'test')],
    ['POST', deployments_path.replace('dev', 'stg')],
    ['POST', deployments_path, '{"reason":1,"colour":"red"}'],
    ['POST', deployments_path, '{'],
    ['POST', deployments_path, 'x'.repeat(2 ** 20 + 1)],
    ['POST', deployments_path, undefined, 'wrong'],
    ['POST', deployments_path, undefined, 'internal-key'],
    ['GET', deployment, undefined, 'wrong'],
    ['GET', operation, undefined, 'wrong'],
    ['GET', platforms, undefined, 'wrong'],
    ['GET', platforms, undefined, 'internal-key'],
    ['GET', `${platforms}/acme`, undefined, 'wrong'],
    ['GET', deployments_path, undefined, 'wrong'],
    ...['/api/v1/platforms', '/api/v1/cli/platforms'].flatMap((below): Call[] => [
      ['GET', `${below}/acme/config`],
      ['GET', `${below}/acme/config`, undefined, 'wrong'],
      ['GET', `${below}/acme/config?env=dev&version=1`, undefined, 'internal-key'],
      ['GET', `${below}/acme/config?env=stg`],
      ['GET', `${below}/acme/config?version=7`],
      ['GET', `${below}/acme/config?env=test&version=0`],
    ]),
    ['POST', deployments_path, { reason: 'again' }],
  ];
}

// A second look at a configuration that has not changed.
async function readEtag(core: Core, fleet: FaultyFleet): Promise<void> {
  const path = `${platforms}/acme/config`;
  const etag = (await fleet.api('GET', path)).headers.get('etag') ?? '';
  const world = memoryWorld(core, memoryPorts({ db: fleet.db }), {
    SLIPWAY_ADMIN_KEY: 'admin-key',
  });
  for (const below of [path, path.replace('/v1/', '/v1/cli/')]) {
    const headers = { authorization: 'Bearer admin-key', 'if-none-match': etag };
    await createApp().fetch(new Request(`http://slipway.test${below}`, { headers }), world);
  }
}

// An instance that lacks credentials, from the beginning or later.
async function playWithout(core: Core): Promise<void> {
  const poor = openFleet({ core, variables: { GITHUB_TOKEN: '' } });
  await poor.api('POST', platforms, acme);
  const fleet = openFleet({ core });
  await fleet.api('POST', platforms, { ...acme, environments: ['dev', 'prod'] });
  const now_ms = fleet.clock.now() + minute_ms;
  const lacking = (...names: string[]): World => {
    const given = { ...credentials, ...Object.fromEntries(names.map((name) => [name, ''])) };
    return memoryWorld(core, memoryPorts({ db: fleet.db, now_ms }), given);
  };
  await run(lacking('CF_API_TOKEN'), { kind: 'effect', effect_key: 'site:acme/prod' });
  await fleet.passTime(() => batches(fleet).length > 0, minute_ms);
  const effect_key = `batch:${batches(fleet)[0]?.id}`;
  await run(lacking('GITHUB_TOKEN'), { kind: 'effect', effect_key });
}

// The cron: nothing to do, and something overdue.
async function playTicks(core: Core): Promise<void> {
  const fleet = openFleet({ core, deliver: () => [] });
  await tick(memoryWorld(core, memoryPorts({ db: fleet.db }), {}));
  await fleet.api('POST', platforms, { ...acme, environments: ['dev', 'prod'] });
  await fleet.passTime(() => false, 3 * minute_ms);
}
