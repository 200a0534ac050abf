// What the instance says of itself: ready or not and why, to everyone in words that give nothing
// away; figures to those who run it.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { json } from '../access/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import { create, hour_ms, minute_ms, openFleet, pass, playToEnd } from '../faults/support.ts';

const good = [
  'storage',
  'configuration',
  'github',
  'cloudflare',
  'cron',
  'effects',
  'dead_letters',
];

// The checks that do not hold, and the status.
async function ready(fleet: Fleet): Promise<[number, string[]]> {
  const { status, text } = await fleet.api('GET', '/readyz', undefined, 'nobody');
  const { ready: holds, checks } = JSON.parse(text);
  assert.deepEqual(
    checks.map((check: { name: string }) => check.name),
    good,
  );
  assert.equal(holds, status === 200);
  const failed = checks.filter((check: { ok: boolean }) => !check.ok);
  return [status, failed.map((check: { name: string }) => check.name)];
}

test('ready once the cron was seen, and as long as it is', async () => {
  const fleet = openFleet();
  assert.deepEqual(await ready(fleet), [503, ['cron']]);
  await pass(fleet, 2 * minute_ms);
  assert.deepEqual(await ready(fleet), [200, []]);
  fleet.clock.advance(6 * minute_ms);
  assert.deepEqual(await ready(fleet), [503, ['cron']]);
});

test('each thing that is missing is one check', async () => {
  for (const [variables, check] of [
    [{ GITHUB_TOKEN: '' }, 'github'],
    [{ CF_API_TOKEN: '' }, 'cloudflare'],
    [{ GITHUB_OWNER: '' }, 'configuration'],
  ] as const) {
    const fleet = openFleet({ variables });
    await pass(fleet, 2 * minute_ms);
    assert.deepEqual(await ready(fleet), [503, [check]]);
  }
});

test('work that nobody does is seen, however often it is sent again', async () => {
  const fleet = openFleet({ deliver: () => [] });
  await create(fleet);
  await fleet.passTime(() => false, 10 * minute_ms);
  assert.deepEqual(await ready(fleet), [200, []]);
  await fleet.passTime(() => false, 10 * minute_ms);
  assert.deepEqual(await ready(fleet), [503, ['effects']]);
  const { overdue, promised, oldestOverdueAt } = json(await fleet.api('GET', '/api/v1/status'));
  assert.deepEqual(
    [overdue, promised],
    [
      { count: 1, more: false },
      { count: 1, more: false },
    ],
  );
  assert.ok(fleet.clock.now() - Date.parse(oldestOverdueAt) > 15 * minute_ms);
});

test('the figures', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  await pass(fleet, 2 * minute_ms);
  const status = json(await fleet.api('GET', '/api/v1/status'));
  const entries = fleet.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n;
  assert.equal(status.journalEntriesAtMost, entries);
  assert.ok(fleet.clock.now() - Date.parse(status.lastCronAt) <= minute_ms);
  assert.equal(status.oldestOverdueAt, undefined);
  assert.deepEqual(status.deadLetters, { count: 0, more: false });
  assert.deepEqual(
    status.checks.filter((check: { ok: boolean }) => !check.ok),
    [],
  );
});

test('counting stops at a bound', async () => {
  const fleet = openFleet({ deliver: () => [] });
  const insert = fleet.db.sqlite.prepare(
    'INSERT INTO outbox (effect_key, seq, due_at_ms) VALUES (?, 1, 9)',
  );
  for (let index = 0; index < 1001; index += 1) insert.run(`site:p${index}/dev`);
  const { promised, overdue } = json(await fleet.api('GET', '/api/v1/status'));
  assert.deepEqual([promised, overdue], Array(2).fill({ count: 1000, more: true }));
});

test('the level of the storage is the number of its migrations', async () => {
  const directory = new URL('../../../worker-shim/migrations/', import.meta.url);
  const newest = readdirSync(directory).sort().at(-1) ?? '';
  const level = Number.parseInt(newest, 10);
  const { versions } = json(await openFleet().api('GET', '/api/v1/status'));
  assert.deepEqual(versions, {
    storageLevel: level,
    storageLevelExpected: level,
    journalFormat: 2,
  });
});

test('a storage of a newer version is not ready, and its cron touches nothing', async () => {
  const fleet = openFleet({ deliver: () => [] });
  await create(fleet);
  fleet.db.sqlite.exec(`UPDATE upkeep SET "row" = '{"level":99}' WHERE id = 'schema'`);
  const outbox = () => JSON.stringify(fleet.db.sqlite.prepare('SELECT * FROM outbox').all());
  const before = outbox();
  await fleet.passTime(() => false, hour_ms);
  assert.equal(outbox(), before);
  assert.deepEqual(await ready(fleet), [503, ['storage', 'cron', 'effects']]);
});

test('an idle instance writes one small row a minute, and no event', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  await pass(fleet, 2 * minute_ms);
  const journal = () => fleet.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n;
  const before = [journal(), rows(fleet, 'upkeep').length];
  await pass(fleet, 3 * hour_ms);
  assert.deepEqual([journal(), rows(fleet, 'upkeep').length], before);
});
