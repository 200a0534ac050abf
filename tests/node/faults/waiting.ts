// What waits for a promise of the outbox, as the rows tell: without such a promise it would rest
// for ever, and nobody would know.
import type { SqliteDb } from '../support/sqlite_db.ts';

/** Something that must not rest, and the promises of which one is enough. */
export interface Waiting {
  readonly id: string;
  readonly keys: readonly string[];
}

interface Site {
  readonly platform_id: string;
  readonly environment: string;
  readonly state: string;
  readonly account: string;
  readonly queued?: unknown;
  readonly blocked?: unknown;
  readonly desired: { readonly revision: number };
  readonly live?: { readonly revision: number };
  readonly active?: { readonly state: string; readonly batch_id: string };
  readonly last?: { readonly revision?: number };
  readonly paused?: unknown;
  readonly pin?: { readonly revision: number };
}

type Parsed = Map<string, unknown>;

// Rows are looked at after every step, and few of them have changed: a trigger tells which, and
// only those are read again.
const read = new WeakMap<SqliteDb, Readonly<Record<'site' | 'batch', Parsed>>>();

function rows<Row>(db: SqliteDb, table: 'site' | 'batch'): Row[] {
  const known = read.get(db) ?? { site: watch(db, 'site'), batch: watch(db, 'batch') };
  read.set(db, known);
  const { sqlite } = db;
  const touched = sqlite.prepare(`DELETE FROM temp.touched_${table} RETURNING id`).all();
  const find = sqlite.prepare(`SELECT "row" FROM ${table} WHERE id = ?`);
  for (const id of new Set(touched.map((each) => String(each.id)))) {
    const found = find.get(id);
    if (found === undefined) known[table].delete(id);
    else known[table].set(id, JSON.parse(String(found.row)));
  }
  return [...known[table].values()] as Row[];
}

function watch({ sqlite }: SqliteDb, table: string): Parsed {
  const touched = `touched_${table}`;
  const trigger = (event: string, row: string): string =>
    `CREATE TEMP TRIGGER ${table}_${event} AFTER ${event} ON main.${table}
     BEGIN INSERT INTO ${touched} VALUES (${row}.id); END;`;
  sqlite.exec(`
    CREATE TEMP TABLE ${touched} (id TEXT);
    ${trigger('INSERT', 'NEW')} ${trigger('UPDATE', 'NEW')} ${trigger('DELETE', 'OLD')}
    INSERT INTO temp.${touched} SELECT id FROM main.${table}`);
  return new Map();
}

/** Keys of the effects that have a due time. */
export function dueKeys({ sqlite }: SqliteDb): Set<string> {
  const found = sqlite.prepare('SELECT effect_key FROM outbox WHERE due_at_ms IS NOT NULL').all();
  return new Set(found.map(({ effect_key }) => String(effect_key)));
}

/** Sites that must be looked at, some time. */
export function waitingSites(db: SqliteDb): Waiting[] {
  return rows<Site>(db, 'site').map((site) => ({
    id: `the site ${site.platform_id}/${site.environment}`,
    keys: keysOf(site),
  }));
}

/** Batches that are not closed. */
export function waitingBatches(db: SqliteDb): Waiting[] {
  return rows<{ id: string; state: string }>(db, 'batch')
    .filter(({ state }) => state !== 'closed')
    .map(({ id }) => ({ id: `the batch ${id}`, keys: [`batch:${id}`] }));
}

function keysOf(site: Site): string[] {
  const key = `site:${site.platform_id}/${site.environment}`;
  const { active, desired, live, last } = site;
  if (site.state === 'creating') return [key];
  if (site.state === 'deleting') return site.blocked === undefined ? [key] : [];
  if (active !== undefined) {
    const uploaded = ['uploaded', 'verifying'].includes(active.state);
    return [uploaded ? key : `batch:${active.batch_id}`];
  }
  const tried = Math.max(live?.revision ?? 0, last?.revision ?? 0);
  const wished = site.pin?.revision ?? desired.revision;
  const waits = site.queued !== undefined || (wished > tried && site.paused === undefined);
  return site.state === 'ready' && waits ? [key, `queue:${site.account}`] : [];
}
