// The ports: everything that the shim can reach outside itself, as interfaces, so that the same
// loop runs in a Worker, in a test with virtual time and under simulated crashes. The clock,
// randomness and the network are used nowhere else.

import type { StoreName } from '../bindings/js/control.ts';

/** A value that may be bound to a statement, or read from a row. Bytes never travel as rows. */
export type SqlValue = string | number | null;

/** One row of a result, by column. */
export type Row = Readonly<Record<string, SqlValue>>;

/** One statement with its parameters in order (`?1`, `?2`, ...). */
export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** The database. Every method is one round trip and fails with StorageFailure. */
export interface Db {
  /** The rows of one read. */
  all(sql: string, params: readonly SqlValue[]): Promise<Row[]>;
  /** The rows of many reads, in their order, from one state of the database. */
  reads(statements: readonly Statement[]): Promise<Row[][]>;
  /** Writes all statements in one transaction, in order: all of them or none. */
  batch(statements: readonly Statement[]): Promise<void>;
}

/** Immutable texts under ids that determine their content. Fails with StorageFailure. */
export interface Documents {
  /** The bytes under each id, in the order of the ids; undefined where there are none. */
  getAll(ids: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /**
   * Stores valid UTF-8 texts, each under its id; where an id is taken nothing changes. After a
   * failure some may be stored.
   */
  putAllIfAbsent(documents: readonly StoredDocument[]): Promise<void>;
  /**
   * Where documents lie in the database: the statements that do the same, to stand in another
   * batch of it, which saves a round trip.
   */
  statementsFor?(documents: readonly StoredDocument[]): Statement[];
  /** Removes documents; one that is not there is no error. After a failure some may be gone. */
  removeAll(ids: readonly string[]): Promise<void>;
  /** Where documents lie in the database: the statements that do the same. */
  removalsFor?(ids: readonly string[]): Statement[];
}

/** A document under its id. */
export interface StoredDocument {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A message: perform the effect of this key, no earlier than after `delay_s` seconds. */
export interface EffectDelay {
  readonly key: string;
  /** The promise in the outbox that the message is sent for, in milliseconds since the epoch. */
  readonly due_at_ms: number;
  readonly delay_s: number;
}

/** The queue that wakes effects up. Messages may be lost or come twice. */
export interface EffectQueue {
  send(messages: readonly EffectDelay[]): Promise<void>;
}

/** Everything outside. */
export interface Ports {
  readonly db: Db;
  /** Documents wherever they lie, written to the configured store. */
  readonly documents: Documents;
  /** Each store by itself. */
  readonly stores: Readonly<Record<StoreName, Documents>>;
  readonly queue: EffectQueue;
  /** One HTTP exchange; rejects when there is no answer. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** 128 fresh random bits, 32 lower-case hex digits. */
  entropy(): string;
  sleep(ms: number): Promise<void>;
}

/** The storage did not do, or may not have done, what it was asked: `cause` says why. */
export class StorageFailure extends Error {
  override readonly name: string = 'StorageFailure';
}

/** The host's own clock, randomness, timer and network. */
export const hostPorts: Pick<Ports, 'fetch' | 'now' | 'entropy' | 'sleep'> = {
  fetch: (request) => fetch(request),
  now: () => Date.now(),
  entropy: () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** SHA-256 of `bytes`: 32 bytes. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
