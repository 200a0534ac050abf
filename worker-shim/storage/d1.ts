// The database over D1. One method, one round trip; nothing is retried here.
import { type Db, type Row, type SqlValue, type Statement, StorageFailure } from '../ports.ts';

/** A Db over a D1 binding. */
export function d1Db(database: D1Database): Db {
  const prepared = (statement: Statement): D1PreparedStatement =>
    database.prepare(statement.sql).bind(...statement.params);
  return {
    async all(sql: string, params: readonly SqlValue[]): Promise<Row[]> {
      const result = await asked(() => prepared({ sql, params }).all<Row>());
      return result.results;
    },
    async reads(statements: readonly Statement[]): Promise<Row[][]> {
      const results = await asked(() => database.batch<Row>(statements.map(prepared)));
      return results.map((result) => result.results);
    },
    async batch(statements: readonly Statement[]): Promise<void> {
      await asked(() => database.batch(statements.map(prepared)));
    },
  };
}

async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw new StorageFailure('the database failed', { cause: error });
  }
}
