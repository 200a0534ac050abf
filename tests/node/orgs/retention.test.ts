// What orgs leave in the storage as time goes by.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour_ms, orgFleet, orgOf, provisioned } from './support.ts';

const day_ms = 24 * hour_ms;

test("an org's old events give way to a snapshot; its row still follows", async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  const events = (): number => {
    const sql = `SELECT count(*) AS n FROM journal WHERE aggregate = 'org:aurora'`;
    return Number(fleet.db.sqlite.prepare(sql).get()?.n);
  };
  const before = events();
  assert.ok(before > 5);
  const row = JSON.stringify(orgOf(fleet));
  fleet.clock.advance(181 * day_ms);
  await fleet.passTime(() => false, hour_ms / 6);
  assert.equal(events(), 1, `there were ${before}`);
  assert.equal(JSON.stringify(orgOf(fleet)), row);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});
