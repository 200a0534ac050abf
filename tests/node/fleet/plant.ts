// Many platforms that are live, without building each: one is taken live by the whole system, and
// what was stored of it is stored again under other names.
import assert from 'node:assert/strict';
import { account_id, type Fleet } from '../crash/fleet.ts';
import { settle } from '../faults/support.ts';

const template = 'tenant-0000';

/** The id of the n-th platform, from 0. */
export function tenant(index: number): string {
  return `tenant-${String(index).padStart(4, '0')}`;
}

/** Takes the first platform live and copies it: then there are `count`, with one site each. */
export async function plantTenants(fleet: Fleet, count: number): Promise<void> {
  await account(fleet, { cloudflareId: account_id, capacity: 10_000 });
  const made = await fleet.api('POST', '/api/v1/platforms', {
    platformId: template,
    name: 'Tenant',
    environments: ['dev'],
  });
  assert.equal(made.status, 202, made.text);
  await settle(fleet);
  const { sqlite } = fleet.db;
  const site = sqlite.prepare('SELECT "row" FROM site').get()?.row as string;
  const { live } = JSON.parse(site) as { live?: { deployment_id: string } };
  assert.ok(live !== undefined, 'the first platform is live');
  const from = templateOf(fleet);
  sqlite.exec('BEGIN');
  for (let index = 1; index < count; index += 1) copyRows(fleet, from, live.deployment_id, index);
  sqlite.exec('COMMIT');
  takePlaces(fleet, count);
  for (let index = 1; index < count; index += 1) await makeProject(fleet, tenant(index));
}

/** Registers or changes the account. */
export async function account(fleet: Fleet, body: object): Promise<void> {
  const answer = await fleet.api('PUT', '/api/v1/accounts/main', body);
  assert.equal(answer.status, 200, answer.text);
}

interface Template {
  readonly rows: readonly { table: string; id: string; row: string }[];
  readonly documents: readonly { id: string; body: string }[];
  readonly journal: readonly Readonly<Record<string, string | number>>[];
}

function templateOf({ db }: Fleet): Template {
  const like = `%${template}%`;
  const all = (sql: string): Record<string, string | number>[] =>
    db.sqlite.prepare(sql).all(like) as Record<string, string | number>[];
  const tables = ['platform', 'config_version', 'site', 'deployment'];
  return {
    rows: tables.flatMap((table) =>
      all(`SELECT id, "row" FROM ${table} WHERE id LIKE ?1 OR "row" LIKE ?1`).map((found) => ({
        table,
        id: String(found.id),
        row: String(found.row),
      })),
    ),
    documents: all('SELECT id, body FROM document WHERE id LIKE ?1').map(({ id, body }) => ({
      id: String(id),
      body: String(body),
    })),
    journal: all('SELECT * FROM journal WHERE aggregate LIKE ?1 ORDER BY id'),
  };
}

function copyRows({ db }: Fleet, from: Template, deployment: string, index: number): void {
  const own = deployment.slice(0, -6) + String(index).padStart(6, '0');
  const name = (text: unknown): string =>
    String(text).replaceAll(template, tenant(index)).replaceAll(deployment, own);
  for (const { table, id, row } of from.rows) {
    db.sqlite.prepare(`INSERT INTO ${table} (id, "row") VALUES (?1, ?2)`).run(name(id), name(row));
  }
  for (const { id, body } of from.documents) {
    db.sqlite.prepare('INSERT INTO document (id, body) VALUES (?1, ?2)').run(name(id), name(body));
  }
  const append = db.sqlite.prepare(`
    INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, author, format, event)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`);
  for (const entry of from.journal) {
    const { seq, at_ms, cause_id, commit_number, author, format } = entry;
    append.run(
      name(entry.aggregate),
      Number(seq),
      Number(at_ms),
      String(cause_id),
      Number(commit_number),
      String(author),
      Number(format),
      name(entry.event),
    );
  }
}

// The account's journal and row: a place for each site.
function takePlaces(fleet: Fleet, count: number): void {
  const { sqlite } = fleet.db;
  sqlite.exec(`
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, author, format, event)
    SELECT aggregate, seq + n, at_ms, cause_id, commit_number, author, format,
      replace(event, '${template}', printf('tenant-%04d', n))
    FROM journal, numbers
    WHERE n < ${count} AND aggregate = 'account:main'
      AND json_extract(event, '$.type') = 'place_taken'`);
  sqlite
    .prepare(`
      UPDATE account SET "row" = json_set("row", '$.sites', CAST(?1 AS INTEGER),
        '$.seq', json_extract("row", '$.seq') + CAST(?1 AS INTEGER) - 1)`)
    .run(count);
}

async function makeProject(fleet: Fleet, platformId: string): Promise<void> {
  const env_vars = { SLIPWAY_SITE: { type: 'plain_text', value: `${platformId}/dev` } };
  fleet.clock.advance(300);
  const answer = await fleet.cloudflare.fetch(
    new Request(`http://cloudflare.test/client/v4/accounts/${account_id}/pages/projects`, {
      method: 'POST',
      headers: { authorization: 'Bearer cloudflare-token', 'content-type': 'application/json' },
      body: JSON.stringify({
        name: `${platformId}-dev-portal`,
        production_branch: 'main',
        deployment_configs: { production: { env_vars }, preview: { env_vars } },
      }),
    }),
  );
  assert.equal(answer.status, 200, platformId);
}
