// Hostile requests through workerd, on real D1 and R2: a sample of those that tests/node/hostile
// draws by the thousand.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Operation, operations } from '../../bindings/generated/operations.ts';
import { rows_by_id } from '../../worker-shim/storage/statements.ts';
import { faultsOf, type SchemaFaults, shown } from '../node/hostile/checks.ts';
import {
  type HostileRequest,
  hostileRequests,
  type Known,
  knownAttacks,
} from '../node/hostile/requests.ts';
import { type Api, created, openApi, publishing } from './api_world.ts';
import { assertPromised, checkedByNode, type Exchange, exchangeOf, freshState } from './support.ts';

const seed = 1;
const drawn = 40;
const attacks = 10;
const secrets = [
  'admin-key',
  'internal-key',
  'github-token',
  'cloudflare-token',
  '5ea1'.repeat(16),
];

/** Changes with every row and object that is stored; each change of a row has its journal entry. */
async function storedDigest(): Promise<string> {
  const tables = ['journal', 'outbox', 'document', ...Object.keys(rows_by_id)];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(` || ',' || `);
  const [rows, { objects }] = await Promise.all([
    env.DB.prepare(`SELECT ${counts} AS counts`).first<string>('counts'),
    env.CONFIGS.list(),
  ]);
  return `${rows} ${objects.length}`;
}

async function knownOf(api: Api): Promise<Known> {
  const { operationId } = (await created(api)).json();
  const path = '/api/v1/tokens';
  const body = { name: 'spare', scopes: ['deploy'], platforms: ['*'] };
  const { tokenId } = (await api.ask({ method: 'POST', path, body })).json();
  const org = { orgId: 'org-aurora', name: 'Aurora', members: [{ userId: 'ben', role: 'admin' }] };
  await api.ask({ method: 'PUT', path: '/api/v1/orgs/aurora', body: org });
  const of_org = { slug: 'aurora', orgId: org.orgId, userId: 'ben', publicationId: 'pub_none' };
  const of_platform = { platformId: 'acme', environment: 'dev', version: '1' };
  const ids = { ...of_platform, ...of_org, operationId, tokenId };
  return { ids, hints: {} };
}

// Every so manieth of the known attacks, each operation beginning elsewhere, and some drawn ones.
function requestsFor(operation: Operation, known: Known): HostileRequest[] {
  const all = knownAttacks(operation, known);
  const first = operations.indexOf(operation);
  const some = Array.from({ length: attacks }, (_, index) => {
    return all[(first + Math.floor((index * all.length) / attacks)) % all.length];
  });
  const requests = hostileRequests(operation, known);
  return [
    ...some.flatMap((attack) => attack ?? []),
    ...fc.sample(requests, { numRuns: drawn, seed }),
  ];
}

describe(`hostile requests, seed ${seed}`, () => {
  beforeEach(freshState);

  it.each(operations)('$name refuses them, or they are allowed', async (operation) => {
    const exchanges: Exchange[] = [];
    const api = openApi(publishing, {}, undefined, async (request, response) => {
      exchanges.push(await exchangeOf(request, response));
      return response;
    });
    const known = await knownOf(api);
    const values: { schema: object; value: unknown }[] = [];
    const collect: SchemaFaults = (schema, value) => {
      values.push({ schema, value });
      return [];
    };
    let refused = 0;
    let before = await storedDigest();
    for (const request of requestsFor(operation, known)) {
      const { method, target, headers, body } = request;
      const sent = body === undefined ? {} : { body: body.bytes };
      const { status, text, logged } = await api.ask({ method, path: target, headers, ...sent });
      const after = await storedDigest();
      const met = { request, operation: logged, status, text, stored: after !== before };
      before = after;
      expect(faultsOf(met, secrets, collect), shown(request)).toEqual([]);
      if (status >= 400) refused += 1;
    }
    await assertPromised(...exchanges);
    expect((await checkedByNode('values', values)).flat()).toEqual([]);
    expect(refused).toBeGreaterThan(10);
  });
});
