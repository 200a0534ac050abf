// Commit: what becomes of documents that lie elsewhere, then one database batch, then the queue.
// The journal's rows stand first in the batch: a writer that decided from an old state violates
// their key, and nothing of it remains.
import type { Commit } from '../../bindings/js/control.ts';
import { segmentAt, textOf } from '../../bindings/js/frame.ts';
import type { EffectDelay, Statement } from '../ports.ts';
import { stop } from '../storage/ledgers.ts';
import { sealStatements } from '../storage/sealed.ts';
import {
  commit_exists,
  journal_append,
  journal_cut,
  outbox_write,
  rows_delete,
  rows_insert,
  rows_write,
} from '../storage/statements.ts';
import { errorText, type World } from '../world.ts';

/** Names one commit among all: its journal rows carry it. */
export interface CommitIdentity {
  readonly cause_id: string;
  /** 1 for the first commit of the run. */
  readonly number: number;
  /** The run's clock, in milliseconds since the epoch. */
  readonly at_ms: number;
}

/** A queue message may sleep for half a day; what is due later is left to the sweep. */
const delay_s_max = 43_200;

/**
 * Makes it true, all of it or nothing: false when another run decided first.
 * @throws StorageFailure when it is not known to have happened.
 */
export async function commit(
  world: World,
  identity: CommitIdentity,
  wanted: Commit,
  segments: readonly Uint8Array[],
): Promise<boolean> {
  const statements = [
    ...statementsOf(identity, wanted, segments),
    ...(await sealStatements(world, wanted, segments)),
    ...(await documentStatements(world, wanted, segments)),
    ...(await removalStatements(world, wanted, segments)),
  ];
  if (statements.length > 0 && !(await written(world, identity, statements))) {
    return false;
  }
  await stop(world.ports, wanted.stops ?? []);
  await wake(world, wanted);
  return true;
}

// Documents in the database join the batch; elsewhere they are stored before it.
async function documentStatements(
  world: World,
  wanted: Commit,
  segments: readonly Uint8Array[],
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const { documents, stores } = world.ports;
  for (const [name, group] of Map.groupBy(wanted.documents ?? [], ({ store }) => store)) {
    const store = name === undefined ? documents : stores[name];
    const stored = group.map(({ id, segment }) => ({ id, bytes: segmentAt(segments, segment) }));
    if (store.statementsFor === undefined) {
      await store.putAllIfAbsent(stored);
    } else {
      statements.push(...store.statementsFor(stored));
    }
  }
  return statements;
}

// The same for documents that nobody needs where they are.
async function removalStatements(
  world: World,
  wanted: Commit,
  segments: readonly Uint8Array[],
): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const { store: name, segment } of wanted.removed ?? []) {
    const store = world.ports.stores[name];
    const ids = JSON.parse(textOf(segmentAt(segments, segment))) as string[];
    if (store.removalsFor === undefined) {
      await store.removeAll(ids);
    } else {
      statements.push(...store.removalsFor(ids));
    }
  }
  return statements;
}

function statementsOf(
  identity: CommitIdentity,
  wanted: Commit,
  segments: readonly Uint8Array[],
): Statement[] {
  const { at_ms, cause_id, number } = identity;
  const { journal, author = '', rows = [], deletes = [], effects = [] } = wanted;
  const cuts = wanted.journal_cuts;
  const text = (segment: number): string => textOf(segmentAt(segments, segment));
  const statements: Statement[] = [];
  if (journal !== undefined) {
    const params = [text(journal), at_ms, cause_id, number, author];
    statements.push({ sql: journal_append, params });
  }
  for (const { table, segment, must_be_new = false } of rows) {
    const sql = must_be_new ? rows_insert[table] : rows_write[table];
    statements.push({ sql, params: [text(segment)] });
  }
  for (const { table, segment } of deletes) {
    statements.push({ sql: rows_delete[table], params: [text(segment)] });
  }
  if (cuts !== undefined) {
    statements.push(...journal_cut.map((sql) => ({ sql, params: [text(cuts)] })));
  }
  if (effects.length > 0) {
    statements.push({ sql: outbox_write, params: [JSON.stringify(effects)] });
  }
  return statements;
}

// After an error the journal tells which of three things happened: our batch is in it and only the
// answer was lost, another run has taken the place of an event, of a new row or of what only one
// row may have, or neither.
async function written(
  world: World,
  identity: CommitIdentity,
  statements: readonly Statement[],
): Promise<boolean> {
  const { db } = world.ports;
  try {
    await db.batch(statements);
    return true;
  } catch (error) {
    const ours = await db.all(commit_exists, [identity.cause_id, identity.number]);
    if (ours.length > 0) {
      return true;
    }
    if (/UNIQUE constraint failed: (journal\.|\w+\.(id|org_id)\b)/.test(errorText(error))) {
      return false;
    }
    throw error;
  }
}

// The outbox holds the promise already: a message that cannot be sent costs a delay, nothing else.
async function wake(world: World, wanted: Commit): Promise<void> {
  const now = world.ports.now();
  const messages: EffectDelay[] = [];
  for (const { key, due_at_ms } of wanted.effects ?? []) {
    if (due_at_ms === undefined) {
      continue;
    }
    const delay_s = Math.max(0, Math.ceil((due_at_ms - now) / 1000));
    if (delay_s <= delay_s_max) {
      messages.push({ key, due_at_ms, delay_s });
    }
  }
  if (messages.length === 0) {
    return;
  }
  try {
    await world.ports.queue.send(messages);
  } catch (error) {
    world.log({ event: 'queue_send_failed', count: messages.length, error: errorText(error) });
  }
}
