// What the tests of sealing share: two keys, a value, worlds over one database.
import type { Core } from '../../../bindings/js/core.ts';
import type { LogEntry, World } from '../../../worker-shim/world.ts';
import { type MemoryPorts, memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { scriptedCore } from '../support/scripted_core.ts';
import { openSqliteDb, type SqliteDb } from '../support/sqlite_db.ts';

/** A key, and the one that comes after it. */
export const before = '0123456789abcdef'.repeat(4);
export const after = 'fedcba9876543210'.repeat(4);

/** What is sealed, and the id that it is sealed under. */
export const value = '7ec1f0c7-aaaa-4bbb-8ccc-0d0e0f101112';
export const hook_id = 'hook:acme/01K9ZQ4Y7M3N8P2R5T6V0W1X2Y';

/** What a test may choose. */
export interface Choices {
  readonly core?: Core;
  readonly db?: SqliteDb;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly seed?: number;
}

/** A world with these secrets; the ports are the test's. */
export function world(
  variables: Readonly<Record<string, string>>,
  choices: Choices = {},
): World & { readonly logged: LogEntry[]; readonly memory: MemoryPorts; readonly db: SqliteDb } {
  const { core = scriptedCore(() => ({ done: {} })), db = openSqliteDb(), fetch, seed } = choices;
  const memory = memoryPorts({ db, ...(fetch && { fetch }), ...(seed && { seed }) });
  return { ...memoryWorld(core, memory, { CONFIG_STORE: 'd1', ...variables }), memory, db };
}

/** A sealed row as an object. */
export function boxOf(row: string): { key: string; nonce: string; box: string } {
  return JSON.parse(row);
}

/** The rows of `sealed` by id, as text. */
export function sealedRows(db: SqliteDb): Record<string, string> {
  const rows = db.sqlite.prepare('SELECT id, "row" AS value FROM sealed ORDER BY id').all();
  return Object.fromEntries(rows.map(({ id, value: row }) => [String(id), String(row)]));
}

/** Everything that the database holds, as one text. */
export function everything({ sqlite }: SqliteDb): string {
  const tables = sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const rows = tables.map(({ name }) => sqlite.prepare(`SELECT * FROM "${name}"`).all());
  return JSON.stringify(rows);
}
