// The statements of the ledgers by themselves: what a limit of an upstream stops stays stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spend, stop } from '../../../worker-shim/storage/ledgers.ts';
import { send } from '../../../worker-shim/upstream/send.ts';
import { memoryPorts } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

const wanted = { ledger: 'github', units: 1, interval_ms: 100, burst: 10, leave: 0, gap_ms: 0 };

test('of two stops the longer one counts, whichever comes last', async () => {
  for (const stops of [
    [60_000, 10_000],
    [10_000, 60_000],
  ]) {
    const ports = memoryPorts({ db: openSqliteDb() });
    const start_ms = ports.now();
    for (const ms of stops) await stop(ports, [{ ledger: 'github', until_ms: start_ms + ms }]);
    ports.clock.now_ms = start_ms + 59_000;
    assert.equal((await spend(ports, wanted)).outcome, 'deferred');
    ports.clock.now_ms = start_ms + 60_001;
    assert.equal((await spend(ports, wanted)).outcome, 'granted');
  }
});

test('a budget gives its burst away at once, then a unit every interval', async () => {
  const ports = memoryPorts({ db: openSqliteDb() });
  const start_ms = ports.now();
  const given = async (): Promise<number> => {
    const asked = await Promise.all(Array.from({ length: 25 }, () => spend(ports, wanted)));
    return asked.filter(({ outcome }) => outcome === 'granted').length;
  };
  assert.equal(await given(), 10, 'the burst');
  const waits = await spend(ports, wanted);
  assert.ok(waits.outcome === 'deferred' && waits.wait_ms >= 1 && waits.wait_ms <= 100);
  ports.clock.now_ms = start_ms + 99;
  assert.equal(await given(), 0);
  ports.clock.now_ms = start_ms + 350;
  assert.equal(await given(), 3, 'a unit every interval');
  ports.clock.now_ms = start_ms + 60_000;
  assert.equal(await given(), 10, 'no more than the burst was saved up');
});

test('units are given away all or none, and a part of them can be left to others', async () => {
  const ports = memoryPorts({ db: openSqliteDb() });
  const ask = async (units: number, leave = 0): Promise<string> =>
    (await spend(ports, { ...wanted, units, leave })).outcome;
  assert.equal(await ask(8), 'granted');
  assert.equal(await ask(3), 'deferred');
  assert.equal(await ask(1, 2), 'deferred', 'two are left to others');
  assert.equal(await ask(2), 'granted');
  assert.equal(await ask(1), 'deferred');
});

test('a request whose budget is spent is not sent, and says when to come again', async () => {
  let sent = 0;
  const ports = memoryPorts({
    db: openSqliteDb(),
    fetch: async () => {
      sent += 1;
      return new Response('{}');
    },
  });
  const url = 'https://api.github.com/rate_limit';
  const outgoing = { url, init: {}, timeout_ms: 1_000, body_max: 100, secrets: [] };
  const request = { ...outgoing, spend: { ...wanted, burst: 3 } };
  const answers = [];
  for (let asked = 0; asked < 5; asked += 1) answers.push((await send(ports, request)).fact);
  assert.equal(sent, 3);
  assert.deepEqual(
    answers.map(({ outcome }) => outcome),
    ['answered', 'answered', 'answered', 'deferred', 'deferred'],
  );
});
