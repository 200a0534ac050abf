// Dispatches on their way: the Worker has written down that it starts a run, and GitHub does not
// know of it yet. Who kills the Worker at that very moment waits for 15 minutes, by design, until
// it is certain that no run will appear. That wait belongs to the crash points in tests/node/crash,
// which have a clock of their own; the kills of this folder leave the moment out.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { diskStore } from '../../simulator/base/store.ts';
import type { Run } from '../../simulator/runner/contract.ts';
import { databaseFile, type Place } from './place.ts';

/**
 * The keys of dispatches that were begun and of which the simulated GitHub has no run. True of a
 * moment only while the Worker is held or dead.
 */
export function dispatchesUnderWay(place: Place): string[] {
  const begun = readCopy(
    databaseFile(place),
    `SELECT dispatch_key AS key FROM batch
     WHERE json_extract("row", '$.state') IN ('dispatching', 'unknown')`,
  );
  const known = keysOfRuns(place);
  return begun.map(({ key }) => String(key)).filter((key) => !known.includes(key));
}

function keysOfRuns(place: Place): string[] {
  const store = diskStore(join(place.state, 'simulator'));
  return store.list('github/run/').map((key) => keyOf(store.get<Run>(key)?.title ?? ''));
}

/** The dispatch key of a run: its title begins with it. */
export function keyOf(title: string): string {
  return title.split(' ')[0] ?? '';
}

// From a copy with its write-ahead log: the one who has it open may hold locks.
function readCopy(file: string, sql: string): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-e2e-copy-'));
  try {
    const copy = join(folder, 'database.sqlite');
    for (const end of ['', '-wal']) if (existsSync(file + end)) cpSync(file + end, copy + end);
    const database = new DatabaseSync(copy);
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
