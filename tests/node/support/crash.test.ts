import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../../worker-shim/run.ts';
import { type CallPhase, countable } from './countable.ts';
import { memoryPorts, memoryWorld, seededEntropy } from './memory_ports.ts';
import { type Scripted, type Seen, scriptedCore } from './scripted_core.ts';
import { openSqliteDb, type SqliteDb } from './sqlite_db.ts';

// A run with every kind of outside call: look, write ahead, act, record. It creates one thing
// upstream, exactly once, however often it is broken off.
function decide(seen: Seen): Scripted {
  const fact = (key: string) => seen.facts.find((each) => each.key === key);
  const exchange = { target: 'github', path: '/thing', timeout_ms: 1000, body_max: 10 } as const;
  const journal = fact('journal');
  if (journal === undefined) {
    return {
      need: [
        { key: 'journal', read: 'query', query: 'journal_of', params: ['a', 0, 9] },
        { key: 'look', read: 'upstream', request: { ...exchange, method: 'GET' } },
      ],
    };
  }
  const seq = JSON.parse(seen.text(journal.segment ?? 0)).length + 1;
  const event = (kind: string) => `[{"aggregate":"a","seq":${seq},"event":{"kind":"${kind}"}}]`;
  const look = fact('look');
  if (look?.outcome === 'answered' && look.status === 404 && fact('act') === undefined) {
    const request = { ...exchange, method: 'PUT' };
    return { act: { key: 'act', commit: { journal: 1 }, request }, segments: [event('started')] };
  }
  const started = fact('act') === undefined ? 0 : 1;
  return {
    done: {
      commit: {
        journal: 1,
        documents: [{ id: 'doc', segment: 2 }],
        effects: [{ key: 'next', seq: seq + started, due_at_ms: seen.now_ms + 5000 }],
      },
    },
    segments: [event('done').replace(`"seq":${seq}`, `"seq":${seq + started}`), 'text'],
  };
}

interface Outside {
  things: number;
}

// Runs once over `db`; the k-th announcement (from 0) crashes. Answers the announcements made.
async function runOnce(db: SqliteDb, outside: Outside, seed: number, crash_at: number) {
  const ports = memoryPorts({
    db,
    seed,
    fetch: async (request) => {
      if (request.method === 'PUT') {
        outside.things += 1;
      }
      return new Response('', { status: outside.things > 0 ? 200 : 404 });
    },
  });
  const calls: [string, CallPhase][] = [];
  const counted = countable(ports, (name, phase) => {
    calls.push([name, phase]);
    if (calls.length - 1 === crash_at) {
      throw new Error('crash');
    }
  });
  const core = scriptedCore(decide);
  const ended = await run(memoryWorld(core, counted, {}), {
    kind: 'tick',
    operation: 'sweep',
  }).then(
    () => true,
    () => false,
  );
  return { calls, ended, queued: ports.queued };
}

// The kinds of the events in the journal, in their order.
const kinds = (db: SqliteDb): unknown[] =>
  db.sqlite
    .prepare("SELECT event ->> '$.kind' AS kind FROM journal ORDER BY seq")
    .all()
    .map((row) => row.kind);

test('a run announces its outside calls, each before and after', async () => {
  const { calls, ended, queued } = await runOnce(openSqliteDb(), { things: 0 }, 1, -1);
  assert.equal(ended, true);
  assert.deepEqual(
    calls.filter(([, phase]) => phase === 'after').map(([name]) => name),
    [
      'db.reads',
      'fetch',
      'db.batch',
      'fetch',
      'documents.putAllIfAbsent',
      'db.batch',
      'queue.send',
    ],
  );
  assert.equal(calls.length, 14);
  assert.deepEqual(
    queued.map(({ key }) => key),
    ['next'],
  );
});

test('after a crash at any announcement the next run ends the work', async () => {
  for (let crash_at = 0; crash_at < 14; crash_at += 1) {
    const db = openSqliteDb();
    const outside = { things: 0 };
    const broken = await runOnce(db, outside, 1, crash_at);
    assert.equal(broken.calls.length, crash_at + 1, 'nothing is called after the crash');
    const next = await runOnce(db, outside, 2, -1);
    assert.equal(next.ended, true);
    assert.equal(outside.things, 1);
    assert.equal(kinds(db).at(-1), 'done');
    const [row] = await db.all('SELECT due_at_ms FROM outbox WHERE effect_key = ?1', ['next']);
    assert.equal(typeof row?.due_at_ms, 'number');
    db.sqlite.close();
  }
});

test('a lost answer to a commit is recognised and nothing is written twice', async () => {
  const db = openSqliteDb();
  const ports = memoryPorts({ db, fetch: async () => new Response('', { status: 200 }) });
  let lost = 0;
  const counted = countable(
    ports,
    (name, phase) => {
      if (name === 'db.batch' && phase === 'after') {
        lost += 1;
        throw new Error('the answer was lost');
      }
    },
    { crash_of: 'call' },
  );
  await run(memoryWorld(scriptedCore(decide), counted, {}), { kind: 'tick', operation: 'sweep' });
  assert.equal(lost, 1);
  assert.deepEqual(kinds(db), ['done']);
});

test('entropy is 32 hex digits, repeatable, and never the same twice', () => {
  const drawn = (seed: number) => Array.from({ length: 1000 }, seededEntropy(seed));
  assert.deepEqual(drawn(7), drawn(7));
  assert.equal(new Set([...drawn(7), ...drawn(8)]).size, 2000);
  assert.ok(drawn(7).every((each) => /^[0-9a-f]{32}$/.test(each)));
});

test('a database file keeps its state and is migrated once', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'state.sqlite');
  const first = openSqliteDb(path);
  await runOnce(first, { things: 0 }, 1, -1);
  first.sqlite.close();
  const second = openSqliteDb(path);
  assert.deepEqual(kinds(second), ['started', 'done']);
  second.sqlite.close();
});
