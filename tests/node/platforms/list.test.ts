// The list of platforms: filters, their combinations, pages, and what they cost.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { queries, rows_write } from '../../../worker-shim/storage/statements.ts';
import { createToken } from '../access/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet } from '../crash/scenario.ts';
import { json, platforms, settle, told } from './support.ts';

interface Planted {
  readonly id: string;
  readonly states: Readonly<Record<string, string>>;
}

// Four kinds of platforms in turn; every fifth has another prefix.
const kinds: readonly Readonly<Record<string, string>>[] = [
  { dev: 'ready' },
  { dev: 'ready', prod: 'ready' },
  { dev: 'blocked', prod: 'creating' },
  { stg: 'suspended' },
];
const planted: readonly Planted[] = Array.from({ length: 60 }, (_, index) => ({
  id: `${index % 5 === 0 ? 'north' : 'south'}-${String(index).padStart(3, '0')}`,
  states: kinds[index % 4] ?? {},
}));

/** Rows as they would be stored, past the API: the list shows only what they say. */
async function plant(fleet: Fleet, all: readonly Planted[]): Promise<void> {
  const platformRows = all.map(({ id, states }) => ({
    id,
    row: {
      seq: 1,
      platform_id: id,
      name: id,
      environments: Object.keys(states),
      config_version: 1,
      request_digest: '',
      operation_id: '',
      created_ms: 0,
    },
  }));
  const siteRows = all.flatMap(({ id, states }) =>
    Object.entries(states).map(([environment, state]) => ({
      id: `${id}/${environment}`,
      row: { platform_id: id, environment, state },
    })),
  );
  await fleet.db.batch([
    { sql: rows_write.platform, params: [JSON.stringify(platformRows)] },
    { sql: rows_write.site, params: [JSON.stringify(siteRows)] },
  ]);
}

let fleet: Fleet;
before(async () => {
  fleet = openFleet().fleet;
  await plant(fleet, planted);
});

async function list(query: string, key?: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  do {
    const answer = await fleet.api('GET', `${platforms}?limit=7${query}${cursor}`, undefined, key);
    assert.equal(answer.status, 200, answer.text);
    const { items, nextCursor } = json(answer);
    ids.push(...items.map(({ platformId }: { platformId: string }) => platformId));
    cursor = nextCursor === undefined ? '' : `&cursor=${nextCursor}`;
  } while (cursor !== '');
  return ids;
}

function wanted(match: (platform: Planted) => boolean): string[] {
  return planted
    .filter(match)
    .map(({ id }) => id)
    .sort();
}

test('each filter and all of them together give what matches, each platform once', async () => {
  for (const environment of ['', 'dev', 'stg', 'prod']) {
    for (const state of ['', 'ready', 'blocked', 'creating', 'suspended', 'deleting']) {
      for (const prefix of ['', 'north', 'south-0', 'n', 'north-000', 'west', 'so-']) {
        const query = Object.entries({ environment, state, prefix })
          .map(([name, value]) => (value === '' ? '' : `&${name}=${value}`))
          .join('');
        const expected = wanted(
          ({ id, states }) =>
            id.startsWith(prefix) &&
            ((environment === '' && state === '') ||
              Object.entries(states).some(
                ([env, is]) =>
                  (environment === '' || env === environment) && (state === '' || is === state),
              )),
        );
        assert.deepEqual(await list(query), expected, query);
      }
    }
  }
});

test('a token that is limited to platforms filters among its own', async () => {
  const own = ['north-000', 'south-001', 'south-002', 'south-003'];
  const { token } = await createToken(fleet, ['platforms:read'], [...own, 'west-999']);
  assert.deepEqual(await list('', token), own);
  assert.deepEqual(await list('&prefix=south', token), own.slice(1));
  assert.deepEqual(await list('&state=ready', token), ['north-000', 'south-001']);
  assert.deepEqual(await list('&environment=prod', token), ['south-001', 'south-002']);
  assert.deepEqual(await list('&environment=prod&state=creating', token), ['south-002']);
});

test('platforms of a token in any order are listed in theirs, and none is left out', async () => {
  const own = planted.slice(0, 20).map(({ id }) => id);
  assert.notDeepEqual(own, [...own].sort());
  const { token } = await createToken(fleet, ['platforms:read'], own);
  assert.deepEqual(await list('', token), [...own].sort());
});

test('a wrong value is refused by its name', async () => {
  for (const [name, value] of [
    ['environment', 'test'],
    ['state', 'happy'],
    ['state', 'deleted'],
    ['state', 'absent'],
    ['prefix', 'Acme'],
    ['prefix', ''],
    ['prefix', 'x'.repeat(47)],
  ]) {
    const answer = await fleet.api('GET', `${platforms}?${name}=${value}`);
    assert.equal(told(answer), '400 query.invalid', `${name}=${value}`);
    assert.equal(json(answer).errors[0].pointer, name);
  }
});

test('a cursor stays where it is while platforms come', async () => {
  const { fleet: own } = openFleet();
  await plant(own, planted.slice(0, 20));
  const first = json(await own.api('GET', `${platforms}?limit=3&environment=dev`));
  const [, , third] = first.items;
  await plant(own, [
    { id: 'aaa', states: { dev: 'ready' } },
    { id: `${third.platformId}-b`, states: { dev: 'ready' } },
  ]);
  const path = `${platforms}?limit=3&environment=dev&cursor=${first.nextCursor}`;
  const second = json(await own.api('GET', path));
  assert.equal(second.items[0].platformId, `${third.platformId}-b`);
});

test('what was deleted is in no list', async () => {
  const { fleet: own } = openFleet();
  for (const platformId of ['acme', 'globex']) {
    await own.api('POST', platforms, { platformId, environments: ['dev', 'prod'] });
  }
  await settle(own);
  await own.api('DELETE', `${platforms}/acme`);
  await own.api('PATCH', `${platforms}/globex`, { environments: { remove: ['prod'] } });
  await settle(own);
  const seen = async (query: string): Promise<string[]> =>
    json(await own.api('GET', `${platforms}?${query}`)).items.map(
      ({ platformId }: { platformId: string }) => platformId,
    );
  assert.deepEqual(await seen(''), ['globex']);
  assert.deepEqual(await seen('environment=dev'), ['globex']);
  assert.deepEqual(await seen('environment=prod'), []);
  assert.deepEqual(await seen('state=ready'), ['globex']);
  assert.deepEqual(await seen('prefix=a'), []);
});

test('every filter is answered by an index', () => {
  const names = [
    'platforms_after',
    'platforms_between',
    'platforms_of_state',
    'platforms_of_environment',
    'platforms_of_state_in',
  ] as const;
  for (const name of names) {
    const sql = queries[name];
    const count = Math.max(...[...sql.matchAll(/\?(\d)/g)].map(([, digit]) => Number(digit)));
    const params = Array.from({ length: count }, () => 'x');
    const plan = fleet.db.sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params);
    const details = plan.map(({ detail }) => String(detail));
    assert.deepEqual(
      details.filter((detail) => /SCAN|TEMP B-TREE/.test(detail)),
      [],
      name,
    );
    // Both bounds of the ids bound the walk: what lies outside a page is not read.
    assert.match(details[0] ?? '', /id>\?/, name);
  }
});
