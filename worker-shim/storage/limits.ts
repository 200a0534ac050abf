// D1's limits, enforced before the database is asked: the local runtime does not know them, and in
// production the work that was done before the limit struck would be lost.
import { type Db, type SqlValue, type Statement, StorageFailure } from '../ports.ts';

/** What D1 allows. */
export interface DbLimits {
  /** Statements in one invocation. */
  readonly statements_max: number;
  /** Bound values of one statement. */
  readonly params_max: number;
  /** Length of one statement's text. */
  readonly sql_bytes_max: number;
  /** Length of one bound text. */
  readonly value_bytes_max: number;
}

/** The limits of a paid plan. */
export const d1_limits: DbLimits = {
  statements_max: 1000,
  params_max: 100,
  sql_bytes_max: 100_000,
  value_bytes_max: 2_000_000,
};

/** A statement would pass a limit; nothing of the call was sent. */
export class StorageLimit extends StorageFailure {
  override readonly name = 'StorageLimit';
}

/**
 * The same Db for one invocation: it counts statements and checks each.
 * Every method throws StorageLimit, before anything is sent, where a limit would be passed.
 */
export function limitedDb(db: Db, limits: DbLimits = d1_limits): Db {
  let used = 0;
  const admit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      checkStatement(statement, limits);
    }
    if (used + statements.length > limits.statements_max) {
      throw new StorageLimit(
        `${used} statements were used and ${statements.length} more pass the limit of ` +
          `${limits.statements_max} an invocation`,
      );
    }
    used += statements.length;
  };
  return {
    async all(sql, params) {
      admit([{ sql, params }]);
      return await db.all(sql, params);
    },
    async reads(statements) {
      admit(statements);
      return await db.reads(statements);
    },
    async batch(statements) {
      admit(statements);
      await db.batch(statements);
    },
  };
}

function checkStatement(statement: Statement, limits: DbLimits): void {
  if (statement.params.length > limits.params_max) {
    throw new StorageLimit(
      `${statement.params.length} parameters pass the limit of ${limits.params_max} a statement`,
    );
  }
  if (isLonger(statement.sql, limits.sql_bytes_max)) {
    throw new StorageLimit(`a statement passes the limit of ${limits.sql_bytes_max} bytes`);
  }
  for (const [index, value] of statement.params.entries()) {
    if (isLonger(value, limits.value_bytes_max)) {
      throw new StorageLimit(
        `parameter ${index + 1} passes the limit of ${limits.value_bytes_max} bytes`,
      );
    }
  }
}

// A UTF-16 unit takes at most three bytes, so that most texts need not be encoded to be measured.
function isLonger(value: SqlValue, bytes_max: number): boolean {
  return (
    typeof value === 'string' &&
    value.length * 3 > bytes_max &&
    new TextEncoder().encode(value).length > bytes_max
  );
}
