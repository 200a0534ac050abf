// 401 platforms at once over four young accounts of 100: 400 go live, one rests with its reason,
// and no limit of any upstream is met on the way.
import assert from 'node:assert/strict';
import { Fleet } from '../crash/fleet.ts';
import { core, hour_ms } from '../faults/support.ts';
import { test } from '../support/own_thread.ts';
import {
  accountOf,
  assertPlacesAgree,
  assertProjectsAgree,
  createPlatform,
  main_id,
  put,
  sitesOf,
} from './support.ts';

const platforms = Array.from({ length: 401 }, (_, i) => `tenant-${String(i).padStart(3, '0')}`);
const start_ms = Date.UTC(2026, 0, 1);
const others = ['north', 'south', 'west'].map((name, i) =>
  accountOf(name, 'abc'[i] ?? 'd', { created_ms: start_ms }),
);
const ids = new Map([['main', main_id], ...others.map(({ name, id }) => [name, id] as const)]);

// The simulators keep their latest calls only: they are read while time passes.
class Watched extends Fleet {
  readonly refused: string[] = [];
  readonly made = new Map<string, number[]>();
  #seen = 0;

  watch(): void {
    for (const call of this.cloudflare.log) {
      if (call.seq <= this.#seen) continue;
      this.#seen = call.seq;
      if (call.status === 429) this.refused.push(`${call.method} ${call.path}`);
      if (call.operation !== 'cloudflare.project.create') continue;
      const account = call.path.split('/')[2] ?? '';
      this.made.set(account, [...(this.made.get(account) ?? []), call.at_ms]);
      if (call.status !== 200) this.refused.push(`create: ${call.status}`);
    }
    const limited = this.github.log.filter(({ status }) => status === 429 || status === 403);
    for (const { operation } of limited) this.refused.push(operation);
  }
}

test('400 of 401 platforms go live over four accounts of 100, one waits for room', async () => {
  const fleet = new Watched({ core, accounts: others });
  fleet.cloudflare.configure(main_id, { created_ms: start_ms });
  await put(fleet, 'main', { cloudflareId: main_id });
  for (const { name, id } of others) await put(fleet, name, { cloudflareId: id });
  await Promise.all(platforms.map((platformId) => createPlatform(fleet, platformId)));

  let turns = 0;
  const pending = fleet.db.sqlite.prepare(
    'SELECT 1 AS one FROM outbox WHERE due_at_ms IS NOT NULL LIMIT 1',
  );
  const done = (): boolean => {
    turns += 1;
    if (turns % 200 === 0) fleet.watch();
    return pending.get() === undefined;
  };
  assert.ok(await fleet.passTime(done, 24 * 5 * hour_ms), 'all settles within five days');
  fleet.watch();

  const sites = sitesOf(fleet);
  const blocked = sites.filter(({ state }) => state === 'blocked');
  assert.equal(sites.filter(({ live }) => live !== undefined).length, 400);
  assert.deepEqual(
    blocked.map((site) => [site.blocked?.code, site.account]),
    [['account.none_left', '']],
  );
  assert.match(blocked[0]?.blocked?.detail ?? '', /main: all 100 places are taken; north/);
  assert.deepEqual(fleet.refused, []);
  assert.equal([...fleet.made.values()].flat().length, 400, 'each project was asked for once');
  for (const [account, times] of fleet.made) assertPaced(account, times);
  assertPlacesAgree(fleet);
  assertProjectsAgree(fleet, ids);
  const unequal = await fleet.unequalAggregates();
  assert.deepEqual(unequal, []);
});

// 40 in any 24 hours of the first two days, 100 afterwards.
function assertPaced(account: string, times: readonly number[]): void {
  for (const from_ms of times) {
    const in_a_day = times.filter((at) => at >= from_ms && at < from_ms + 24 * hour_ms).length;
    const most = from_ms < start_ms + 24 * hour_ms ? 40 : 100;
    assert.ok(in_a_day <= most, `${account} made ${in_a_day} projects in a day`);
  }
}
