// What fails again and again is given up by the queue, listed, sent ever less often, tried again
// when an operator asks, and forgotten when its work is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, told } from '../access/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  assertLive,
  create,
  hour_ms,
  minute_ms,
  openFleet,
  pass,
  settle,
} from '../faults/support.ts';

const path = '/api/v1/dead-letters';

interface Letter {
  readonly deadLetterId: string;
  readonly effect: string;
  readonly givenUp: number;
  readonly error: string;
}

async function letters(fleet: Fleet, query = ''): Promise<Letter[]> {
  return json(await fleet.api('GET', path + query)).items;
}

// A site's row that no core can read: looking at it is a trap. @returns what mends it
function damage(fleet: Fleet, id = 'acme/dev'): () => void {
  const { sqlite } = fleet.db;
  const text = String(sqlite.prepare(`SELECT "row" FROM site WHERE id = ?`).get(id)?.row);
  const write = sqlite.prepare(`UPDATE site SET "row" = ? WHERE id = ?`);
  write.run(text.replace('"state":"creating"', '"state":"damaged"'), id);
  return () => void write.run(text, id);
}

function givenUp(fleet: Fleet): number {
  return fleet.logged.filter(({ event }) => event === 'effect_given_up').length;
}

async function openDamaged(): Promise<{ fleet: Fleet; mend: () => void }> {
  const fleet = openFleet();
  await create(fleet);
  const mend = damage(fleet);
  const listed = (): boolean => rows(fleet, 'dead_letter').length > 0;
  assert.ok(await fleet.passTime(listed, 10 * minute_ms), 'it is given up');
  return { fleet, mend };
}

test('a trapping effect becomes a dead letter, and is sent ever less often', async () => {
  const { fleet } = await openDamaged();
  const [letter, ...others] = await letters(fleet);
  assert.deepEqual(others, []);
  assert.equal(letter?.effect, 'site:acme/dev');
  assert.match(letter.error, /^CoreTrap: /);
  const counts: number[] = [];
  for (let hour = 0; hour < 6; hour += 1) {
    const before = givenUp(fleet);
    await fleet.passTime(() => false, hour_ms);
    counts.push(givenUp(fleet) - before);
  }
  const [first = 0, ...later] = counts;
  assert.ok(first >= 8 && first <= 16, `in the first hour: ${first}`);
  assert.ok(Math.max(...later.slice(1)) <= 2, `in later hours: ${later}`);
  assert.ok(Math.min(...later) >= 1, 'it is never forgotten');
  const [still] = await letters(fleet);
  assert.ok(Number(still?.givenUp) > 10);
});

test('an operator has it tried again: its work is done, and the letter goes', async () => {
  const { fleet, mend } = await openDamaged();
  await fleet.passTime(() => false, 3 * hour_ms);
  mend();
  const [letter] = await letters(fleet);
  const answer = await fleet.api('POST', `${path}/${letter?.deadLetterId}/retry`);
  assert.deepEqual([answer.status, json(answer)], [202, { retried: 1, more: false }]);
  await settle(fleet);
  assertLive(fleet);
  await fleet.passTime(() => false, 2 * minute_ms);
  assert.deepEqual(await letters(fleet), []);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const again = await fleet.api('POST', `${path}/${letter?.deadLetterId}/retry`);
  assert.equal(told(again), '404 dead_letter.unknown');
});

test('without an operator it is tried again within the hour, too', async () => {
  const { fleet, mend } = await openDamaged();
  await fleet.passTime(() => false, 5 * hour_ms);
  mend();
  await settle(fleet);
  assertLive(fleet);
});

test('one that is dismissed comes back when it fails again', async () => {
  const { fleet } = await openDamaged();
  const [letter] = await letters(fleet);
  const dismissed = await fleet.api('DELETE', `${path}/${letter?.deadLetterId}`);
  assert.equal(dismissed.status, 204);
  assert.deepEqual(await letters(fleet), []);
  const unknown = await fleet.api('DELETE', `${path}/${letter?.deadLetterId}`);
  assert.equal(told(unknown), '404 dead_letter.unknown');
  const back = (): boolean => rows(fleet, 'dead_letter').length > 0;
  assert.ok(await fleet.passTime(back, hour_ms));
  const trail = json(await fleet.api('GET', '/api/v1/audit?aggregate=upkeep:dead_letters'));
  const seen = trail.items.map((entry: { type: string; author: string }) => [
    entry.type,
    entry.author,
  ]);
  assert.deepEqual(seen, [['letter_dismissed', 'admin']]);
});

test('the list has pages; all are tried again by one request', async () => {
  const fleet = openFleet();
  const mends: (() => void)[] = [];
  for (const platformId of ['acme', 'globex', 'initech']) {
    const body = { platformId, environments: ['dev'] };
    assert.equal((await fleet.api('POST', '/api/v1/platforms', body)).status, 202);
    mends.push(damage(fleet, `${platformId}/dev`));
  }
  const all = (): boolean => rows(fleet, 'dead_letter').length === 3;
  assert.ok(await fleet.passTime(all, 10 * minute_ms));
  const page = json(await fleet.api('GET', `${path}?limit=2`));
  assert.equal(page.items.length, 2);
  const rest = await letters(fleet, `?cursor=${page.nextCursor}`);
  const effects = [...page.items, ...rest].map((letter: Letter) => letter.effect);
  assert.deepEqual(effects.sort(), ['site:acme/dev', 'site:globex/dev', 'site:initech/dev']);
  for (const mend of mends) mend();
  assert.deepEqual(json(await fleet.api('POST', `${path}/retry`)), { retried: 3, more: false });
  await settle(fleet);
  await fleet.passTime(() => false, 2 * minute_ms);
  assert.deepEqual(await letters(fleet), []);
});

test('a failure that passes leaves no letter', async () => {
  const fleet = openFleet();
  await create(fleet);
  const mend = damage(fleet);
  await fleet.passTime(() => false, 20_000);
  mend();
  await settle(fleet);
  assertLive(fleet);
  assert.deepEqual(await letters(fleet), []);
});

test('an effect of something that is gone is settled, not sent for ever', async () => {
  const fleet = openFleet();
  fleet.db.sqlite
    .prepare(`INSERT INTO outbox (effect_key, seq, due_at_ms) VALUES ('site:gone/dev', 3, ?)`)
    .run(fleet.clock.now());
  await pass(fleet, 3 * minute_ms);
  const [row] = fleet.db.sqlite.prepare('SELECT seq, due_at_ms FROM outbox').all();
  assert.deepEqual({ ...row }, { seq: 3, due_at_ms: null });
});
