// Suspend and resume: nothing is deployed meanwhile, what is served stays served, nothing is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFleet, rows } from '../crash/scenario.ts';
import {
  acmeFleet,
  countOf,
  dashboard,
  eventsOf,
  hour_ms,
  json,
  platforms,
  projectNames,
  settle,
  siteOf,
  told,
} from './support.ts';

const acme = `${platforms}/acme`;
const deployments_path = `${acme}/environments/dev/deployments`;

test('a suspended platform is served and not deployed; resumed, its wish is', async () => {
  const fleet = await acmeFleet(['dev', 'prod']);
  const suspended = await fleet.api('POST', `${acme}/suspend`, { reason: 'unpaid' });
  assert.equal(suspended.status, 202, suspended.text);
  assert.equal(json(suspended).operation.state, 'succeeded');
  const shown = json(await fleet.api('GET', acme));
  assert.equal(shown.state, 'suspended');
  assert.equal(shown.suspended.reason, 'unpaid');
  assert.deepEqual(
    shown.sites.map(({ state }: { state: string }) => state),
    ['suspended', 'suspended'],
  );
  const before = countOf(fleet, 'deployment');
  const wished = await fleet.api('POST', `${acme}/features/activate`, { featureId: 'chat' });
  assert.equal(wished.status, 202, wished.text);
  assert.deepEqual(json(wished).rebuilds, []);
  const { operationId, sites } = json(wished).operation;
  assert.equal(sites[0].failure.code, 'platform.suspended');
  await settle(fleet);
  await fleet.passTime(() => false, hour_ms);
  assert.equal(countOf(fleet, 'deployment'), before, 'nothing is deployed');
  assert.equal(siteOf(fleet).live?.revision, 1, 'what is served stays served');

  const resumed = json(await fleet.api('POST', `${acme}/resume`));
  assert.equal(resumed.operation.state, 'running');
  await settle(fleet);
  assert.equal(countOf(fleet, 'deployment'), before + 2);
  for (const id of ['acme/dev', 'acme/prod']) {
    const { state, live, desired } = siteOf(fleet, id);
    assert.deepEqual([state, live?.revision], ['ready', desired.revision]);
  }
  for (const id of [operationId, resumed.operation.operationId]) {
    assert.equal(json(await fleet.api('GET', `/api/v1/operations/${id}`)).state, 'succeeded');
  }
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('both change nothing where it is so already', async () => {
  const fleet = await acmeFleet();
  const size = (): number => countOf(fleet, 'journal');
  const before = size();
  const needless = await fleet.api('POST', `${acme}/resume`, {});
  assert.deepEqual([needless.status, json(needless).changed], [200, false]);
  assert.equal(size(), before);
  await fleet.api('POST', `${acme}/suspend`, {});
  const once = size();
  const again = await fleet.api('POST', `${acme}/suspend`, { reason: 'again' });
  assert.deepEqual([again.status, json(again).changed], [200, false]);
  assert.equal(size(), once);
  const wrong = await fleet.api('POST', `${acme}/resume`, { reason: '' });
  assert.equal(told(wrong), '422 body.invalid');
  assert.equal(
    told(await fleet.api('POST', `${platforms}/nobody/suspend`)),
    '404 platform.unknown',
  );
});

test('suspended during a build: it ends; the operation follows it; then nothing more', async () => {
  for (const state of ['planned', 'running', 'uploaded']) {
    const { fleet } = openFleet();
    await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
    assert.ok(await fleet.passTime(() => siteOf(fleet).active?.state === state, hour_ms));
    const { operation } = json(await fleet.api('POST', `${acme}/suspend`, {}));
    assert.deepEqual([operation.state, operation.sites[0].step], ['running', state]);
    await fleet.api('POST', deployments_path, {});
    await settle(fleet);
    assert.equal(countOf(fleet, 'deployment'), 1, state);
    assert.equal(siteOf(fleet).last?.state, 'live', 'what was under way has ended');
    const path = `/api/v1/operations/${operation.operationId}`;
    assert.equal(json(await fleet.api('GET', path)).state, 'succeeded');
    await fleet.api('POST', `${acme}/resume`, {});
    await settle(fleet);
    assert.equal(countOf(fleet, 'deployment'), 2);
    assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
  }
});

test('suspended and resumed during one build: it goes on to its end', async () => {
  for (const state of ['planned', 'running', 'uploaded']) {
    const { fleet } = openFleet();
    await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
    await fleet.passTime(() => siteOf(fleet).active?.state === state, hour_ms);
    await fleet.api('POST', `${acme}/suspend`, {});
    await fleet.api('POST', `${acme}/resume`, {});
    await settle(fleet);
    assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision, state);
    assert.deepEqual(
      rows<{ state: string }>(fleet, 'deployment').map((row) => row.state),
      ['live'],
    );
  }
});

test('a project that went while its site was suspended is made and deployed anew', async () => {
  const fleet = await acmeFleet();
  await fleet.api('POST', `${acme}/suspend`, {});
  assert.equal((await dashboard(fleet, 'DELETE', 'acme-dev-portal')).status, 200);
  await fleet.api('POST', `${acme}/resume`, {});
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal']);
  assert.equal(countOf(fleet, 'deployment'), 2);
  assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('a build by hand is refused while suspended, and says so', async () => {
  const fleet = await acmeFleet();
  await fleet.api('POST', `${acme}/suspend`, {});
  const body = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  const answer = await fleet.api('POST', '/api/v1/claims', body, 'internal-key');
  assert.equal(told(answer), '409 claim.nothing_to_build');
  assert.match(json(answer).detail, /suspended/);
});

test('suspended while its project is being created: resumed, it is created once', async () => {
  const { fleet } = openFleet();
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  await fleet.api('POST', `${acme}/suspend`, {});
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), []);
  await fleet.api('POST', `${acme}/resume`, {});
  await settle(fleet);
  assert.equal(siteOf(fleet).live?.revision, 1);
  assert.deepEqual(eventsOf(fleet, 'site:acme/dev').slice(0, 3), [
    'site_planned',
    'site_suspended',
    'site_resumed',
  ]);
});

// The simulation found it: the look at the project was lost, and the failure settled the promise.
test('resumed while it is built, a site is not forgotten when the build fails', async () => {
  let lost = false;
  const { fleet } = openFleet([], undefined, {
    runner: { failures: () => 'it does not build' },
    deliver: (message) => (lost && message.key === 'site:acme/dev' ? [] : [message]),
  });
  const body = { platformId: 'acme', environments: ['dev'] };
  assert.equal((await fleet.api('POST', platforms, body)).status, 202);
  const runs = (): boolean => siteOf(fleet).active?.state === 'running';
  const there = (): boolean => countOf(fleet, 'site') === 1 && runs();
  assert.ok(await fleet.passTime(there, hour_ms));
  lost = true;
  assert.ok((await fleet.api('POST', `${acme}/suspend`, {})).status < 300);
  assert.ok((await fleet.api('POST', `${acme}/resume`, {})).status < 300);
  assert.equal(siteOf(fleet).state, 'creating');
  assert.ok(await fleet.passTime(() => siteOf(fleet).active === undefined, hour_ms));
  lost = false;
  await settle(fleet);
  assert.equal(siteOf(fleet).state, 'ready');
  assert.equal(siteOf(fleet).last?.state, 'failed');
});
