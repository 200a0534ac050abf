// A backup of a fleet's database, and the way back to it.
import type { Fleet } from '../crash/fleet.ts';

/** A table and its rows. */
export type Table = readonly [name: string, rows: readonly Record<string, unknown>[]];

function columnsOf(fleet: Fleet, table: string): string[] {
  // Generated columns are not in this list: they follow from the others.
  const columns = fleet.db.sqlite.prepare(`PRAGMA table_info("${table}")`).all();
  return columns.map(({ name }) => `"${name}"`);
}

/** Everything that is stored now. */
export function backUp(fleet: Fleet): Table[] {
  const { sqlite } = fleet.db;
  const tables = sqlite
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all();
  return tables.map(({ name }) => {
    const columns = columnsOf(fleet, String(name)).join();
    return [String(name), sqlite.prepare(`SELECT ${columns} FROM "${name}"`).all()];
  });
}

/** Makes it what was stored then; whatever came later is gone. */
export function restore(fleet: Fleet, tables: readonly Table[]): void {
  const { sqlite } = fleet.db;
  for (const [name, stored] of tables) {
    sqlite.exec(`DELETE FROM "${name}"`);
    const columns = columnsOf(fleet, name);
    const insert = sqlite.prepare(
      `INSERT INTO "${name}" (${columns}) VALUES (${columns.map(() => '?')})`,
    );
    for (const row of stored) insert.run(...(Object.values(row) as (string | number | null)[]));
  }
}
