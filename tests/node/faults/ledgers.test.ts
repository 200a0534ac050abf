// The statements of the ledgers by themselves: what a limit of an upstream stops stays stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spend, stop } from '../../../worker-shim/storage/ledgers.ts';
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
