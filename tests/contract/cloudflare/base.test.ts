// The simulator's base: stores, planned faults, and the socket.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { virtualClock } from '../../../simulator/base/clock.ts';
import { ConnectionLost, type Store } from '../../../simulator/base/contract.ts';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import { serve } from '../../../simulator/base/serve.ts';
import { diskStore, memoryStore } from '../../../simulator/base/store.ts';

function exercise(store: Store): void {
  const value = { list: [1] };
  store.put('a/b/one', value);
  value.list.push(2);
  assert.deepEqual(store.get('a/b/one'), { list: [1] });
  store.put('a/b', 'a key may be the folder of others');
  store.put('a/../up', 'and hold anything');
  store.putBytes('a/b/two', new Uint8Array([0, 255]));
  assert.deepEqual(store.list('a/b'), ['a/b', 'a/b/one', 'a/b/two']);
  assert.deepEqual(store.list('a/'), ['a/../up', 'a/b', 'a/b/one', 'a/b/two']);
  assert.deepEqual(store.getBytes('a/b/two'), new Uint8Array([0, 255]));
  assert.equal(store.get('a/b/two'), undefined);
  assert.throws(() => store.put('a/none', undefined), TypeError);
  store.delete('a/b/one');
  assert.equal(store.get('a/b/one'), undefined);
  assert.deepEqual(store.list('a/b/'), ['a/b/two']);
}

test('both stores keep copies, list by prefix and take any key', () => {
  exercise(memoryStore());
  const dir = mkdtempSync(join(tmpdir(), 'store-'));
  try {
    const state = join(dir, 'state');
    exercise(diskStore(state));
    writeFileSync(join(state, 'half.json.new'), '{"never": "renamed"');
    const again = diskStore(state);
    assert.deepEqual(again.list(''), ['a/../up', 'a/b', 'a/b/two']);
    assert.equal(again.get('a/../up'), 'and hold anything');
    assert.deepEqual(again.getBytes('a/b/two'), new Uint8Array([0, 255]));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the same seed gives the same faults, whatever else is called', () => {
  const fault = { when: 'before', answer: 500 } as const;
  const draw = (seed: number, others: boolean): boolean[] => {
    const faults = plannedFaults(seed, [{ operation: 'x.*', rate: 0.3, fault }]);
    return Array.from({ length: 200 }, () => {
      if (others) faults.take('x.other');
      return faults.take('x.one') !== undefined;
    });
  };
  assert.deepEqual(draw(7, false), draw(7, true));
  assert.notDeepEqual(draw(7, false), draw(8, false));
  const hits = draw(7, false).filter(Boolean).length;
  assert.ok(hits > 30 && hits < 90, `${hits} of 200 at a rate of 0.3`);
});

test('plans hit the calls they name, so often as they say', () => {
  const fault = { when: 'after', answer: 'timeout' } as const;
  const faults = plannedFaults(1, [
    { operation: 'a.b', nth: [2, 4], fault },
    { operation: 'a.c', times: 1, fault },
  ]);
  const takes = (operation: string): boolean[] =>
    [1, 2, 3, 4].map(() => faults.take(operation) !== undefined);
  assert.deepEqual(takes('a.b'), [false, true, false, true]);
  assert.deepEqual(takes('a.c'), [true, false, false, false]);
  assert.equal(faults.taken(), 3);
  faults.set([]);
  assert.deepEqual(takes('a.b'), [false, false, false, false]);
});

test('virtual time moves only forward and only when told', async () => {
  const clock = virtualClock(1_000);
  assert.equal(clock.now(), 1_000);
  await clock.sleep(5);
  clock.advance(1);
  assert.equal(clock.now(), 1_006);
  assert.throws(() => clock.advance(-1), RangeError);
});

test('the socket passes bodies and hosts through, and cuts lost connections', async () => {
  const served = await serve(async (request) => {
    if (request.url.endsWith('/lost')) throw new ConnectionLost();
    return Response.json({ url: request.url, body: await request.text() }, { status: 201 });
  });
  try {
    const response = await fetch(`${served.url}/a?b=c`, { method: 'POST', body: 'text' });
    assert.equal(response.status, 201);
    assert.deepEqual(await response.json(), { url: `${served.url}/a?b=c`, body: 'text' });
    await assert.rejects(fetch(`${served.url}/lost`));
  } finally {
    await served.close();
  }
});
