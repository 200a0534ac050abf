// Which sites are planned next: production is not starved, what somebody waits for overtakes, and
// foreign code shares no job.
import assert from 'node:assert/strict';
import { create, type FaultyFleet, hour_ms, minute_ms, settle } from '../faults/support.ts';
import { test } from '../support/own_thread.ts';
import { tenant } from './plant.ts';
import {
  assertServing,
  batchCount,
  batchesAfter,
  change,
  liveTenants,
  settleWell,
  sitesOf,
  upTo,
} from './support.ts';

const most = 560;

// A fleet with three platforms more, in production.
async function withProduction(fleet: FaultyFleet): Promise<readonly string[]> {
  const names = ['prod-a', 'prod-b', 'prod-c'];
  await create(fleet, {
    requests: names.map((platformId) => ({
      method: 'POST',
      path: '/api/v1/platforms',
      body: { platformId, environments: ['prod'] },
    })),
    sites: [],
  });
  await settle(fleet);
  for (const name of names) assert.equal(sitesOf(fleet).get(name)?.live?.config_version, 1);
  return names;
}

// Hundreds change, a first batch of 250 is planned, and the others wait.
async function waiting(fleet: FaultyFleet): Promise<number> {
  const known = batchCount(fleet);
  await change(fleet, upTo(most));
  const planned = (): boolean => batchesAfter(fleet, known).length > 0;
  assert.ok(await fleet.passTime(planned, minute_ms));
  assert.equal(queued(fleet), most - 250);
  return known;
}

function queued(fleet: FaultyFleet): number {
  const sql = `SELECT count(*) AS n FROM site WHERE json_extract("row", '$.queued') IS NOT NULL`;
  return Number(fleet.db.sqlite.prepare(sql).get()?.n);
}

test('300 sites of dev wait, and then 3 of prod: these are planned next', async () => {
  const fleet = await liveTenants(most);
  const names = await withProduction(fleet);
  await fleet.passTime(() => false, 6 * minute_ms);
  const known = await waiting(fleet);
  for (const name of names) {
    const path = `/api/v1/platforms/${name}/features/activate`;
    assert.equal((await fleet.api('POST', path, { featureId: 'quotes' })).status, 202);
  }
  const next = (): boolean => batchesAfter(fleet, known).length > 1;
  assert.ok(await fleet.passTime(next, hour_ms));
  const [first, second] = batchesAfter(fleet, known);
  assert.deepEqual([first?.environment, first?.members.length], ['dev', 250]);
  assert.equal(second?.environment, 'prod');
  assert.deepEqual(
    second?.members.map(({ site }) => site),
    names.map((name) => `${name}/prod`),
  );
  assert.ok(queued(fleet) >= 300, 'all that waited before still wait');

  await settleWell(fleet);
  for (const name of names) assert.equal(sitesOf(fleet).get(name)?.live?.config_version, 2);
  await assertServing(fleet, upTo(most), 2);
});

test('what somebody waits for overtakes hundreds, and shares no batch with them', async () => {
  const fleet = await liveTenants(most);
  const known = await waiting(fleet);
  const last = [...sitesOf(fleet).values()].filter(({ active }) => active === undefined).at(-1);
  const urgent = last?.platform_id ?? '';
  const asked_ms = fleet.clock.now();
  const path = `/api/v1/platforms/${urgent}/environments/dev/deployments`;
  assert.equal((await fleet.api('POST', path, {})).status, 202);
  const next = (): boolean => batchesAfter(fleet, known).length > 1;
  assert.ok(await fleet.passTime(next, minute_ms));
  assert.ok(queued(fleet) >= 300, `the others wait: ${queued(fleet)}`);
  const isLive = (): boolean => sitesOf(fleet).get(urgent)?.live?.config_version === 2;
  assert.ok(await fleet.passTime(isLive, 10 * minute_ms));
  const took_s = (fleet.clock.now() - asked_ms) / 1000;
  assert.ok(took_s < 120, `${took_s} s, as if nobody else were there`);
  const second = batchesAfter(fleet, known)[1];
  assert.equal(second?.interactive, true);
  assert.deepEqual(
    second?.members.map(({ site }) => site),
    [`${urgent}/dev`],
  );
  await settleWell(fleet);
  await assertServing(fleet, upTo(most), 2);
});

test('a platform with raw TypeScript is alone in its job', async () => {
  const fleet = await liveTenants(5);
  const known = batchCount(fleet);
  const raw = {
    featuresConfig: 'export const featuresConfig = { features: {} };\n',
    envConfig: 'export const envConfig = { APP_NAME: process.env.NAME };\n',
    authConfig: "export const authConfig = { provider: 'none' };\n",
  };
  const path = `/api/v1/platforms/${tenant(2)}/config`;
  const put = await fleet.api('PUT', path, raw, 'admin-key', { 'if-match': '*' });
  assert.equal(put.status, 202, put.text);
  await change(fleet, [0, 1, 3, 4]);
  await settleWell(fleet);
  await assertServing(fleet, upTo(5), 2);
  const [batch, ...others] = batchesAfter(fleet, known);
  assert.deepEqual(others, []);
  assert.equal(batch?.shards, 2);
  const alone = batch?.members.find(({ site }) => site === `${tenant(2)}/dev`);
  const beside = batch?.members.filter(({ shard }) => shard === alone?.shard);
  assert.deepEqual(beside, [alone]);
});

test('a shard has at most 30 deployments, a batch 250', async () => {
  const fleet = await liveTenants(300);
  const known = batchCount(fleet);
  await change(fleet, upTo(300));
  await settleWell(fleet);
  await assertServing(fleet, upTo(300), 2);
  const batches = batchesAfter(fleet, known);
  assert.deepEqual(
    batches.map(({ members }) => members.length),
    [250, 50],
  );
  for (const { members, shards } of batches) {
    const sizes = upTo(shards).map(
      (number) => members.filter(({ shard }) => shard === number).length,
    );
    assert.ok(Math.max(...sizes) <= 30 && Math.min(...sizes) > 0, String(sizes));
  }
  const [budget] = fleet.cloudflare.budgets();
  assert.equal(budget?.refused, 0, JSON.stringify(budget));
});
