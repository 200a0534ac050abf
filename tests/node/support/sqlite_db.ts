// The state in SQLite, for Node: the same statements and migrations as in production, no workerd.
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import {
  type Db,
  type Row,
  type SqlValue,
  type Statement,
  StorageFailure,
} from '../../../worker-shim/ports.ts';

const migrations = new URL('../../../worker-shim/migrations/', import.meta.url);

/** A Db, and the SQLite database behind it for a test's own questions. */
export interface SqliteDb extends Db {
  readonly sqlite: DatabaseSync;
}

/**
 * Opens the state at `path` (`:memory:` for one that dies with the process) and applies the
 * migrations that it does not have. Close it with `sqlite.close()`.
 */
export function openSqliteDb(path = ':memory:'): SqliteDb {
  const sqlite = path === ':memory:' ? freshInMemory() : new DatabaseSync(path);
  migrate(sqlite);
  // Few texts, asked thousands of times.
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? sqlite.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const read = ({ sql, params }: Statement): Row[] =>
    statement(sql)
      .all(...params)
      .map(rowOf);
  return {
    sqlite,
    all: (sql, params) => asked(() => read({ sql, params })),
    reads: (statements) => asked(() => transaction(sqlite, () => statements.map(read))),
    batch: (statements) =>
      asked(() =>
        transaction(sqlite, () => {
          for (const { sql, params } of statements) {
            statement(sql).run(...params);
          }
        }),
      ),
  };
}

/** Node 24.21 has these, @types/node does not know them. */
interface Copied {
  serialize?(): Uint8Array;
  deserialize?(bytes: Uint8Array): void;
}

let migrated: Uint8Array | undefined;

// A migration takes longer than many tests: the empty state is made once, and copied.
function freshInMemory(): DatabaseSync {
  const sqlite: DatabaseSync & Copied = new DatabaseSync(':memory:');
  if (migrated === undefined) {
    migrate(sqlite);
    migrated = sqlite.serialize?.();
  } else {
    sqlite.deserialize?.(migrated);
  }
  return sqlite;
}

function migrate(sqlite: DatabaseSync): void {
  const version = sqlite.prepare('PRAGMA user_version').get()?.user_version;
  const files = readdirSync(migrations).filter((name) => name.endsWith('.sql'));
  for (const [index, name] of files.sort().entries()) {
    if (index >= Number(version)) {
      const sql = readFileSync(new URL(name, migrations), 'utf8');
      transaction(sqlite, () => sqlite.exec(`${sql}; PRAGMA user_version = ${index + 1}`));
    }
  }
}

function transaction<Result>(sqlite: DatabaseSync, act: () => Result): Result {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    sqlite.exec('ROLLBACK');
    throw error;
  }
}

async function asked<Result>(ask: () => Result): Promise<Result> {
  try {
    return ask();
  } catch (error) {
    throw new StorageFailure('the database failed', { cause: error });
  }
}

function rowOf(columns: Record<string, SQLOutputValue>): Row {
  const row: Record<string, SqlValue> = {};
  for (const [name, value] of Object.entries(columns)) {
    if (typeof value === 'bigint' || value instanceof Uint8Array) {
      throw new Error(`column ${name} is neither text, number nor null`);
    }
    row[name] = value;
  }
  return row;
}
