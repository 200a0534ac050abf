// Server-sent events of an org's publishing: a person follows it, and is told nothing more once
// they are no member.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { as, json, mine, orgFleet, orgOf, tokenOf } from '../orgs/support.ts';
import { schemaFaults } from '../support/exchange.ts';
import { documented } from '../support/openapi.ts';
import { type Block, follow } from './support.ts';

async function get(fleet: Fleet, path: string, user: string): Promise<Response> {
  const authorization = `Bearer ${await tokenOf(fleet, user)}`;
  const headers = { authorization, accept: 'text/event-stream' };
  return fleet.fetch(new Request(`http://slipway.test${path}`, { headers }));
}

function seqOf(fleet: Fleet): number {
  const sql = `SELECT max(seq) AS seq FROM journal WHERE aggregate = 'org:aurora'`;
  return Number(fleet.db.sqlite.prepare(sql).get()?.seq);
}

/** What is told until the stream ends; between two parts the org's next event happens. */
async function toldOf(fleet: Fleet, path: string): Promise<Block[]> {
  const follower = follow(await get(fleet, path, 'ben'));
  const blocks: Block[] = [];
  for (let part = await follower.next(); part !== undefined; part = await follower.next()) {
    blocks.push(...part);
    const seq = seqOf(fleet);
    await fleet.passTime(() => seqOf(fleet) > seq, 60_000);
  }
  return blocks;
}

async function published(fleet: Fleet): Promise<string> {
  const answer = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.equal(answer.status, 200, answer.text);
  return String(orgOf(fleet).active && json(answer).publishing.publication.publicationId);
}

for (const [operation, below, reason] of [
  ['my_publishing_read', () => mine, 'rests'],
  ['my_publication_read', (id: string) => `${mine}/publications/${id}`, 'ended'],
] as const) {
  test(`${operation}: a member is told every state until the site is live`, async () => {
    const { fleet } = await orgFleet();
    const id = await published(fleet);
    const blocks = await toldOf(fleet, below(id));
    const events = blocks.filter(({ event }) => event === 'state');
    const bodies = events.map(({ data }) => JSON.parse(data ?? ''));
    const schema = documented(operation).responses['200']?.content?.['application/json']?.schema;
    assert.ok(schema);
    for (const body of bodies) assert.deepEqual(schemaFaults(schema, body), []);
    const ids = events.map((event) => Number(event.id));
    assert.ok(
      ids.length >= 3 && ids.every((one, at) => at === 0 || one > Number(ids[at - 1])),
      `${ids}`,
    );
    assert.equal((bodies.at(-1).publication ?? bodies.at(-1)).state, 'live');
    assert.deepEqual(blocks.at(-1), { event: 'close', data: JSON.stringify({ reason }) });
    assert.ok(!JSON.stringify(blocks).includes('deploy_hooks'), 'a member sees no hook');
  });
}

test('who is no member any more is told nothing more', async () => {
  const { fleet } = await orgFleet();
  await published(fleet);
  const follower = follow(await get(fleet, mine, 'ben'));
  assert.equal((await follower.next())?.length, 2);
  assert.equal((await fleet.api('DELETE', '/api/v1/orgs/aurora/members/ben')).status, 200);
  assert.equal(await follower.next(), undefined);
});

test('strangers get no stream', async () => {
  const { fleet } = await orgFleet();
  const refused = await get(fleet, mine, 'cleo');
  assert.equal(refused.status, 404);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
});
