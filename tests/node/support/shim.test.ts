import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from '../../../bindings/js/frame.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { commit } from '../../../worker-shim/interpret/commit.ts';
import { inParallel } from '../../../worker-shim/parallel.ts';
import { memoryPorts, memoryWorld } from './memory_ports.ts';
import { scriptedCore } from './scripted_core.ts';
import { openSqliteDb } from './sqlite_db.ts';

test('the whole application answers in Node, in virtual time', async () => {
  const core = scriptedCore(({ input, now_ms, received_ms }) => {
    assert.equal(input.kind, 'request');
    if (now_ms < received_ms + 2000) {
      return { done: { hold: { again_after_ms: 1000, token: 't' } } };
    }
    return { done: { reply: { status: 200, segment: 1 } }, segments: [JSON.stringify(input)] };
  });
  const ports = memoryPorts({ db: openSqliteDb(), now_ms: 5000 });
  const world = memoryWorld(core, ports, { SLIPWAY_ADMIN_KEY: 'k' });
  const headers = { authorization: 'Bearer k' };
  const request = new Request('http://slipway.test/api/v1/platforms/acme', { headers });
  const response = await createApp().fetch(request, world);
  assert.deepEqual(JSON.parse(await response.text()), {
    kind: 'request',
    operation: 'platform_read',
    params: { platformId: 'acme' },
    query: [],
    headers: {},
    principal: { kind: 'admin' },
    body_too_large: false,
    held: 't',
  });
  assert.equal(ports.clock.now_ms, 7000);
  assert.deepEqual(
    world.logged.map(({ event, ms }) => [event, ms]),
    [['request', 2000]],
  );
});

test('effects wake after whole seconds; the far future is left to the sweep', async () => {
  const ports = memoryPorts({ db: openSqliteDb(), now_ms: 10_000 });
  const world = memoryWorld(
    scriptedCore(() => ({ done: {} })),
    ports,
    {},
  );
  const effects = [
    { key: 'overdue', seq: 1, due_at_ms: 1 },
    { key: 'soon', seq: 1, due_at_ms: 11_001 },
    { key: 'in half a day', seq: 1, due_at_ms: 43_210_000 },
    { key: 'later', seq: 1, due_at_ms: 43_210_001 },
    { key: 'settled', seq: 1 },
  ];
  const identity = { cause_id: 'c', number: 1, at_ms: 10_000 };
  assert.equal(await commit(world, identity, { effects }, [bytesOf('{}')]), true);
  assert.deepEqual(ports.queued, [
    { key: 'overdue', promised_ms: 1, due_at_ms: 10_000 },
    { key: 'soon', promised_ms: 11_001, due_at_ms: 12_000 },
    { key: 'in half a day', promised_ms: 43_210_000, due_at_ms: 43_210_000 },
  ]);
  assert.equal((await ports.db.all('SELECT 1 AS value FROM outbox', [])).length, 5);
});

test('at most so many act at the same time, and results keep the order', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel(3, [5, 1, 4, 2, 3, 0, 6], async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn += 1) {
      await Promise.resolve();
    }
    running -= 1;
    return item * 10;
  });
  assert.deepEqual(results, [50, 10, 40, 20, 30, 0, 60]);
  assert.equal(most, 3);
  await assert.rejects(
    inParallel(2, [1, 2], (item) => Promise.reject(new Error(`fault ${item}`))),
    /fault 1/,
  );
});
