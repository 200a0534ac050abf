// Paused builds: wishes are kept and nothing is built; resumed, they become one build.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFleet } from '../crash/scenario.ts';
import {
  acmeFleet,
  countOf,
  eventsOf,
  hour_ms,
  json,
  platforms,
  settle,
  siteOf,
  told,
} from './support.ts';

const acme = `${platforms}/acme`;
const deployments_path = `${acme}/environments/dev/deployments`;

test('paused: wishes are kept, nothing is built; resumed, they become one build', async () => {
  const fleet = await acmeFleet(['dev', 'prod']);
  const paused = await fleet.api('POST', `${acme}/builds/pause`, { reason: 'a fair' });
  assert.equal(paused.status, 200, paused.text);
  assert.deepEqual(
    json(paused).sites.map(({ action }: { action: string }) => action),
    ['pause_builds', 'pause_builds'],
  );
  const wished = json(await fleet.api('POST', `${acme}/features/activate`, { featureId: 'chat' }));
  assert.deepEqual(wished.rebuilds, []);
  assert.equal(wished.operation.state, 'failed', 'it is at rest, with a reason');
  assert.equal(wished.operation.sites[0].failure.code, 'builds.paused');
  assert.equal(wished.operation.sites[0].failure.detail, 'a fair');
  await fleet.api('POST', `${acme}/features/activate`, { featureId: 'billing' });
  await settle(fleet);
  await fleet.passTime(() => false, hour_ms);
  assert.equal(countOf(fleet, 'deployment'), 2, 'nothing is built');
  const shown = json(await fleet.api('GET', `${acme}?wait=30`));
  assert.equal(shown.sites[0].paused.reason, 'a fair');
  assert.equal(shown.sites[0].upToDate, false);

  const resumed = await fleet.api('POST', `${acme}/builds/resume`);
  assert.equal(resumed.status, 202, resumed.text);
  assert.equal(json(resumed).operation.state, 'running');
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 4, 'one build of each site');
  for (const id of ['acme/dev', 'acme/prod']) {
    assert.equal(siteOf(fleet, id).live?.revision, siteOf(fleet, id).desired.revision);
  }
  const { operationId } = json(resumed).operation;
  const followed = json(await fleet.api('GET', `/api/v1/operations/${operationId}`));
  assert.equal(followed.state, 'succeeded');
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('both change nothing where it is so already, and are refused in words', async () => {
  const fleet = await acmeFleet();
  const size = (): number => countOf(fleet, 'journal');
  const before = size();
  const needless = await fleet.api('POST', `${acme}/builds/resume`, {});
  assert.deepEqual([needless.status, json(needless).changed], [200, false]);
  assert.equal(size(), before);
  await fleet.api('POST', `${acme}/builds/pause`);
  const once = size();
  const again = await fleet.api('POST', `${acme}/builds/pause`, { reason: 'again' });
  assert.deepEqual([again.status, json(again).changed], [200, false]);
  assert.equal(size(), once);
  assert.equal(
    told(await fleet.api('POST', `${acme}/builds/pause`, { reason: '' })),
    '422 body.invalid',
  );
  assert.equal(
    told(await fleet.api('POST', `${platforms}/nobody/builds/pause`)),
    '404 platform.unknown',
  );
});

test('paused during a build: it ends as it would, then nothing more', async () => {
  for (const state of ['planned', 'running', 'uploaded']) {
    const { fleet } = openFleet();
    await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
    assert.ok(await fleet.passTime(() => siteOf(fleet).active?.state === state, hour_ms), state);
    await fleet.api('POST', `${acme}/builds/pause`, {});
    await fleet.api('POST', deployments_path, {});
    await settle(fleet);
    assert.equal(siteOf(fleet).last?.state, 'live', state);
    assert.equal(countOf(fleet, 'deployment'), 1, state);
    await fleet.api('POST', `${acme}/builds/resume`, {});
    await settle(fleet);
    assert.equal(countOf(fleet, 'deployment'), 2);
    assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
  }
});

test('paused before its project exists: the project is made, and rests', async () => {
  const { fleet } = openFleet();
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  await fleet.api('POST', `${acme}/builds/pause`, {});
  await settle(fleet);
  assert.deepEqual([siteOf(fleet).state, countOf(fleet, 'deployment')], ['ready', 0]);
  await fleet.api('PATCH', acme, { environments: { add: ['prod'] } });
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 0, 'a new environment is paused like the others');
  await fleet.api('POST', `${acme}/builds/resume`, {});
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 2);
  assert.ok(eventsOf(fleet, 'site:acme/prod').includes('builds_paused'));
});

test('suspended and paused: both must end before something is built', async () => {
  const fleet = await acmeFleet();
  await fleet.api('POST', `${acme}/builds/pause`, {});
  await fleet.api('POST', `${acme}/suspend`, {});
  await fleet.api('POST', deployments_path, {});
  await fleet.api('POST', `${acme}/builds/resume`, {});
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 1);
  await fleet.api('POST', `${acme}/builds/pause`, {});
  await fleet.api('POST', `${acme}/resume`, {});
  await settle(fleet);
  assert.deepEqual([siteOf(fleet).state, countOf(fleet, 'deployment')], ['ready', 1]);
  await fleet.api('POST', `${acme}/builds/resume`, {});
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), 2);
});

test('a build by hand is refused while paused, and says so', async () => {
  const fleet = await acmeFleet();
  await fleet.api('POST', `${acme}/builds/pause`, { reason: 'a fair' });
  const body = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  const answer = await fleet.api('POST', '/api/v1/claims', body, 'internal-key');
  assert.equal(told(answer), '409 builds.paused');
});
