// Many changes are few builds: they are gathered, and what comes while a batch waits goes along.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callsOf, type FaultyFleet } from '../faults/support.ts';
import {
  assertServing,
  attemptsOf,
  type Batch,
  batchCount,
  batchesAfter,
  change,
  liveTenants,
  settleWell,
} from './support.ts';

// So many changes of the first platform, evenly over the time.
async function changes(fleet: FaultyFleet, count: number, within_ms: number): Promise<void> {
  const began_ms = fleet.clock.now();
  for (let index = 0; index < count; index += 1) {
    await fleet.passUntil(began_ms + Math.floor((index * within_ms) / count));
    await change(fleet, [0], `feature-${index}`);
  }
}

// From the first change until its batch was planned, in seconds.
async function plannedAfter_s(
  options: Readonly<Record<string, string>>,
  count: number,
  within_ms: number,
): Promise<number> {
  const fleet = await liveTenants(1, { variables: options });
  const known = batchCount(fleet);
  const began_ms = fleet.clock.now();
  await changes(fleet, count, within_ms);
  await settleWell(fleet);
  const [batch] = batchesAfter(fleet, known) as [Batch];
  await assertServing(fleet, [0], count + 1);
  return (batch.created_ms - began_ms) / 1000;
}

test('200 changes in 30 seconds are at most two builds, and the last one is live', async () => {
  const fleet = await liveTenants(1);
  const known = batchCount(fleet);
  const dispatched = callsOf(fleet, 'github.dispatch').length;
  await changes(fleet, 200, 30_000);
  await settleWell(fleet);
  await assertServing(fleet, [0], 201);
  const builds = batchesAfter(fleet, known).length;
  assert.ok(builds >= 1 && builds <= 2, `${builds} builds`);
  assert.equal(callsOf(fleet, 'github.dispatch').length - dispatched, builds);
  assert.deepEqual(new Set(attemptsOf(fleet, 0)), new Set(['live']));
});

test('200 changes in 30 s without a debounce: what waits for its run is renewed', async () => {
  const fleet = await liveTenants(1, { variables: { BUILD_DEBOUNCE_S: '0' } });
  const known = batchCount(fleet);
  await changes(fleet, 200, 30_000);
  await settleWell(fleet);
  await assertServing(fleet, [0], 201);
  assert.equal(batchesAfter(fleet, known).length, 2);
});

test('a change is planned 5 s later, and BUILD_DEBOUNCE_S changes that', async () => {
  const usual = await plannedAfter_s({}, 1, 0);
  assert.ok(usual >= 5 && usual < 8, `${usual} s`);
  const longer = await plannedAfter_s({ BUILD_DEBOUNCE_S: '30' }, 1, 0);
  assert.ok(longer >= 30 && longer < 33, `${longer} s`);
  const none = await plannedAfter_s({ BUILD_DEBOUNCE_S: '0' }, 1, 0);
  assert.ok(none < 3, `${none} s`);
});

test('changes without an end are planned after 60 s, or BUILD_WAIT_MAX_S', async () => {
  const usual = await plannedAfter_s({}, 90, 90_000);
  assert.ok(usual >= 60 && usual < 63, `${usual} s`);
  const sooner = await plannedAfter_s({ BUILD_WAIT_MAX_S: '20' }, 60, 60_000);
  assert.ok(sooner >= 20 && sooner < 23, `${sooner} s`);
});
