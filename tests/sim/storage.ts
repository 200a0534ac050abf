// The whole storage of a simulation: what it holds as one number, and where a text is in it.
import { createHash } from 'node:crypto';
import type { SqliteDb } from '../node/support/sqlite_db.ts';

function tables({ sqlite }: SqliteDb): string[] {
  const named = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`;
  return sqlite
    .prepare(`${named} ORDER BY name`)
    .all()
    .map(({ name }) => String(name));
}

function* contents(db: SqliteDb, bucket: ReadonlyMap<string, Uint8Array>): Generator<string[]> {
  for (const table of tables(db)) {
    const rows = db.sqlite.prepare(`SELECT * FROM "${table}" ORDER BY 1`).all();
    for (const row of rows) yield [table, JSON.stringify(row)];
  }
  for (const [key, bytes] of [...bucket].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield ['bucket', `${key} ${Buffer.from(bytes).toString('latin1')}`];
  }
}

/** One number over everything that is stored: 16 hex digits. */
export function digestOf(db: SqliteDb, bucket: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256');
  for (const [place = '', text = ''] of contents(db, bucket)) hash.update(`${place} ${text}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** Where this text is stored: names of tables, or the bucket. */
export function secretsIn(
  db: SqliteDb,
  bucket: ReadonlyMap<string, Uint8Array>,
  text: string,
): string[] {
  const found = new Set<string>();
  for (const [place = '', content = ''] of contents(db, bucket)) {
    if (content.includes(text)) found.add(place);
  }
  return [...found];
}
