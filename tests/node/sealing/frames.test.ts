// Sealed values in frames: a commit seals, a request and a reply open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Commit, Reply, UpstreamRequest } from '../../../bindings/js/control.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { run } from '../../../worker-shim/run.ts';
import { sealAnew } from '../../../worker-shim/storage/sealed.ts';
import { tick } from '../../../worker-shim/triggers/cron.ts';
import { type Scripted, type Seen, scriptedCore } from '../support/scripted_core.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';
import { after, before, boxOf, everything, hook_id, sealedRows, value, world } from './support.ts';

const prefix = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/';
const trigger: UpstreamRequest = {
  target: 'cloudflare',
  sealed: hook_id,
  method: 'POST',
  path: '/pages/webhooks/deploy_hooks/{sealed}',
  timeout_ms: 1000,
  body_max: 1000,
};
const effect = { kind: 'effect', effect_key: 'org:acme' } as const;

/** A core that seals the value under the id, as one event of an org. */
function sealer(id = hook_id, text = value, more: Commit = {}) {
  const events = JSON.stringify([{ aggregate: `org:${id}`, seq: 1, at_ms: 1, event: {} }]);
  const commit: Commit = { journal: 1, seals: [{ id, segment: 2 }], ...more };
  return scriptedCore(() => ({ done: { commit }, segments: [events, text] }));
}

/** A core that acts, or reads, by the sealed hook and is done when it knows what came of it. */
function user(how: 'act' | 'need', request: UpstreamRequest = trigger, commit?: Commit) {
  return scriptedCore((seen): Scripted => {
    if (seen.facts.length > 0) return { done: {} };
    if (how === 'need') return { need: [{ key: 'k', read: 'upstream', request }] };
    const segments = ['[{"aggregate":"publication:p","seq":1,"at_ms":1,"event":{}}]'];
    return { act: { key: 'k', request, ...(commit && { commit }) }, segments };
  });
}

function factOf(seen: readonly Seen[]) {
  return seen.at(-1)?.facts[0];
}

/** A database that holds the value, sealed by the key `before`. */
async function sealedDb(values: Readonly<Record<string, string>> = { [hook_id]: value }) {
  const db = openSqliteDb();
  let seed = 10;
  for (const [id, text] of Object.entries(values)) {
    seed += 1;
    await run(world({ SEALING_KEY: before }, { core: sealer(id, text), db, seed }), effect);
  }
  return db;
}

test('a commit seals: the row is a box, and nothing that is stored holds the value', async () => {
  const core = sealer();
  const given = world({ SEALING_KEY: before }, { core });
  await run(given, effect);
  assert.deepEqual(Object.keys(sealedRows(given.db)), [hook_id]);
  const { key, nonce, box } = boxOf(sealedRows(given.db)[hook_id] ?? '');
  assert.ok(key !== '' && nonce !== '' && box !== '');
  const hidden = [value, Buffer.from(value).toString('base64'), Buffer.from(value).toString('hex')];
  const kept = everything(given.db) + JSON.stringify(given.logged);
  for (const text of [...hidden, before]) assert.ok(!kept.includes(text));
  assert.deepEqual(core.seen[0]?.credentials, ['sealing']);
});

test('a commit that loses its race seals nothing; a delete takes a value away', async () => {
  const given = world({ SEALING_KEY: before }, { core: sealer() });
  await run(given, effect);
  const kept = sealedRows(given.db);
  const again = world({ SEALING_KEY: before }, { core: sealer(), db: given.db, seed: 2 });
  await assert.rejects(run(again, effect), /lost 5 races/);
  assert.deepEqual(sealedRows(given.db), kept);
  const deletes = [{ table: 'sealed', segment: 1 }] as const;
  const core = scriptedCore(() => ({
    done: { commit: { deletes } },
    segments: [JSON.stringify([hook_id])],
  }));
  await run(world({}, { core, db: given.db }), effect);
  assert.deepEqual(sealedRows(given.db), {});
});

test('without a key a commit with a value fails as a whole', async () => {
  const core = sealer();
  const given = world({}, { core });
  await assert.rejects(run(given, effect), /no key to seal/);
  assert.deepEqual(core.seen[0]?.credentials, []);
  assert.equal(given.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n, 0);
});

for (const how of ['act', 'need'] as const) {
  test(`${how}: the opened value stands in the path, escaped, and in no header`, async () => {
    const db = await sealedDb({ [hook_id]: 'a/b?c=%' });
    const sent: Request[] = [];
    const core = user(how);
    const fetch = async (request: Request): Promise<Response> => {
      sent.push(request);
      return new Response('{}');
    };
    await run(world({ SEALING_KEY: before }, { core, db, fetch }), effect);
    assert.deepEqual(
      sent.map(({ url, headers }) => [url, headers.get('authorization')]),
      [[`${prefix}a%2Fb%3Fc%3D%25`, null]],
    );
    assert.equal(factOf(core.seen)?.outcome, 'answered');
  });

  test(`${how}: what cannot be opened is lost, unsealed, and nothing is sent`, async () => {
    const db = await sealedDb();
    const gone = openSqliteDb();
    for (const [variables, rows] of [
      [{ SEALING_KEY: before }, gone],
      [{ SEALING_KEY: after }, db],
      [{}, db],
    ] as const) {
      const core = user(how, trigger, { journal: 1 });
      const given = world(variables, { core, db: rows, seed: 3 });
      await run(given, effect);
      assert.deepEqual(factOf(core.seen), { key: 'k', outcome: 'lost', detail: 'unsealed' });
      const by = "SELECT count(*) AS n FROM journal WHERE aggregate = 'publication:p'";
      assert.equal(rows.sqlite.prepare(by).get()?.n, how === 'act' ? 1 : 0);
      rows.sqlite.exec("DELETE FROM journal WHERE aggregate = 'publication:p'");
    }
  });

  test(`${how}: an address that fails does not name the sealed value`, async () => {
    const db = await sealedDb({ [hook_id]: 'secret-value' });
    for (const path of ['/../../{sealed}']) {
      const given = world(
        { SEALING_KEY: before },
        { db, core: user(how, { ...trigger, path }), fetch: async () => new Response() },
      );
      await assert.rejects(run(given, effect), ({ name, message }: Error) => {
        return name === 'RequestError' && !message.includes('secret-value');
      });
    }
  });
}

/** The answer of a core whose reply shows the sealed value, and the log. */
async function shown(db: ReturnType<typeof openSqliteDb>, key: string, id = hook_id) {
  const reply: Reply = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    segment: 1,
    sealed_member: { member: 'deployHookUrl', id, prefix },
  };
  const core = scriptedCore(() => ({ done: { reply }, segments: ['{"orgId":"a"}'] }));
  const given = world({ SEALING_KEY: key }, { core, db });
  const response = await createApp().fetch(new Request('https://slipway.test/healthz'), given);
  return { status: response.status, text: await response.text(), log: given.logged };
}

test('a reply shows the opened value as its first member, or is a fault as a whole', async () => {
  const db = await sealedDb({ [hook_id]: 'a"b', other: 'x' });
  const { status, text, log } = await shown(db, before);
  assert.equal(status, 200);
  assert.equal(text, `{"deployHookUrl":"${prefix}a\\"b","orgId":"a"}`);
  assert.ok(!JSON.stringify(log).includes('a"b'));
  for (const wrong of [await shown(db, after), await shown(db, before, 'gone')]) {
    assert.equal(wrong.status, 500);
    assert.equal(JSON.parse(wrong.text).code, 'internal.unsealed');
    assert.ok(!wrong.text.includes('orgId') && !wrong.text.includes(prefix));
  }
});

test('rows that changed places open for nobody', async () => {
  const db = await sealedDb({ [hook_id]: 'one', other: 'two' });
  db.sqlite.exec(`UPDATE sealed SET "row" = (SELECT "row" FROM sealed WHERE id = 'other')`);
  assert.equal((await shown(db, before)).status, 500);
  assert.equal((await shown(db, before, 'other')).status, 200);
});

test('after a change of keys values are sealed anew, some a tick: the old may go', async () => {
  const ids = Array.from({ length: 25 }, (_, index) => `hook:o${10 + index}/1`);
  const db = await sealedDb(Object.fromEntries(ids.map((id) => [id, `value of ${id}`])));
  db.sqlite.exec(
    `UPDATE sealed SET "row" = json_set("row", '$.box', 'AAAA') WHERE id = '${ids[0]}'`,
  );
  const both = { SEALING_KEY: after, SEALING_KEY_PREVIOUS: before };
  const old = boxOf(sealedRows(db)[ids[1] ?? ''] ?? '').key;
  const left = (): number =>
    Object.values(sealedRows(db)).filter((row) => boxOf(row).key === old).length;
  for (const expected of [15, 5, 1, 1]) {
    const ticks = scriptedCore(() => ({ done: {} }));
    const given = world(both, { core: ticks, db, seed: 100 + left() + expected });
    await tick(given);
    assert.equal(left(), expected);
    const damaged = given.logged.filter(({ event }) => event === 'sealed_damaged');
    assert.deepEqual(damaged, [{ event: 'sealed_damaged', id: ids[0] }]);
  }
  const { sealing } = world({ SEALING_KEY: after });
  const rows = Object.entries(sealedRows(db)).slice(1);
  for (const [id, row] of rows) assert.equal(await sealing.open(id, row), `value of ${id}`);
  assert.equal(rows.length, 24);
});

test('a tick whose runs fail seals anew all the same, and fails', async () => {
  const db = await sealedDb();
  const core = scriptedCore(() => {
    throw new Error('no core today');
  });
  const given = world({ SEALING_KEY: after, SEALING_KEY_PREVIOUS: before }, { core, db });
  await assert.rejects(tick(given), /no core today/);
  const { sealing } = world({ SEALING_KEY: after });
  assert.equal(await sealing.open(hook_id, sealedRows(db)[hook_id] ?? ''), value);
});

test('a value that changes while it is sealed anew stays what it has become', async () => {
  const db = await sealedDb();
  const given = world({ SEALING_KEY: after, SEALING_KEY_PREVIOUS: before }, { db });
  const newer = await given.sealing.seal(given.ports, hook_id, Buffer.from('newer'));
  const { ports } = given;
  const all: typeof ports.db.all = async (sql, params) => {
    const rows = await ports.db.all(sql, params);
    if (!sql.includes('UPDATE')) {
      db.sqlite.prepare('UPDATE sealed SET "row" = ?').run(newer);
    }
    return rows;
  };
  await sealAnew({ ...given, ports: { ...ports, db: { ...ports.db, all } } });
  assert.equal(sealedRows(db)[hook_id], newer);
  assert.deepEqual(given.logged, []);
});

test('where one key stands twice, or only one, no tick reads sealed values', async () => {
  const db = await sealedDb();
  for (const variables of [
    { SEALING_KEY: before, SEALING_KEY_PREVIOUS: before },
    { SEALING_KEY: before },
    { SEALING_KEY_PREVIOUS: before },
    {},
  ]) {
    const given = world(variables, { db });
    const all = () => Promise.reject(new Error('asked'));
    await sealAnew({ ...given, ports: { ...given.ports, db: { ...given.ports.db, all } } });
  }
});

test('of two orgs with one id the second loses its race, unless the first is gone', async () => {
  const db = openSqliteDb();
  const put = (slug: string, more: object = {}) => {
    const row = { id: slug, row: { slug, org_id: 'o-1', ...more } };
    const commit: Commit = { rows: [{ table: 'org', segment: 1 }] };
    const core = scriptedCore(() => ({ done: { commit }, segments: [JSON.stringify([row])] }));
    return run(world({}, { core, db }), effect);
  };
  await put('one');
  await assert.rejects(put('two'), /lost 5 races/);
  await put('one', { deleted_ms: 5 });
  await put('two');
  const found = db.sqlite.prepare('SELECT id FROM org WHERE deleted_ms IS NULL').all();
  assert.deepEqual(
    found.map(({ id }) => id),
    ['two'],
  );
});
