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

// Rows are looked at again after every step, and few of them have changed: each is parsed once.
const parsed = new WeakMap<
  SqliteDb,
  Map<string, { readonly text: string; readonly row: unknown }>
>();

function rows<Row>(db: SqliteDb, table: string): Row[] {
  const known = parsed.get(db) ?? new Map();
  parsed.set(db, known);
  const found = db.sqlite.prepare(`SELECT id, "row" FROM ${table}`).all();
  return found.map(({ id, row }) => {
    const [name, text] = [`${table} ${id}`, String(row)];
    const before = known.get(name);
    if (before?.text === text) return before.row as Row;
    const after = JSON.parse(text) as Row;
    known.set(name, { text, row: after });
    return after;
  });
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
