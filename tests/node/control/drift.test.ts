// Drift: what is served is held against what was verified, on demand and by the cron's sample.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet } from '../crash/scenario.ts';
import {
  acmeFleet,
  countOf,
  eventsOf,
  hour_ms,
  json,
  live,
  platforms,
  settle,
  siteOf,
  told,
  uploadToProduction,
} from './support.ts';

const acme = `${platforms}/acme`;
const check_path = `${acme}/environments/dev/check`;

async function check(fleet: Fleet): Promise<string> {
  const answer = await fleet.api('POST', check_path);
  assert.equal(answer.status, 200, answer.text);
  return json(answer).result;
}

function findings(fleet: Fleet, id = 'acme/dev'): string[] {
  return eventsOf(fleet, `site:${id}`).filter((type) => /drifted|matches/.test(type));
}

test('foreign content is drift, told once and shown, until a deployment is live', async () => {
  const fleet = await acmeFleet();
  assert.equal(await check(fleet), 'matches');
  assert.deepEqual(findings(fleet), []);
  await uploadToProduction(fleet, 'acme-dev-portal');
  await fleet.passTime(() => false, hour_ms / 4);
  assert.equal(await check(fleet), 'drifted');
  assert.equal(await check(fleet), 'drifted');
  assert.deepEqual(findings(fleet), ['site_drifted']);
  const [shown] = json(await fleet.api('GET', acme)).sites;
  assert.match(shown.drift.detail, /slipway\.json/);
  await fleet.api('POST', `${acme}/environments/dev/deployments`);
  await settle(fleet);
  assert.equal(json(await fleet.api('GET', acme)).sites[0].drift, undefined);
  assert.equal(await check(fleet), 'matches');
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('while another deployment is about to be served there is no finding', async () => {
  const fleet = await acmeFleet();
  await fleet.api('POST', `${acme}/environments/dev/deployments`);
  await fleet.passTime(() => siteOf(fleet).active?.state === 'uploaded', hour_ms);
  assert.equal(await check(fleet), 'unclear');
});

test('a site that serves nothing of ours cannot be checked', async () => {
  const { fleet } = openFleet();
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  assert.equal(told(await fleet.api('POST', check_path)), '409 site.not_ready');
  const unknown = `${acme}/environments/stg/check`;
  assert.equal(told(await fleet.api('POST', unknown)), '404 environment.unknown');
});

test('the sample walks all sites that serve something, a few a tick, again and again', async () => {
  const { fleet } = openFleet([], undefined, { variables: { DRIFT_SAMPLE: '2' } });
  for (const id of ['acme', 'globex', 'initech']) await live(fleet, id, ['dev']);
  for (const id of ['acme', 'globex', 'initech']) {
    await uploadToProduction(fleet, `${id}-dev-portal`);
  }
  await fleet.passTime(() => false, hour_ms / 4);
  for (const id of ['acme', 'globex', 'initech']) {
    assert.deepEqual(findings(fleet, `${id}/dev`), ['site_drifted'], id);
  }
});

test('without a sample nothing is looked at and nothing stored', async () => {
  const fleet = await acmeFleet();
  const size = countOf(fleet, 'outbox');
  await uploadToProduction(fleet, 'acme-dev-portal');
  await fleet.passTime(() => false, hour_ms);
  assert.deepEqual(findings(fleet), []);
  assert.equal(countOf(fleet, 'outbox'), size);
});
