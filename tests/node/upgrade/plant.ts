// A database as an older version of this service left it: its migrations, its rows, its promises.
import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteDb, type SqliteDb } from '../support/sqlite_db.ts';

const migrations = new URL('../../../worker-shim/migrations/', import.meta.url);

/** What an older version stored. */
export interface Fixture {
  /** What had happened. */
  readonly about: string;
  /** When, in milliseconds since the epoch. */
  readonly now_ms: number;
  /** How many migrations there were. */
  readonly migrations: number;
  /** Rows by table; generated columns are not among them. */
  readonly tables: Readonly<
    Record<string, readonly Readonly<Record<string, string | number | null>>[]>
  >;
}

/** Reads a fixture of this folder. */
export function readFixture(name: string): Fixture {
  const path = new URL(`fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Fixture;
}

/** The fixture in a database at `path`, which today's migrations have then been applied to. */
export function plant(fixture: Fixture, path: string): SqliteDb {
  const old = new DatabaseSync(path);
  const files = readdirSync(migrations).sort().slice(0, fixture.migrations);
  for (const file of files) old.exec(readFileSync(new URL(file, migrations), 'utf8'));
  for (const [table, rows] of Object.entries(fixture.tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      const names = columns.map((name) => `"${name}"`).join();
      const places = columns.map(() => '?').join();
      old
        .prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`)
        .run(...Object.values(row));
    }
  }
  old.exec(`PRAGMA user_version = ${fixture.migrations}`);
  old.close();
  return openSqliteDb(path);
}
