// A database from before sites had places: its accounts are counted, its journals still fold to its
// rows, and a site that was on its way keeps its account.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { run } from '../../../worker-shim/run.ts';
import { core } from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';
import { main_id } from './support.ts';

const migrations = join(import.meta.dirname, '../../../worker-shim/migrations');
const at_ms = 1_795_000_000_000;

const events: Readonly<Record<string, readonly object[]>> = {
  'account:main': [
    { type: 'account_registered', name: 'main', cloudflare_id: main_id, capacity: 100 },
  ],
  'site:acme/dev': [planned('dev'), { type: 'project_create_started', attempt: 1 }],
  'site:acme/prod': [
    planned('prod'),
    { type: 'site_blocked', failure: { code: 'upstream.unclear', detail: 'so', next: 'look' } },
  ],
};

const rows: readonly (readonly [string, string, object])[] = [
  ['account', 'main', { seq: 1, name: 'main', cloudflare_id: main_id, capacity: 100 }],
  ['site', 'acme/dev', { ...site('dev'), state: 'creating', create_attempts: 1 }],
  [
    'site',
    'acme/prod',
    {
      ...site('prod'),
      state: 'blocked',
      create_attempts: 0,
      blocked: { code: 'upstream.unclear', detail: 'so', next: 'look' },
    },
  ],
];

function planned(environment: string): object {
  const wish = { config_version: 1, shell_sha: '', reason: 'platform created' };
  return { type: 'site_planned', platform_id: 'acme', environment, account: 'main', ...wish };
}

function site(environment: string): object {
  return {
    seq: 2,
    platform_id: 'acme',
    environment,
    account: 'main',
    project_name: `acme-${environment}-portal`,
    adopted: false,
    desired: { revision: 1, config_version: 1, shell_sha: '', reasons: ['platform created'] },
    updated_ms: at_ms,
  };
}

// What the two migrations before places and one instance made of them.
function writeOld(path: string): void {
  const sqlite = new DatabaseSync(path);
  for (const name of readdirSync(migrations).sort().slice(0, 2)) {
    sqlite.exec(readFileSync(join(migrations, name), 'utf8'));
  }
  const entry = sqlite.prepare(`INSERT INTO journal
    (aggregate, seq, at_ms, cause_id, commit_number, event) VALUES (?, ?, ?, 'old', 1, ?)`);
  for (const [aggregate, list] of Object.entries(events)) {
    for (const [i, event] of list.entries()) {
      entry.run(aggregate, i + 1, at_ms, JSON.stringify(event));
    }
  }
  for (const [table, id, row] of rows) {
    const insert = sqlite.prepare(`INSERT INTO ${table} (id, "row") VALUES (?, ?)`);
    insert.run(id, JSON.stringify(row));
  }
  sqlite.exec('PRAGMA user_version = 2');
  sqlite.close();
}

test('old accounts are counted, old journals fold to the new rows', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'old.sqlite');
  writeOld(path);
  const db = openSqliteDb(path);
  t.after(() => db.sqlite.close());
  const read = (table: string, id: string): Record<string, unknown> =>
    JSON.parse(String(db.sqlite.prepare(`SELECT "row" FROM ${table} WHERE id = ?`).get(id)?.row));

  const account = read('account', 'main');
  assert.deepEqual(
    [account.seq, account.state, account.sites, account.registered_ms],
    [2, 'open', 2, at_ms],
  );
  assert.equal(read('site', 'acme/dev').attempted, true);
  assert.equal(read('site', 'acme/prod').attempted, undefined);
  const world = memoryWorld(core, memoryPorts({ db }), {});
  for (const aggregate of Object.keys(events)) {
    const { body } = await run(world, { kind: 'fold', aggregate });
    assert.equal(new TextDecoder().decode(body), '{"equal":true}', aggregate);
  }
});
