// A fleet with every kind of caller: keys and tokens, good and bad, and a claimed batch of each of
// two platforms.
import assert from 'node:assert/strict';
import { plantPhase1 } from '../../../simulator/phase1/plant.ts';
import { account_id } from '../crash/fleet.ts';
import type { FaultyFleet } from '../faults/support.ts';
import { hour_ms, openFleet, settle } from '../faults/support.ts';
import { publishing } from '../orgs/support.ts';
import { orgIds, plantOrg } from './org_cast.ts';
import { createToken, json } from './support.ts';

/** Who calls; `none` sends an empty bearer. */
export const callers = [
  'none',
  'wrong key',
  'revoked token',
  'expired token',
  'read token',
  'write token',
  'deploy token',
  'config token',
  'publishing token',
  'publisher for all',
  'other tenant',
  'other build',
  'own build',
  'internal key',
  'admin token',
  'admin key',
] as const;
/** One of these names. */
export type Caller = (typeof callers)[number];

/** The fleet and what its callers need to know. */
export interface Cast {
  readonly fleet: FaultyFleet;
  /** The bearer of each caller. */
  readonly keys: Readonly<Record<Caller, string>>;
  /** What stands for the parameters of a path. */
  readonly ids: Readonly<Record<string, string>>;
  /** The same of a platform that was imported; its site may be migrated. */
  readonly imported: Readonly<Record<string, string>>;
  /** The same of a site that was migrated. */
  readonly migrated: Readonly<Record<string, string>>;
  /** The run that holds the batch of `acme`. */
  readonly runId: string;
}

const all = ['platforms:read', 'platforms:write', 'deploy', 'config:read', 'publishing'];
const runs = { acme: '9001', globex: '9002' };

const dead_letter_id = 'dl_of-a-test';

/** There is one dead letter, whatever was done to it before. */
export function plantDeadLetter(fleet: FaultyFleet): void {
  const effect = { effect_key: 'site:acme/dev', due_at_ms: 1 };
  const row = JSON.stringify({ ...effect, given_up: 1, first_ms: 1, last_ms: 1, error: 'e' });
  fleet.db.sqlite
    .prepare('INSERT OR REPLACE INTO dead_letter (id, "row") VALUES (?, ?)')
    .run(dead_letter_id, row);
}

/** What the last deployment of `acme` should have brought is still wished. */
export function plantRetryable(fleet: FaultyFleet): void {
  fleet.db.sqlite.exec(`UPDATE site SET "row" = json_set("row", '$.desired.revision',
    json_extract("row", '$.last.revision')) WHERE id = 'acme/dev'`);
}

/** The deployment that `acme` serves. */
export function liveDeployment(fleet: FaultyFleet): string {
  const sql = `SELECT json_extract("row", '$.live.deployment_id') AS id FROM site WHERE id = ?`;
  return String(fleet.db.sqlite.prepare(sql).get('acme/dev')?.id);
}

/**
 * Platforms `acme` and `globex`, live and claimed again by hand; tokens limited to `acme`; the org
 * `aurora`, provisioned.
 */
export async function openCast(): Promise<Cast> {
  const fleet = openFleet({ variables: publishing });
  for (const platformId of ['acme', 'globex']) {
    const body = { platformId, environments: ['dev'] };
    assert.equal((await fleet.api('POST', '/api/v1/platforms', body)).status, 202);
  }
  await plantOrg(fleet);
  await settle(fleet);
  const [imported = '', migrated = ''] = await bringOver(fleet);
  const limited = async (...scopes: string[]): Promise<string> =>
    (await createToken(fleet, scopes, ['acme', imported, migrated])).token;
  const expired = await createToken(fleet, all, ['acme'], { expiresInDays: 1 });
  fleet.clock.advance(24 * hour_ms);
  // The cron is seen again, so that the instance calls itself ready.
  await fleet.passTime(() => false, hour_ms / 30);
  const revoked = await createToken(fleet, all, ['acme']);
  const revoke = await fleet.api('DELETE', `/api/v1/tokens/${revoked.tokenId}`);
  assert.equal(revoke.status, 204, revoke.text);
  const spare = await createToken(fleet, ['deploy']);
  const own = await claim(fleet, 'acme');
  const other = await claim(fleet, 'globex');
  const [operation] = fleet.db.sqlite
    .prepare(`SELECT id FROM operation WHERE json_extract("row", '$.platform_id') = 'acme'`)
    .all();
  return {
    fleet,
    runId: runs.acme,
    ids: {
      platformId: 'acme',
      environment: 'dev',
      version: '1',
      batchId: own.batchId,
      deploymentId: own.deployments[0].deploymentId,
      operationId: String(operation?.id),
      tokenId: spare.tokenId,
      deadLetterId: dead_letter_id,
      importId: firstId(fleet, 'import'),
      ...orgIds(fleet),
    },
    imported: { platformId: imported, environment: 'prod' },
    migrated: { platformId: migrated, environment: 'prod' },
    keys: {
      none: '',
      'wrong key': 'wrong',
      'revoked token': revoked.token,
      'expired token': expired.token,
      'read token': await limited('platforms:read'),
      'write token': await limited('platforms:write'),
      'deploy token': await limited('deploy'),
      'config token': await limited('config:read'),
      'publishing token': await limited('publishing'),
      'publisher for all': (await createToken(fleet, ['publishing'])).token,
      'other tenant': (await createToken(fleet, all, ['globex'])).token,
      'other build': other.token,
      'own build': own.token,
      'internal key': 'internal-key',
      'admin token': (await createToken(fleet, ['admin'])).token,
      'admin key': 'admin-key',
    },
  };
}

// Two platforms of the world before Slipway: imported, the second one migrated, too.
async function bringOver(fleet: FaultyFleet): Promise<string[]> {
  const planted = plantPhase1(fleet, { count: 2, account: account_id });
  const ids = planted.map(({ platformId }) => platformId);
  const body = { all: true, environments: ['prod'] };
  assert.equal((await fleet.api('POST', '/api/v1/platforms/import', body)).status, 202);
  await settle(fleet);
  const path = `/api/v1/platforms/${ids[1]}/environments/prod/migrate`;
  assert.equal((await fleet.api('POST', path)).status, 202);
  await settle(fleet);
  return ids;
}

function firstId(fleet: FaultyFleet, table: string): string {
  return String(fleet.db.sqlite.prepare(`SELECT id FROM ${table} LIMIT 1`).get()?.id);
}

// A build that a person has started takes the platform's batch.
async function claim(fleet: FaultyFleet, platformId: keyof typeof runs): Promise<Claim> {
  const body = { platformId, env: 'dev', runId: runs[platformId], runAttempt: 1 };
  const answer = await fleet.api('POST', '/api/v1/claims', body, 'internal-key');
  assert.equal(answer.status, 200, answer.text);
  return json(answer);
}

interface Claim {
  readonly batchId: string;
  readonly token: string;
  readonly deployments: [{ readonly deploymentId: string }];
}
