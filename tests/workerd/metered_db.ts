// A Db over the real D1 that adds up what D1 itself says it has read.
import { env } from 'cloudflare:workers';
import type { Db, Row, SqlValue, Statement } from '../../worker-shim/ports.ts';

/** What was asked of a database since the meter was made. */
export interface Meter {
  readonly db: Db;
  /** Statements so far. */
  statements: number;
  /** D1's own `meta.rows_read` of all of them. */
  rows_read: number;
}

/** A meter at zero. */
export function meteredDb(): Meter {
  const prepared = ({ sql, params }: Statement): D1PreparedStatement =>
    env.DB.prepare(sql).bind(...params);
  const counted = (results: readonly D1Result<Row>[]): void => {
    meter.statements += results.length;
    for (const { meta } of results) meter.rows_read += meta.rows_read;
  };
  const db: Db = {
    async all(sql: string, params: readonly SqlValue[]): Promise<Row[]> {
      const result = await prepared({ sql, params }).all<Row>();
      counted([result]);
      return result.results;
    },
    async reads(statements: readonly Statement[]): Promise<Row[][]> {
      const results = await env.DB.batch<Row>(statements.map(prepared));
      counted(results);
      return results.map((result) => result.results);
    },
    async batch(statements: readonly Statement[]): Promise<void> {
      counted(await env.DB.batch<Row>(statements.map(prepared)));
    },
  };
  const meter: Meter = { db, statements: 0, rows_read: 0 };
  return meter;
}
