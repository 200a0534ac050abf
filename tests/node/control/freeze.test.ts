// The frozen fleet: nothing begins anywhere, what runs ends, nothing that was wished is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFleet } from '../crash/scenario.ts';
import { acmeFleet, countOf, hour_ms, json, platforms, settle, siteOf, told } from './support.ts';

const acme = `${platforms}/acme`;
const fleet_path = '/api/v1/fleet';
const deployments_path = `${acme}/environments/dev/deployments`;

test('frozen: no deployment is planned; unfrozen, every wish is served', async () => {
  const fleet = await acmeFleet(['dev', 'prod']);
  const frozen = await fleet.api('POST', `${fleet_path}/freeze`, { reason: 'the holidays' });
  assert.equal(frozen.status, 200, frozen.text);
  assert.deepEqual([json(frozen).frozen.reason, json(frozen).frozen.by], ['the holidays', 'admin']);
  await fleet.api('POST', `${acme}/features/activate`, { featureId: 'chat' });
  await fleet.api('POST', platforms, { platformId: 'globex', environments: ['dev'] });
  await fleet.passTime(() => false, hour_ms);
  assert.equal(countOf(fleet, 'deployment'), 2);
  assert.equal(siteOf(fleet, 'globex/dev').state, 'ready', 'projects are made all the same');
  assert.deepEqual(json(await fleet.api('GET', fleet_path)), json(frozen));

  assert.deepEqual(json(await fleet.api('POST', `${fleet_path}/unfreeze`)), {});
  await settle(fleet);
  for (const id of ['acme/dev', 'acme/prod', 'globex/dev']) {
    const { live, desired } = siteOf(fleet, id);
    assert.equal(live?.revision, desired.revision, id);
  }
  assert.equal(countOf(fleet, 'deployment'), 5);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('frozen while a batch is planned: it is dispatched when the fleet is unfrozen', async () => {
  const { fleet } = openFleet();
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  await fleet.passTime(() => siteOf(fleet).active?.state === 'planned', hour_ms);
  await fleet.api('POST', `${fleet_path}/freeze`, { reason: 'stop' });
  await fleet.passTime(() => false, hour_ms / 2);
  assert.equal(siteOf(fleet).active?.state, 'planned');
  await fleet.api('POST', `${fleet_path}/unfreeze`);
  await settle(fleet);
  assert.equal(siteOf(fleet).live?.revision, 1);
});

test('frozen while something runs: it ends', async () => {
  for (const state of ['dispatched', 'running', 'uploaded']) {
    const { fleet } = openFleet();
    await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
    await fleet.passTime(() => siteOf(fleet).active?.state === state, hour_ms);
    await fleet.api('POST', `${fleet_path}/freeze`, { reason: 'stop' });
    await fleet.api('POST', deployments_path);
    await fleet.passTime(() => false, hour_ms / 2);
    assert.equal(siteOf(fleet).live?.revision, 1, state);
    assert.equal(countOf(fleet, 'deployment'), 1, state);
    await fleet.api('POST', `${fleet_path}/unfreeze`);
    await settle(fleet);
    assert.equal(siteOf(fleet).live?.revision, 2, state);
  }
});

test('both change nothing where it is so already; a reason is needed', async () => {
  const fleet = await acmeFleet();
  const before = countOf(fleet, 'journal');
  await fleet.api('POST', `${fleet_path}/unfreeze`);
  assert.equal(countOf(fleet, 'journal'), before);
  assert.equal(told(await fleet.api('POST', `${fleet_path}/freeze`)), '400 body.missing');
  assert.equal(
    told(await fleet.api('POST', `${fleet_path}/freeze`, { reason: '' })),
    '422 body.invalid',
  );
  await fleet.api('POST', `${fleet_path}/freeze`, { reason: 'one' });
  await fleet.api('POST', `${fleet_path}/freeze`, { reason: 'two' });
  assert.equal(countOf(fleet, 'journal'), before + 1);
  assert.equal(json(await fleet.api('GET', fleet_path)).frozen.reason, 'one');
});

test('a build by hand is refused while frozen, and says so', async () => {
  const fleet = await acmeFleet();
  await fleet.api('POST', `${fleet_path}/freeze`, { reason: 'stop' });
  const body = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  const answer = await fleet.api('POST', '/api/v1/claims', body, 'internal-key');
  assert.equal(told(answer), '409 fleet.frozen');
});
