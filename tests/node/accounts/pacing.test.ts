// How many projects an account makes in a day: few on its first two days, more from the third on,
// and exactly the number that a person gave it.
import assert from 'node:assert/strict';
import { callsOf, core, FaultyFleet, hour_ms, openFleet, settle } from '../faults/support.ts';
import { test } from '../support/own_thread.ts';
import { assertPlacesAgree, createPlatform, main_id, put, siteOf, sitesOf } from './support.ts';

const day_ms = 24 * hour_ms;
const start_ms = Date.UTC(2026, 0, 1);

function madePerDay(fleet: FaultyFleet, days: number): number[] {
  const made = callsOf(fleet, 'cloudflare.project.create').filter(({ status }) => status === 200);
  return Array.from({ length: days }, (_, day) => {
    const from_ms = start_ms + day * day_ms;
    return made.filter(({ at_ms }) => at_ms >= from_ms && at_ms < from_ms + day_ms).length;
  });
}

test('a young account: 40 on the first day, 31 on the second, more from the third on', async () => {
  const fleet = new FaultyFleet({ core, cloudflareLimits: { projects: 300 } }, []);
  fleet.cloudflare.configure(main_id, { created_ms: start_ms });
  await put(fleet, 'main', { cloudflareId: main_id, capacity: 300 });
  for (let i = 0; i < 100; i += 1) await createPlatform(fleet, `tenant-${i}`);
  await settle(fleet, 5 * day_ms);
  assert.equal(sitesOf(fleet).filter((site) => site.live).length, 100);
  assert.deepEqual(madePerDay(fleet, 3), [40, 31, 29]);
  assertPlacesAgree(fleet);
});

test('an account with a number of its own keeps to it; another number holds at once', async () => {
  const fleet = openFleet();
  await put(fleet, 'main', { cloudflareId: main_id, dailyCreations: 4 });
  for (let i = 0; i < 9; i += 1) await createPlatform(fleet, `tenant-${i}`);
  await fleet.passTime(() => fleet.clock.now() >= start_ms + day_ms, 2 * day_ms);
  assert.deepEqual(madePerDay(fleet, 1), [4]);
  await put(fleet, 'main', { cloudflareId: main_id, dailyCreations: 400 });
  await settle(fleet, hour_ms);
  assert.equal(sitesOf(fleet).filter((site) => site.live).length, 9);
  assertPlacesAgree(fleet);
});

test('a site that waits makes no call, and another wish does not jump the queue', async () => {
  const fleet = openFleet();
  await put(fleet, 'main', { cloudflareId: main_id, dailyCreations: 4 });
  for (const name of ['one', 'two']) await createPlatform(fleet, name);
  await fleet.passTime(() => fleet.clock.now() >= start_ms + hour_ms, 2 * hour_ms);
  const name = ['one', 'two'].find((each) => siteOf(fleet, each).waiting) ?? '';
  const until_ms = siteOf(fleet, name).waiting?.until_ms;
  const before = callsOf(fleet, '*').length;
  const deploy = `/api/v1/platforms/${name}/environments/dev/deployments`;
  assert.equal((await fleet.api('POST', deploy, {})).status, 202);
  await fleet.passTime(() => fleet.clock.now() >= start_ms + 5 * hour_ms, 6 * hour_ms);
  assert.equal(callsOf(fleet, '*').length, before);
  assert.equal(siteOf(fleet, name).waiting?.until_ms, until_ms);
  await settle(fleet, day_ms);
  assert.ok(siteOf(fleet, name).live);
});
