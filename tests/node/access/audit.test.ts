// The audit trail: every event with who caused it, page by page in either order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { config_path, etagOf, liveFleet, settled } from '../config/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { createToken, json, told } from './support.ts';

interface Entry {
  readonly id: number;
  readonly author: string;
  readonly causeId: string;
  readonly aggregate: string;
  readonly seq: number;
  readonly type: string;
  readonly before?: string;
  readonly after?: string;
}

/** All pages of a question, of `limit` entries each. */
async function trail(fleet: Fleet, query: string, limit = 7): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor = '';
  do {
    const path = `/api/v1/audit?limit=${limit}${query}${cursor}`;
    const answer = await fleet.api('GET', path);
    assert.equal(answer.status, 200, answer.text);
    const { items, nextCursor } = json(answer);
    assert.ok(items.length > 0 && items.length <= limit);
    entries.push(...items);
    cursor = nextCursor === undefined ? '' : `&cursor=${nextCursor}`;
  } while (cursor !== '');
  return entries;
}

const documents = { features: { features: {} }, env: { default: {} }, auth: { default: {} } };

test('every event is there once, in either order, with who caused it', async () => {
  const fleet = await liveFleet();
  const { token, tokenId } = await createToken(fleet, ['platforms:write'], ['acme']);
  const match = { 'if-match': await etagOf(fleet) };
  assert.equal((await fleet.api('PUT', config_path, documents, token, match)).status, 202);
  await settled(fleet);
  const journal = fleet.db.sqlite.prepare('SELECT id FROM journal ORDER BY id').all();
  const oldest = await trail(fleet, '&order=oldest');
  assert.deepEqual(
    oldest.map(({ id }) => id),
    journal.map(({ id }) => id),
  );
  assert.deepEqual(await trail(fleet, ''), oldest.toReversed());
  assert.deepEqual(await trail(fleet, '&order=newest', 100), oldest.toReversed());

  const authors = Map.groupBy(oldest, ({ author }) => author);
  const types = (author: string): Set<string> =>
    new Set(authors.get(author)?.map(({ type }) => type));
  assert.deepEqual([...authors.keys()].sort(), ['admin', 'internal', 'system', tokenId].sort());
  assert.deepEqual([...types(tokenId)], ['config_stored', 'desired_changed']);
  assert.ok(types('admin').has('platform_created') && types('admin').has('token_created'));
  assert.ok(types('internal').has('batch_claimed'));
  assert.ok(types('system').has('batch_dispatch_started'));
  const causes = new Set(authors.get(tokenId)?.map(({ causeId }) => causeId));
  assert.equal(causes.size, 1, 'one request is one cause');
});

test('a change of configuration shows the digests before and after', async () => {
  const fleet = await liveFleet();
  const match = { 'if-match': '*' };
  assert.equal((await fleet.api('PUT', config_path, documents, 'admin-key', match)).status, 202);
  const entries = await trail(fleet, '&aggregate=platform:acme&order=oldest');
  const changes = entries.filter(({ type }) => type === 'config_stored');
  assert.equal(changes.length, 2);
  assert.equal(changes[0]?.before, undefined);
  assert.match(changes[0]?.after ?? '', /^[0-9a-f]{64}$/);
  assert.equal(changes[1]?.before, changes[0]?.after);
  assert.notEqual(changes[1]?.after, changes[0]?.after);
  assert.ok(
    entries.every(({ type, after }) => (type === 'config_stored') === (after !== undefined)),
  );
});

test('one aggregate has its own trail, in pages', async () => {
  const fleet = await liveFleet();
  const site = await trail(fleet, '&aggregate=site:acme/dev&order=oldest', 3);
  assert.deepEqual(
    site.map(({ seq }) => seq),
    site.map((_, index) => index + 1),
  );
  assert.ok(site.every(({ aggregate }) => aggregate === 'site:acme/dev'));
  assert.deepEqual(await trail(fleet, '&aggregate=site:acme/dev', 3), site.toReversed());
  const none = await fleet.api('GET', '/api/v1/audit?aggregate=site:nobody/dev');
  assert.deepEqual(json(none), { items: [] });
});

test('a cursor or an order that is none is refused', async () => {
  const fleet = await liveFleet();
  for (const query of ['cursor=abc', 'order=random', 'aggregate=', 'limit=0']) {
    assert.equal(told(await fleet.api('GET', `/api/v1/audit?${query}`)), '400 query.invalid');
  }
});
