// Reads cost the same however much there is: D1's own count of rows read, and SQLite's own plans.
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCore } from '../../bindings/js/core.ts';
import coreModule from '../../build/core.wasm';
import { run } from '../../worker-shim/run.ts';
import { documentsInDb } from '../../worker-shim/storage/documents_d1.ts';
import * as statements from '../../worker-shim/storage/statements.ts';
import { tick } from '../../worker-shim/triggers/cron.ts';
import { type Asked, configured, created, openApi } from './api_world.ts';
import { meteredDb } from './metered_db.ts';
import { freshState, testWorld } from './support.ts';

const core = createCore(coreModule);
const variables = { ...configured, CONFIG_STORE: 'd1' };

// What the platform `acme` has, once more under other names: `acme-00001`, `acme-00002` and so on.
// Every text that the core made of its id is made of theirs.
async function multiply(tables: readonly string[], from: number, to: number): Promise<void> {
  const names = `replace($, 'acme', printf('acme-%05d', n))`;
  const copies = tables.map((table) => {
    const [id, row] = ['id', '"row"'].map((column) => names.replace('$', column));
    return `INSERT INTO ${table} (id, "row") SELECT ${id}, ${row} FROM ${table}, numbers`;
  });
  const journal = `
    INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, author, event)
    SELECT ${names.replace('$', 'aggregate')}, seq, at_ms, cause_id || n, commit_number, author,
      event
    FROM journal, numbers`;
  const outbox = `INSERT INTO outbox (effect_key, seq, due_at_ms)
    SELECT ${names.replace('$', 'effect_key')}, seq, NULL FROM outbox, numbers`;
  const own = {
    journal: `aggregate IN ('platform:acme', 'site:acme/dev')`,
    outbox: `effect_key = 'site:acme/dev'`,
  };
  const numbers = `WITH RECURSIVE numbers (n) AS (
    SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to})`;
  await env.DB.batch([
    ...copies.map((sql) =>
      env.DB.prepare(
        `${numbers} ${sql} WHERE id GLOB 'acme' OR id GLOB 'acme/*' OR id GLOB '*.acme'`,
      ),
    ),
    env.DB.prepare(`${numbers} ${journal} WHERE ${own.journal}`),
    env.DB.prepare(`${numbers} ${outbox} WHERE ${own.outbox}`),
  ]);
}

/** A platform made by the API, with a settled site and some deployments. */
async function plantOne(): Promise<string> {
  const { operationId } = (await created(openApi(variables))).json();
  const ids = Array.from({ length: 3 }, (_, index) => `dep_${index}.acme`);
  const rows = ids.map((id) => ({
    id,
    row: JSON.stringify({ id, site: 'acme/dev', state: 'live' }),
  }));
  const org = { slug: 'acme', org_id: 'org-acme', name: 'Acme', state: 'ready', seq: 3 };
  const orgs = [{ id: 'acme', row: JSON.stringify(org) }];
  const published = { id: 'pub_0.acme', slug: 'acme', org_id: 'org-acme', state: 'live' };
  const publications = [{ id: published.id, row: JSON.stringify(published) }];
  await env.DB.batch([
    env.DB.prepare(statements.rows_write.deployment).bind(JSON.stringify(rows)),
    env.DB.prepare(statements.rows_write.org).bind(JSON.stringify(orgs)),
    env.DB.prepare(statements.rows_write.publication).bind(JSON.stringify(publications)),
    env.DB.prepare('UPDATE outbox SET due_at_ms = NULL'),
  ]);
  return operationId;
}

/** What a request reads, and how many items it answers with. */
async function cost(
  asked: Asked,
): Promise<{ statements: number; rows_read: number; text: string }> {
  const meter = meteredDb();
  const documents = documentsInDb(meter.db);
  const api = openApi(variables, { db: meter.db, documents }, core);
  const { status, text } = await api.ask(asked);
  expect(status, text).toBe(200);
  return { statements: meter.statements, rows_read: meter.rows_read, text };
}

describe('reads', () => {
  beforeEach(freshState);

  it('cost the same with 100 platforms and with 10,000', async () => {
    const operationId = await plantOne();
    const platforms = '/api/v1/platforms';
    const reads: Record<string, Asked> = {
      'the first page': { path: `${platforms}?limit=20` },
      'a middle page': { path: `${platforms}?limit=20&cursor=acme-00050` },
      'a platform': { path: `${platforms}/acme` },
      'its configuration': { path: `${platforms}/acme/config`, key: 'internal-key' },
      'its versions': { path: `${platforms}/acme/config/versions` },
      'its deployments': { path: `${platforms}/acme/environments/dev/deployments?limit=2` },
      'an operation': { path: `/api/v1/operations/${operationId}` },
      'the audit trail': { path: '/api/v1/audit?limit=20' },
      'a middle page of orgs': { path: '/api/v1/orgs?limit=20&cursor=acme-00050' },
      'an org': { path: '/api/v1/orgs/acme' },
      'how it is published': { path: '/api/v1/orgs/acme/publishing' },
      'its publications': { path: '/api/v1/orgs/acme/publishing/publications' },
      'the trail of one': { path: '/api/v1/audit?limit=20&aggregate=site:acme/dev' },
    };
    const costs = async (): Promise<Record<string, number>> => {
      const all: Record<string, number> = {};
      for (const [name, asked] of Object.entries(reads)) {
        const { rows_read, text } = await cost(asked);
        expect(rows_read, name).toBeGreaterThan(0);
        if (/ page/.test(name)) expect(JSON.parse(text).items.length, name).toBe(20);
        all[name] = rows_read;
      }
      return all;
    };
    const tables = ['platform', 'config_version', 'site', 'deployment', 'org', 'publication'];
    await multiply(tables, 1, 99);
    const few = await costs();
    await multiply(tables, 100, 9_999);
    const platforms_now = await env.DB.prepare('SELECT count(*) AS n FROM platform').first('n');
    expect(platforms_now).toBe(10_000);
    expect(await costs()).toEqual(few);
    expect(few['its configuration']).toBeLessThan(20);
  });

  it('of a cron tick cost the same with 100 idle sites and orgs and with 100,000', async () => {
    await plantOne();
    await plantClosedBatch();
    const ticked = async (): Promise<Record<string, { statements: number; rows_read: number }>> => {
      const costs: Record<string, { statements: number; rows_read: number }> = {};
      // Both runs of a tick, and the tick as the cron begins it.
      for (const operation of ['sweep', 'watch_runs', 'both'] as const) {
        const meter = meteredDb();
        const asked: string[] = [];
        const fetch = async (request: Request): Promise<Response> => {
          asked.push(request.url);
          return new Response('', { status: 500 });
        };
        const world = testWorld(core, { db: meter.db, fetch }, variables);
        if (operation === 'both') await tick(world);
        else await run(world, { kind: 'tick', operation });
        expect(asked, operation).toEqual([]);
        costs[operation] = { statements: meter.statements, rows_read: meter.rows_read };
      }
      return costs;
    };
    await multiply(idle, 1, 99);
    // The first tick writes when the cron was seen, which later ones read.
    await ticked();
    const few = await ticked();
    expect(few.both?.statements).toBe(
      (few.sweep?.statements ?? 0) + (few.watch_runs?.statements ?? 0),
    );
    await multiply(idle, 100, 99_999);
    for (const table of idle) {
      const least = table === 'deployment' ? 300_000 : 100_000;
      expect(await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first('n'), table).toBe(
        least,
      );
    }
    expect(await ticked()).toEqual(few);
  });
});

// What each idle site and each idle org has.
const idle = ['platform', 'config_version', 'site', 'deployment', 'batch', 'org', 'publication'];

// The batch of a deployment that is live: closed, and not yet to be pruned.
async function plantClosedBatch(): Promise<void> {
  const row = { id: 'bat_Z.acme', seq: 5, state: 'closed', account: 'main', environment: 'dev' };
  await env.DB.prepare('INSERT INTO batch (id, "row") VALUES (?, ?)')
    .bind(row.id, JSON.stringify(row))
    .run();
}

describe('the plan of every statement', () => {
  beforeAll(freshState);

  const all = Object.entries(statements).flatMap(([name, one]): [string, string][] =>
    typeof one === 'string'
      ? [[name, one]]
      : Object.entries(one).map(([key, sql]) => [`${name}.${key}`, sql]),
  );

  it('covers what the Worker asks', () => {
    expect(all.length).toBeGreaterThan(60);
  });

  it.each(all)('%s finds its rows by an index', async (_, sql) => {
    const params = Math.max(0, ...[...sql.matchAll(/\?(\d)/g)].map(([, index]) => Number(index)));
    const explain = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`);
    const { results } = await explain.bind(...Array(params).fill('[]')).all<{ detail: string }>();
    const scans = results.filter(({ detail }) => /^SCAN (?!json_each\b|CONSTANT ROW)/.test(detail));
    expect(scans.map(({ detail }) => detail)).toEqual([]);
  });
});
