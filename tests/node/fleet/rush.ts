// Thousands of platforms ask for a build within one minute, over one account with its one call
// budget: all go live, no limit is met anywhere, GitHub is hardly asked, and it takes hardly longer
// than what Cloudflare's budget allows. What it would cost is printed beside a run for each tenant.
import assert from 'node:assert/strict';
import { Fleet } from '../crash/fleet.ts';
import { core, hour_ms, minute_ms } from '../faults/support.ts';
import { plantTenants, tenant } from './plant.ts';

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

/** What was spent so far, by whom. */
interface Spent {
  readonly calls: number;
  readonly asked: number;
  readonly dispatches: number;
  readonly batches: number;
  readonly jobs: number;
  readonly minutes: number;
}

function spentBy(fleet: Fleet): Spent {
  const [cloudflare] = fleet.cloudflare.budgets();
  const [github] = fleet.github.budgets();
  const { jobs, billed_minutes: minutes } = fleet.cost();
  return {
    calls: cloudflare?.calls ?? 0,
    asked: github?.calls ?? 0,
    dispatches: github?.dispatches ?? 0,
    batches: countOf(fleet, 'SELECT count(*) AS n FROM batch'),
    jobs,
    minutes,
  };
}

/** Every platform asks within a minute; ten minutes later somebody waits for the last one. */
async function ask(fleet: Fleet, count: number): Promise<{ began_ms: number; asked_ms: number }> {
  const began_ms = fleet.clock.now();
  for (let index = 0; index < count; index += 1) {
    const due_ms = began_ms + Math.floor((index * minute_ms) / count);
    await fleet.passTime(() => fleet.clock.now() >= due_ms, 2 * minute_ms);
    await change(fleet, index);
  }
  await fleet.passTime(() => fleet.clock.now() >= began_ms + 10 * minute_ms, hour_ms);
  const asked_ms = fleet.clock.now();
  const path = `/api/v1/platforms/${tenant(count - 1)}/environments/dev/deployments`;
  assert.equal((await fleet.api('POST', path, {})).status, 202);
  return { began_ms, asked_ms };
}

async function untilAllLive(fleet: Fleet, count: number): Promise<void> {
  const served = fleet.db.sqlite.prepare(
    `SELECT count(*) AS n FROM site WHERE json_extract("row", '$.live.config_version') = 2`,
  );
  let turns = 0;
  const done = (): boolean => {
    turns += 1;
    return turns % 100 === 0 && Number(served.get()?.n) === count;
  };
  assert.ok(await fleet.passTime(done, 24 * hour_ms), 'all are live within a day');
}

/**
 * Lets so many ask, and holds what happens to the promise. `ratio_max`: how much longer it may take
 * than the budget implies; the first and the last build weigh more in a small fleet.
 */
export async function rush(count: number, ratio_max: number): Promise<void> {
  const runner = { timings, slots: 20 };
  const fleet = new Fleet({ core, account: { projectLimit: 10_000 }, runner });
  await plantTenants(fleet, count);
  await fleet.passTime(() => false, 6 * minute_ms);
  const before = spentBy(fleet);
  const { began_ms, asked_ms } = await ask(fleet, count);
  await untilAllLive(fleet, count);

  const all = sites(fleet);
  const ended_ms = Math.max(...all.map(({ live }) => live?.at_ms ?? Infinity));
  const urgent = all.find(({ id }) => id === `${tenant(count - 1)}/dev`);
  const urgent_ms = (urgent?.live?.at_ms ?? Infinity) - asked_ms;
  const after = spentBy(fleet);
  const of = (name: keyof Spent): number => after[name] - before[name];
  const took_s = (ended_ms - began_ms) / 1000;
  const implied_s = of('calls') / calls_per_s;
  const [cloudflare] = fleet.cloudflare.budgets();
  const [github] = fleet.github.budgets();
  assert.ok(cloudflare !== undefined && github !== undefined);
  const each_min = Math.ceil((timings.setup_ms + timings.build_ms + timings.deploy_ms) / minute_ms);
  const dollars = (minutes: number): string => `$${(minutes * 0.006).toFixed(2)}`;
  const lines = [
    `simulated time ${took_s.toFixed(0)} s; what Cloudflare's budget implies for`,
    `  ${of('calls')} calls: ${implied_s.toFixed(0)} s; ratio ${(took_s / implied_s).toFixed(3)}`,
    `Cloudflare: at most ${cloudflare.peak_in_window} of 1200 calls in 5 minutes,`,
    `  ${cloudflare.refused} refused`,
    `GitHub: ${of('asked')} calls and ${github.not_modified} times 304,`,
    `  ${of('dispatches')} dispatches for ${of('batches')} batches,`,
    `  at most ${github.peak_dispatches_in_minute} a minute, ${github.refused} refused`,
    `somebody waited ${(urgent_ms / 1000).toFixed(0)} s in the middle of it`,
    `cost: ${of('jobs')} jobs, ${of('minutes')} billed minutes, ${dollars(of('minutes'))};`,
    `  a run for each tenant: ${count} jobs, ${count * each_min} minutes,`,
    `  ${dollars(count * each_min)}`,
  ];
  console.log(lines.join('\n'));
  assert.equal(cloudflare.refused, 0, 'no 429 of Cloudflare');
  assert.equal(github.refused, 0, 'no limit of GitHub');
  assert.ok(cloudflare.peak_in_window <= 1200);
  assert.ok(github.peak_dispatches_in_minute <= 80 && github.peak_dispatches_in_hour <= 500);
  const active_minutes = Math.ceil(took_s / 60) + 1;
  assert.ok(of('asked') <= of('dispatches') + 3 * of('batches') + active_minutes);
  assert.ok(took_s <= ratio_max * implied_s, 'the budget is used');
  assert.ok(of('minutes') < count * each_min, 'it costs less than a run for each');
  assert.ok(urgent_ms < 10 * minute_ms, 'who waits does not wait for the fleet');
}
