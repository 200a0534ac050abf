// Server-sent events in virtual time: what is told when, and when a stream ends. A read of a stream
// lets the time pass until something is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet } from '../crash/scenario.ts';
import { schemaFaults } from '../support/exchange.ts';
import { documented } from '../support/openapi.ts';
import { type Block, type Follower, follow } from './support.ts';

const hour_ms = 3_600_000;
const acme = { platformId: 'acme', environments: ['dev'] };
const platform = '/api/v1/platforms/acme';
const begin = { retry: '2000' };

interface Asking {
  readonly id?: string;
  readonly key?: string;
  readonly accept?: string;
}

function get(fleet: Fleet, path: string, asking: Asking = {}): Promise<Response> {
  const { id, key = 'admin-key', accept = 'text/event-stream' } = asking;
  const headers = { authorization: `Bearer ${key}`, accept };
  const last = id === undefined ? {} : { 'last-event-id': id };
  return fleet.fetch(
    new Request(`http://slipway.test${path}`, { headers: { ...headers, ...last } }),
  );
}

/** Creates the platform; the path of the operation. */
async function create(fleet: Fleet, body: object = acme): Promise<string> {
  const answer = await fleet.api('POST', '/api/v1/platforms', body);
  assert.equal(answer.status, 202, answer.text);
  return answer.headers.get('location') ?? '';
}

async function settle(fleet: Fleet): Promise<void> {
  const pending = 'SELECT 1 FROM outbox WHERE due_at_ms IS NOT NULL';
  const settled = () => fleet.db.sqlite.prepare(pending).get() === undefined;
  assert.ok(await fleet.passTime(settled, hour_ms));
}

function seqOf(fleet: Fleet, aggregate: string): number {
  const found = fleet.db.sqlite.prepare('SELECT max(seq) AS seq FROM journal WHERE aggregate = ?');
  return Number(found.get(aggregate)?.seq ?? 0);
}

/** Reads on until the end; between two parts the fleet moves until the site's next event. */
async function followToTheEnd(fleet: Fleet, follower: Follower): Promise<Block[]> {
  const blocks: Block[] = [];
  for (;;) {
    const part = await follower.next();
    if (part === undefined) return blocks;
    blocks.push(...part);
    const seq = seqOf(fleet, 'site:acme/dev');
    await fleet.passTime(() => seqOf(fleet, 'site:acme/dev') > seq, 60_000);
  }
}

function states(blocks: readonly Block[]): { ids: number[]; bodies: { state: string }[] } {
  const events = blocks.filter(({ event }) => event === 'state');
  return {
    ids: events.map(({ id }) => Number(id)),
    bodies: events.map(({ data }) => JSON.parse(data ?? '')),
  };
}

/** The event of the end: its reason. */
const close = (reason: string): Block => ({ event: 'close', data: JSON.stringify({ reason }) });

function assertTold(blocks: readonly Block[], operation: string): void {
  const { ids, bodies } = states(blocks);
  const schema = documented(operation).responses['200']?.content?.['application/json']?.schema;
  assert.ok(schema);
  assert.deepEqual(
    bodies.flatMap((body) => schemaFaults(schema, body)),
    [],
  );
  for (const [index, id] of ids.entries()) {
    assert.ok(Number.isInteger(id) && (index === 0 || id > (ids[index - 1] ?? id)), ids.join());
  }
}

test('an operation is told state by state, in order, to its end', async () => {
  const { fleet } = openFleet();
  const path = await create(fleet);
  const follower = follow(await get(fleet, path));
  const blocks = await followToTheEnd(fleet, follower);
  assert.deepEqual(blocks[0], begin);
  assertTold(blocks, 'operation_read');
  const { ids, bodies } = states(blocks);
  assert.equal(bodies[0]?.state, 'running');
  assert.equal(bodies.at(-1)?.state, 'succeeded');
  assert.ok(bodies.slice(0, -1).every(({ state }) => state === 'running'));
  assert.ok(ids.length > 6, ids.join());
  assert.equal(ids.at(-1), seqOf(fleet, 'site:acme/dev'));
  assert.deepEqual(blocks.at(-1), close('ended'));
  const last = fleet.logged.filter(({ event }) => event === 'stream_ended');
  assert.equal(last.length, 1);
  assert.equal(last[0]?.error, undefined);
});

test('a deployment is told by the numbers of its own events', async () => {
  const { fleet } = openFleet();
  await create(fleet);
  const rows = () => fleet.db.sqlite.prepare('SELECT id FROM deployment').all();
  assert.ok(await fleet.passTime(() => rows().length === 1, hour_ms));
  const id = String(rows()[0]?.id);
  const blocks = await followToTheEnd(fleet, follow(await get(fleet, `/api/v1/deployments/${id}`)));
  assertTold(blocks, 'deployment_read');
  const shown = fleet.db.sqlite.prepare(
    "SELECT seq FROM journal WHERE aggregate = 'site:acme/dev' AND event LIKE ? ORDER BY seq",
  );
  const seqs = shown.all(`%"${id}"%`).map(({ seq }) => Number(seq));
  const { ids, bodies } = states(blocks);
  assert.ok(ids.every((one) => seqs.includes(one)) && ids.length > 3, `${ids} of ${seqs}`);
  assert.equal(ids.at(-1), seqs.at(-1));
  assert.equal(bodies.at(-1)?.state, 'live');
  assert.deepEqual(blocks.at(-1), close('ended'));
});

test('whoever has the present state is told nothing until something changes', async () => {
  const { fleet } = openFleet();
  const path = await create(fleet);
  const id = String(seqOf(fleet, 'site:acme/dev'));
  const follower = follow(await get(fleet, path, { id }));
  assert.deepEqual(await follower.next(), [begin]);
  assert.deepEqual(await follower.next(), [{ comment: 'keepalive' }]);
  await fleet.passTime(() => seqOf(fleet, 'site:acme/dev') > Number(id), hour_ms);
  const [told] = (await follower.next()) ?? [];
  assert.equal(told?.id, String(seqOf(fleet, 'site:acme/dev')));
  await follower.leave();

  for (const other of ['0', '', 'x', '99999', `0${id}`]) {
    const again = follow(await get(fleet, path, { id: other }));
    assert.equal((await again.next())?.[1]?.event, 'state', other);
    await again.leave();
  }
});

test('an end that is known is answered without a stream: nobody connects again', async () => {
  const { fleet } = openFleet();
  const path = await create(fleet);
  await settle(fleet);
  const blocks = await follow(await get(fleet, path)).rest();
  assert.deepEqual(
    blocks.map(({ event }) => event),
    [undefined, 'state', 'close'],
  );
  const answer = await get(fleet, path, { id: blocks[1]?.id ?? '' });
  assert.equal(answer.status, 204);
  assert.equal(await answer.text(), '');
});

test('a platform that rests: the stream ends, and the next one waits for what comes', async () => {
  const { fleet } = openFleet();
  await create(fleet);
  await settle(fleet);
  const blocks = await follow(await get(fleet, platform)).rest();
  assertTold(blocks, 'platform_read');
  assert.deepEqual(blocks.at(-1), close('rests'));
  const follower = follow(await get(fleet, platform, { id: blocks[1]?.id ?? '' }));
  assert.deepEqual(await follower.next(), [begin]);
  const redeploy = await fleet.api('POST', `${platform}/environments/dev/deployments`, {});
  assert.equal(redeploy.status, 202, redeploy.text);
  const [told] = (await follower.next()) ?? [];
  assert.ok(Number(told?.id) > Number(blocks[1]?.id));
  await follower.leave();
});

test('five minutes: never silent for 15 s, then the end; within what D1 allows', async () => {
  const { fleet, calls } = openFleet();
  const { text } = await fleet.api('POST', '/api/v1/tokens', {
    name: 'follower',
    scopes: ['platforms:read'],
    platforms: ['acme'],
  });
  const key = String(JSON.parse(text).token);
  const path = await create(fleet, { ...acme, environments: ['dev', 'stg', 'prod'] });
  const began_ms = fleet.clock.now();
  const before = calls.length;
  const follower = follow(await get(fleet, path, { key }));
  let spoke_ms = began_ms;
  const blocks: Block[] = [];
  for (;;) {
    const part = await follower.next();
    if (part === undefined) break;
    assert.ok(fleet.clock.now() - spoke_ms <= 15_000, `${fleet.clock.now() - spoke_ms} ms`);
    spoke_ms = fleet.clock.now();
    blocks.push(...part);
  }
  assert.equal(fleet.clock.now() - began_ms, 300_000);
  assert.deepEqual(blocks.at(-1), close('time'));
  assert.equal(states(blocks).ids.length, 1);
  assert.ok(blocks.filter(({ comment }) => comment === 'keepalive').length >= 20);
  // Between two waits: the same few reads, and nothing else.
  const looks = calls.slice(before).join().split(',sleep,');
  assert.ok(looks.length > 60 && looks.length < 130, `${looks.length}`);
  assert.equal(new Set(looks).size, 1, [...new Set(looks)].join(' '));
});

test('what is refused is a problem document, before a stream and within it', async () => {
  const { fleet } = openFleet();
  const made = await fleet.api('POST', '/api/v1/tokens', {
    name: 'follower',
    scopes: ['platforms:read'],
    platforms: ['acme'],
  });
  const { token, tokenId } = JSON.parse(made.text);
  const path = await create(fleet);
  const refused = async (where: string, key: string): Promise<string> => {
    const answer = await get(fleet, where, { key });
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    return `${answer.status} ${JSON.parse(await answer.text()).code}`;
  };
  assert.equal(await refused(path, 'wrong'), '401 auth.missing');
  assert.equal(await refused('/api/v1/platforms/nobody', 'admin-key'), '404 platform.unknown');
  assert.equal(await refused('/api/v1/operations/op_x', token), '404 operation.unknown');
  assert.equal(await refused('/api/v1/deployments/dep_x', token), '404 deployment.unknown');
  assert.equal(await refused(`${platform}?wait=0`, token), '400 query.invalid');

  const follower = follow(await get(fleet, path, { key: token }));
  assert.equal((await follower.next())?.length, 2);
  assert.equal((await fleet.api('DELETE', `/api/v1/tokens/${tokenId}`)).status, 204);
  assert.equal(await follower.next(), undefined);
  assert.equal(await refused(path, token), '401 auth.missing');
});

test('only who asks for a stream gets one', async () => {
  const { fleet } = openFleet();
  const path = await create(fleet);
  for (const accept of ['application/json', '*/*', 'text/*', 'text/event-streams', '', ',,;']) {
    const answer = await get(fleet, path, { accept });
    assert.equal(answer.headers.get('content-type'), 'application/json', accept);
  }
  for (const accept of [
    'TEXT/Event-Stream',
    'text/html, text/event-stream;q=0.9',
    ',text/event-stream ,',
  ]) {
    await follow(await get(fleet, path, { accept })).leave();
  }
  const list = await get(fleet, '/api/v1/platforms');
  assert.equal(list.headers.get('content-type'), 'application/json');
});
