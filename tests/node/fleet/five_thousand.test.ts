// 5,000 platforms ask for a build within one minute, over one account with its one call budget: all
// go live, no limit is met anywhere, GitHub is hardly asked, and it takes hardly longer than what
// Cloudflare's budget allows. What it would cost is printed beside a run for each tenant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fleet } from '../crash/fleet.ts';
import { core, hour_ms, minute_ms } from '../faults/support.ts';
import { plantTenants, tenant } from './plant.ts';

const count = Number(process.env.FLEET_TENANTS ?? 5_000);
/** As in the cost example of docs/performance.md. */
const timings = { queue_ms: 3_000, setup_ms: 40_000, build_ms: 4_000, deploy_ms: 4_000 };
const calls_per_s = 1200 / 300;

interface Site {
  readonly id: string;
  readonly live?: { readonly config_version: number; readonly at_ms: number };
  readonly desired: { readonly config_version: number };
}

function sites(fleet: Fleet): Site[] {
  return fleet.db.sqlite
    .prepare('SELECT id, "row" FROM site ORDER BY id')
    .all()
    .map(({ id, row }) => ({ ...(JSON.parse(String(row)) as Site), id: String(id) }));
}

function countOf(fleet: Fleet, sql: string): number {
  return Number(fleet.db.sqlite.prepare(sql).get()?.n);
}

async function change(fleet: Fleet, index: number): Promise<void> {
  const path = `/api/v1/platforms/${tenant(index)}/features/activate`;
  const answer = await fleet.api('POST', path, { featureId: 'quotes' });
  assert.equal(answer.status, 202, answer.text);
}

test(`${count} platforms ask for a build in one minute`, { timeout: 600_000 }, async () => {
  const fleet = new Fleet({
    core,
    account: { projectLimit: 10_000 },
    runner: { timings, slots: 20 },
  });
  await plantTenants(fleet, count);
  await fleet.passTime(() => false, 6 * minute_ms);
  const [before] = fleet.cloudflare.budgets();
  const github_before = fleet.github.budgets()[0];
  const batches_before = countOf(fleet, 'SELECT count(*) AS n FROM batch');
  const cost_before = fleet.cost();

  const began_ms = fleet.clock.now();
  for (let index = 0; index < count; index += 1) {
    const due_ms = began_ms + Math.floor((index * minute_ms) / count);
    await fleet.passTime(() => fleet.clock.now() >= due_ms, 2 * minute_ms);
    await change(fleet, index);
  }
  // In the middle of it somebody waits for one of the last.
  await fleet.passTime(() => fleet.clock.now() >= began_ms + 10 * minute_ms, hour_ms);
  const urgent = tenant(count - 1);
  const asked_ms = fleet.clock.now();
  const path = `/api/v1/platforms/${urgent}/environments/dev/deployments`;
  assert.equal((await fleet.api('POST', path, {})).status, 202);

  const served = fleet.db.sqlite.prepare(
    `SELECT count(*) AS n FROM site WHERE json_extract("row", '$.live.config_version') = 2`,
  );
  let turns = 0;
  const done = (): boolean => {
    turns += 1;
    return turns % 100 === 0 && Number(served.get()?.n) === count;
  };
  assert.ok(await fleet.passTime(done, 24 * hour_ms), 'all are live within a day');

  const all = sites(fleet);
  const ended_ms = Math.max(...all.map(({ live }) => live?.at_ms ?? Infinity));
  const urgent_ms = (all.find(({ id }) => id === `${urgent}/dev`)?.live?.at_ms ?? 0) - asked_ms;
  const [spent] = fleet.cloudflare.budgets();
  const github = fleet.github.budgets()[0];
  assert.ok(spent !== undefined && github !== undefined);
  const calls = spent.calls - (before?.calls ?? 0);
  const took_s = (ended_ms - began_ms) / 1000;
  const implied_s = calls / calls_per_s;
  const batches = countOf(fleet, 'SELECT count(*) AS n FROM batch') - batches_before;
  const dispatches = github.dispatches - (github_before?.dispatches ?? 0);
  const asked = github.calls - (github_before?.calls ?? 0);
  const cost = fleet.cost();
  const minutes = cost.billed_minutes - cost_before.billed_minutes;
  const each_min = Math.ceil((timings.setup_ms + timings.build_ms + timings.deploy_ms) / minute_ms);
  console.log(
    [
      `simulated time ${took_s.toFixed(0)} s; Cloudflare's budget implies ${implied_s.toFixed(0)} s`,
      `  for ${calls} calls: ratio ${(took_s / implied_s).toFixed(3)}`,
      `Cloudflare: at most ${spent.peak_in_window} of 1200 calls in 5 minutes, ${spent.refused} refused`,
      `GitHub: ${asked} calls and ${github.not_modified} times 304, ${dispatches} dispatches for`,
      `  ${batches} batches, at most ${github.peak_dispatches_in_minute} a minute,`,
      `  ${github.refused} refused`,
      `somebody waited ${(urgent_ms / 1000).toFixed(0)} s in the middle of it`,
      `cost: ${cost.jobs - cost_before.jobs} jobs, ${minutes} billed minutes,`,
      `  $${(minutes * 0.006).toFixed(2)}; a run for each tenant: ${count} jobs,`,
      `  ${count * each_min} minutes, $${(count * each_min * 0.006).toFixed(2)}`,
    ].join('\n'),
  );
  assert.equal(spent.refused, 0, 'no 429 of Cloudflare');
  assert.equal(github.refused, 0, 'no limit of GitHub');
  assert.ok(spent.peak_in_window <= 1200);
  assert.ok(github.peak_dispatches_in_minute <= 80 && github.peak_dispatches_in_hour <= 500);
  const active_minutes = Math.ceil(took_s / 60) + 1;
  assert.ok(asked <= dispatches + 3 * batches + active_minutes, `${asked} calls of GitHub`);
  assert.ok(took_s <= 1.1 * implied_s, 'the budget is used');
  assert.ok(minutes < count * each_min, 'it costs less than a run for each');
  assert.ok(urgent_ms < 10 * minute_ms, 'who waits does not wait for the fleet');
});
