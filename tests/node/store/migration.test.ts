// Documents move from one store to the other while the instance works: nothing is lost, wherever
// it is cut off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, told } from '../access/support.ts';
import type { Fleet, FleetOptions } from '../crash/fleet.ts';
import { Crash } from '../crash/fleet.ts';
import { core, minute_ms, openFleet, settle } from '../faults/support.ts';
import type { CallPhase } from '../support/countable.ts';

type Store = 'd1' | 'r2';
const path = '/api/v1/config-store';
const other = (store: Store): Store => (store === 'd1' ? 'r2' : 'd1');

// Every document by store.
function stored(fleet: Fleet): Record<Store, Map<string, string>> {
  const found = fleet.db.sqlite.prepare('SELECT id, body FROM document').all();
  return {
    d1: new Map(found.map(({ id, body }) => [String(id), String(body)])),
    r2: new Map([...fleet.bucket].map(([id, bytes]) => [id, Buffer.from(bytes).toString()])),
  };
}

function everything(fleet: Fleet): Map<string, string> {
  const { d1, r2 } = stored(fleet);
  return new Map([...[...d1, ...r2].sort()]);
}

// Two platforms, five versions, one with documents of its own for an environment.
async function fill(
  fleet: Fleet,
  platforms: readonly string[] = ['acme', 'globex'],
): Promise<void> {
  for (const platformId of platforms) {
    const body = { platformId, environments: ['dev'] };
    assert.equal((await fleet.api('POST', '/api/v1/platforms', body)).status, 202);
  }
  for (const [index, platformId] of ['acme', 'acme', 'globex'].entries()) {
    const documents = {
      features: { features: { billing: { enabled: index % 2 === 0 } } },
      env: { default: { NAME: `n${index}` }, dev: { NAME: 'own' } },
      auth: { default: { provider: 'none' } },
    };
    const to = `/api/v1/platforms/${platformId}/config`;
    const answer = await fleet.api('PUT', to, documents, 'admin-key', { 'if-match': '*' });
    assert.ok(answer.status < 300 || !platforms.includes(platformId), answer.text);
  }
}

async function configs(fleet: Fleet): Promise<string[]> {
  const texts: string[] = [];
  for (const path of ['acme/config', 'acme/config?version=1&env=dev', 'globex/config?env=dev']) {
    const answer = await fleet.api('GET', `/api/v1/platforms/${path}`);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    texts.push(answer.text);
  }
  return texts;
}

async function migrate(fleet: Fleet, to: Store): Promise<void> {
  const answer = await fleet.api('POST', `${path}/migrate`, { to });
  assert.equal(answer.status, 202, answer.text);
}

async function state(fleet: Fleet): Promise<string> {
  return json(await fleet.api('GET', path)).migration.state;
}

for (const to of ['r2', 'd1'] as const) {
  test(`all documents move to ${to}, and are readable all the time`, async () => {
    const fleet = openFleet({ variables: { CONFIG_STORE: other(to) } });
    await fill(fleet);
    const before = everything(fleet);
    const texts = await configs(fleet);
    assert.equal(stored(fleet)[to].size, 0);
    assert.equal(
      told(await fleet.api('POST', `${path}/migrate`, { to })),
      '409 config_store.other',
    );
    fleet.reconfigure({ CONFIG_STORE: to });
    assert.deepEqual(await configs(fleet), texts, 'the other store is read, too');
    await migrate(fleet, to);
    const finished = async (): Promise<boolean> => {
      assert.deepEqual(await configs(fleet), texts);
      return (await state(fleet)) === 'finished';
    };
    assert.ok(await fleet.passTime(finished, 10 * minute_ms));
    assert.deepEqual(stored(fleet)[to], before);
    assert.equal(stored(fleet)[other(to)].size, 0);
    const { migration, store } = json(await fleet.api('GET', path));
    assert.deepEqual([store, migration.lookedAt, migration.faulty], [to, 5, 0]);
    assert.equal(migration.changed, before.size);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  });
}

test('what differs, or is in neither store, is told and left as it is', async () => {
  const fleet = openFleet();
  await fill(fleet);
  const [first = '', second = ''] = everything(fleet).keys();
  fleet.bucket.set(first, Buffer.from('something else'));
  fleet.db.sqlite.prepare('DELETE FROM document WHERE id = ?').run(second);
  fleet.reconfigure({ CONFIG_STORE: 'r2' });
  await migrate(fleet, 'r2');
  await fleet.passTime(async () => (await state(fleet)) === 'finished', 10 * minute_ms);
  assert.deepEqual([...stored(fleet).d1.keys()], [first]);
  const { migration } = json(await fleet.api('GET', path));
  assert.equal(migration.faulty, 2);
  assert.match(migration.detail, /is in neither store|differs between the stores/);
});

test('it stops when the instance is configured back, and can go the other way', async () => {
  const fleet = openFleet();
  await fill(fleet);
  const before = everything(fleet);
  fleet.reconfigure({ CONFIG_STORE: 'r2' });
  await migrate(fleet, 'r2');
  await fleet.passTime(() => fleet.bucket.size > 0, minute_ms);
  fleet.reconfigure({ CONFIG_STORE: 'd1' });
  await fleet.passTime(async () => (await state(fleet)) === 'stopped', 5 * minute_ms);
  assert.equal(await state(fleet), 'stopped');
  await migrate(fleet, 'd1');
  await fleet.passTime(async () => (await state(fleet)) === 'finished', 5 * minute_ms);
  assert.deepEqual(stored(fleet).d1, before);
  assert.equal(fleet.bucket.size, 0);
});

test('asked twice it begins once; asked again when it is done it finds nothing to do', async () => {
  const fleet = openFleet();
  await fill(fleet);
  fleet.reconfigure({ CONFIG_STORE: 'r2' });
  await migrate(fleet, 'r2');
  await migrate(fleet, 'r2');
  const started = (): unknown =>
    fleet.db.sqlite
      .prepare(`SELECT count(*) AS n FROM journal WHERE event LIKE '%walk_started%'`)
      .get()?.n;
  assert.equal(started(), 1);
  await fleet.passTime(async () => (await state(fleet)) === 'finished', 5 * minute_ms);
  await migrate(fleet, 'r2');
  await fleet.passTime(async () => (await state(fleet)) === 'finished', 5 * minute_ms);
  assert.equal(started(), 2);
  assert.equal(json(await fleet.api('GET', path)).migration.changed, 0);
});

// Plays a migration that dies at the k-th outside call after it was asked for; 0: never.
async function play(to: Store, k: number, phase: CallPhase): Promise<number> {
  let armed = false;
  let seen = 0;
  const onCall: FleetOptions['onCall'] = (name, now) => {
    if (!armed || now !== phase) return;
    seen += 1;
    if (seen === k) throw new Crash(`at ${name}`);
  };
  const fleet = openFleet({ core, onCall, variables: { CONFIG_STORE: other(to) } });
  await fill(fleet, ['acme']);
  await settle(fleet);
  const before = everything(fleet);
  fleet.reconfigure({ CONFIG_STORE: to });
  armed = true;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await fleet.api('POST', `${path}/migrate`, { to }).catch(() => undefined);
    if (answer?.status === 202) break;
  }
  const [row] = [{ state: '' }];
  const ended = (): boolean => {
    assert.deepEqual(everything(fleet), before, 'no document is ever in neither store');
    const text = fleet.db.sqlite
      .prepare(`SELECT "row" FROM upkeep WHERE id = 'config_store'`)
      .get();
    row.state = text === undefined ? '' : JSON.parse(String(text.row)).state;
    return row.state === 'finished';
  };
  assert.ok(await fleet.passTime(ended, 20 * minute_ms), `not finished: ${row.state}`);
  armed = false;
  assert.deepEqual(stored(fleet)[to], before);
  assert.equal(stored(fleet)[other(to)].size, 0);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  assert.equal(fleet.crashes, k === 0 ? 0 : 1);
  return seen;
}

for (const to of ['r2', 'd1'] as const) {
  for (const phase of ['before', 'after'] as const) {
    test(`killed ${phase} any outside call of a migration to ${to}, it loses nothing`, async () => {
      const total = await play(to, 0, phase);
      assert.ok(total > 12, `the migration makes ${total} outside calls`);
      for (let k = 1; k <= total; k += 1) {
        await play(to, k, phase).catch((cause) => {
          throw new Error(`killed ${phase} call ${k} of ${total}`, { cause });
        });
      }
    });
  }
}
