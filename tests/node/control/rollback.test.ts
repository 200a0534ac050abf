// Rolling back: the site serves again what it served before, and stays there until a person
// deploys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet, rows } from '../crash/scenario.ts';
import {
  acmeFleet,
  countOf,
  dashboard,
  eventsOf,
  hour_ms,
  json,
  live,
  platforms,
  projectNames,
  settle,
  siteOf,
  told,
} from './support.ts';

const acme = `${platforms}/acme`;
const dev = `${acme}/environments/dev`;

interface Deployment {
  readonly id: string;
  readonly state: string;
  readonly config_version: number;
  readonly pages_deployment_id?: string;
}

function deployments(fleet: Fleet): Deployment[] {
  return rows<Deployment>(fleet, 'deployment');
}

// `acme/dev` has served the versions 1, 2 and 3.
async function threeVersions(): Promise<Fleet> {
  const fleet = await acmeFleet();
  for (const featureId of ['chat', 'billing']) {
    await fleet.api('POST', `${acme}/features/activate`, { featureId });
    await settle(fleet);
  }
  return fleet;
}

async function served(fleet: Fleet): Promise<{ deployment: string; version: number }> {
  const { sites } = json(await fleet.api('GET', acme));
  const { host } = new URL(sites[0].url);
  const url = `http://sites.test/sites/${host}/.well-known/slipway.json`;
  return (await (await fleet.cloudflare.site(new Request(url))).json()) as never;
}

test('by default: what was live before, by Pages itself, and held there', async () => {
  const fleet = await threeVersions();
  const [first, second] = deployments(fleet);
  const answer = await fleet.api('POST', `${dev}/rollback`, { reason: 'broken' });
  assert.equal(answer.status, 202, answer.text);
  assert.equal(json(answer).state, 'running');
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 3, 'nothing was built');
  assert.equal((await served(fleet)).deployment, second?.id);
  const path = answer.headers.get('location') ?? '';
  assert.equal(json(await fleet.api('GET', path)).state, 'succeeded');
  const [shown] = json(await fleet.api('GET', `${acme}?wait=30`)).sites;
  assert.deepEqual(
    [shown.pin.deploymentId, shown.pin.configVersion, shown.pin.reason, shown.live.deploymentId],
    [second?.id, 2, 'broken', second?.id],
  );

  const wished = json(await fleet.api('POST', `${acme}/features/activate`, { featureId: 'maps' }));
  assert.deepEqual(wished.rebuilds, []);
  assert.equal(wished.operation.sites[0].failure.code, 'site.pinned');
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 3, 'while pinned no wish is built');

  await fleet.api('POST', `${dev}/rollback`);
  await settle(fleet);
  assert.equal((await served(fleet)).deployment, first?.id, 'one step further back');

  await fleet.api('POST', `${dev}/deployments`);
  await settle(fleet);
  assert.equal((await served(fleet)).version, 4, 'the newest version');
  assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
  assert.ok(eventsOf(fleet, 'site:acme/dev').includes('site_unpinned'));
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('the same rollback twice changes nothing more', async () => {
  const fleet = await threeVersions();
  const second = deployments(fleet)[1];
  await fleet.api('POST', `${dev}/rollback`);
  const size = countOf(fleet, 'journal');
  const again = await fleet.api('POST', `${dev}/rollback`);
  assert.equal(again.status, 202);
  const named = await fleet.api('POST', `${dev}/rollback`, { deploymentId: second?.id });
  assert.equal(named.status, 202);
  assert.equal(countOf(fleet, 'journal'), size);
  await settle(fleet);
  assert.equal((await served(fleet)).deployment, second?.id);
});

test('where Pages has it no more its version is built again', async () => {
  const fleet = await threeVersions();
  const [first] = deployments(fleet);
  const below = `acme-dev-portal/deployments/${first?.pages_deployment_id}`;
  assert.equal((await dashboard(fleet, 'DELETE', below)).status, 200);
  const answer = await fleet.api('POST', `${dev}/rollback`, { deploymentId: first?.id });
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 4);
  const { deployment, version } = await served(fleet);
  assert.deepEqual([deployment, version], [deployments(fleet)[3]?.id, 1]);
  assert.ok(eventsOf(fleet, 'site:acme/dev').includes('rollback_refused'));
  const path = answer.headers.get('location') ?? '';
  assert.equal(json(await fleet.api('GET', path)).state, 'succeeded');
  const [shown] = json(await fleet.api('GET', acme)).sites;
  assert.equal(shown.pin.configVersion, 1);
});

test('a step back from a version that was built again is what was live before it', async () => {
  const fleet = await threeVersions();
  const [first, second] = deployments(fleet);
  const below = `acme-dev-portal/deployments/${second?.pages_deployment_id}`;
  assert.equal((await dashboard(fleet, 'DELETE', below)).status, 200);
  await fleet.api('POST', `${dev}/rollback`);
  await settle(fleet);
  assert.equal((await served(fleet)).version, 2, 'built again');
  await fleet.api('POST', `${dev}/rollback`);
  await settle(fleet);
  assert.equal((await served(fleet)).deployment, first?.id, 'not the one that was left');
});

test('the version that waits to be built again is kept, however many come after it', async () => {
  const fleet = await threeVersions();
  const [first] = deployments(fleet);
  const below = `acme-dev-portal/deployments/${first?.pages_deployment_id}`;
  assert.equal((await dashboard(fleet, 'DELETE', below)).status, 200);
  await fleet.api('POST', '/api/v1/fleet/freeze', { reason: 'stop' });
  await fleet.api('POST', `${dev}/rollback`, { deploymentId: first?.id });
  for (let index = 0; index < 110; index += 1) {
    const documents = {
      features: { features: {} },
      env: { default: { N: `${index}` } },
      auth: { default: { provider: 'none' } },
    };
    const headers = { 'if-match': '*' };
    const { status } = await fleet.api('PUT', `${acme}/config`, documents, 'admin-key', headers);
    assert.equal(status, 202);
  }
  const versions = (): number[] =>
    rows<{ version: number }>(fleet, 'config_version').map(({ version }) => version);
  await fleet.passTime(() => !versions().includes(2), hour_ms);
  assert.ok(!versions().includes(2), 'old versions are forgotten');
  await fleet.api('POST', '/api/v1/fleet/unfreeze');
  await settle(fleet);
  assert.equal((await served(fleet)).version, 1);
});

test('let go while Pages carries it out: what is served is told as drift', async () => {
  let begun = false;
  const { fleet } = openFleet([], {
    take: (operation) => {
      if (operation !== 'cloudflare.deployment.rollback') return undefined;
      begun = true;
      return { when: 'after', answer: 'timeout' };
    },
  });
  await live(fleet, 'acme');
  await fleet.api('POST', `${acme}/features/activate`, { featureId: 'chat' });
  await settle(fleet);
  const [first, second] = deployments(fleet);
  await fleet.api('POST', `${dev}/rollback`);
  await fleet.passTime(() => begun, hour_ms);
  await fleet.api('POST', `${acme}/builds/pause`);
  await fleet.api('POST', `${dev}/deployments`);
  await fleet.passTime(() => false, 10 * 60_000);
  assert.equal((await served(fleet)).deployment, first?.id);
  assert.equal(json(await fleet.api('GET', acme)).sites[0].live.deploymentId, second?.id);
  assert.ok(eventsOf(fleet, 'site:acme/dev').includes('site_drifted'));
});

test('during a deployment: it ends, then the site goes back', async () => {
  const fleet = await threeVersions();
  const second = deployments(fleet)[1];
  for (const state of ['planned', 'running', 'uploaded']) {
    await fleet.api('POST', `${dev}/deployments`);
    await fleet.passTime(() => siteOf(fleet).active?.state === state, hour_ms);
    await fleet.api('POST', `${dev}/rollback`, { deploymentId: second?.id });
    await settle(fleet);
    assert.equal((await served(fleet)).deployment, second?.id, state);
  }
});

test('a frozen fleet and a paused platform may go back at Pages', async () => {
  const fleet = await threeVersions();
  const second = deployments(fleet)[1];
  await fleet.api('POST', '/api/v1/fleet/freeze', { reason: 'stop' });
  await fleet.api('POST', `${acme}/builds/pause`);
  await fleet.api('POST', `${dev}/rollback`);
  await settle(fleet);
  assert.equal((await served(fleet)).deployment, second?.id);
});

test('a pinned project that is lost is made anew with the pinned version', async () => {
  const fleet = await threeVersions();
  await fleet.api('POST', `${dev}/rollback`);
  await settle(fleet);
  assert.equal((await dashboard(fleet, 'DELETE', 'acme-dev-portal')).status, 200);
  await fleet.api('POST', '/api/v1/reconcile');
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal']);
  assert.equal((await served(fleet)).version, 2);
});

test('a rollback that has nowhere to go is refused, and says what to do', async () => {
  const fleet = await acmeFleet();
  const refused = async (body?: unknown, path = `${dev}/rollback`): Promise<string> => {
    const answer = await fleet.api('POST', path, body);
    assert.ok(json(answer).next, answer.text);
    return told(answer);
  };
  assert.equal(await refused(), '409 rollback.nothing');
  assert.equal(await refused({ deploymentId: 'dep_nobody' }), '404 deployment.unknown');
  assert.equal(await refused({ reason: '' }), '422 body.invalid');
  assert.equal(
    await refused(undefined, `${acme}/environments/stg/rollback`),
    '404 environment.unknown',
  );
  await fleet.api('POST', `${dev}/deployments`);
  await fleet.passTime(() => siteOf(fleet).active?.state === 'running', hour_ms);
  const id = deployments(fleet).at(-1)?.id;
  await fleet.api('POST', `/api/v1/deployments/${id}/cancel`);
  assert.equal(await refused({ deploymentId: id }), '409 rollback.not_live');
  await fleet.api('POST', `${acme}/suspend`);
  assert.equal(await refused(), '409 platform.suspended');
  const { fleet: fresh } = openFleet();
  await fresh.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  assert.equal(told(await fresh.api('POST', `${dev}/rollback`)), '409 site.not_ready');
});
