// Builders that are lost, uploads that are none, and sites that do not serve what Pages says: each
// site of the batch ends for itself, and nothing is called live that is not served.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertInvariants,
  callsOf,
  type DeploymentRow,
  deployments,
  hour_ms,
  minute_ms,
} from '../faults/support.ts';
import { tenant } from './plant.ts';
import {
  assertServing,
  attemptsOf,
  batchCount,
  batchesAfter,
  change,
  liveTenants,
  servedBy,
  settleWell,
  sitesOf,
  uploadsSince,
  upTo,
} from './support.ts';

const five = upTo(5);

test('a job that dies half-way: what is done stands, the rest is in another batch', async () => {
  let doomed = false;
  const fleet = await liveTenants(5, {
    runner: {
      dies: (_run, _shard, index) => {
        const dies = doomed && index === 2;
        if (dies) doomed = false;
        return dies;
      },
    },
  });
  doomed = true;
  const known = batchCount(fleet);
  const began_ms = fleet.clock.now();
  await change(fleet, five);
  await settleWell(fleet);
  assert.equal(doomed, false, 'it died');
  await assertServing(fleet, five, 2);
  const ends = five.map((index) => attemptsOf(fleet, index).join(' '));
  assert.deepEqual(ends.toSorted(), ['failed live', 'failed live', 'failed live', 'live', 'live']);
  const batches = batchesAfter(fleet, known);
  assert.deepEqual(
    batches.map((batch) => batch.members.length),
    [5, 3],
  );
  const lost = deployments(fleet).filter(({ state }) => state === 'failed');
  assert.deepEqual([...new Set(lost.map(({ failure }) => failure?.code))], ['run.failed']);
  assert.equal(uploadsSince(fleet, began_ms), 5, 'nothing is built twice');
});

test('a run that never starts: all of it goes live in another batch', async () => {
  const sleeps = new Set<number>();
  let first = false;
  const neverStarts = ({ id }: { id: number }): boolean => {
    if (first) sleeps.add(id);
    first = false;
    return sleeps.has(id);
  };
  const fleet = await liveTenants(3, { runner: { neverStarts } });
  first = true;
  const began_ms = fleet.clock.now();
  await change(fleet, upTo(3));
  await settleWell(fleet);
  assert.equal(sleeps.size, 1);
  await assertServing(fleet, upTo(3), 2);
  for (const index of upTo(3)) assert.deepEqual(attemptsOf(fleet, index), ['lost', 'live']);
  const took_ms = fleet.clock.now() - began_ms;
  assert.ok(took_ms > hour_ms && took_ms < 1.5 * hour_ms, `${took_ms} ms`);
});

test('wrangler ends well without an upload: deploy_failed, and the old stays live', async () => {
  const failures = ({
    platformId,
    configVersion,
  }: {
    platformId: string;
    configVersion: number;
  }) => (platformId === tenant(0) && configVersion === 2 ? 'deploy_failed' : undefined);
  const fleet = await liveTenants(3, { runner: { failures } });
  await change(fleet, upTo(3));
  await settleWell(fleet);
  await assertServing(fleet, [1, 2], 2);
  await assertServing(fleet, [0], 1);
  assert.deepEqual(attemptsOf(fleet, 0), ['failed'], 'a fault of its own is not tried again');
  assert.equal(lastOf(fleet, 0).failure?.code, 'deploy.failed');
});

test('Pages says success and serves 404: failed, and the others are live', async () => {
  const fleet = await liveTenants(3);
  fleet.cloudflare.behave(`${tenant(0)}-dev-portal`, { serves: 'not_found' });
  await change(fleet, upTo(3));
  await settleWell(fleet);
  await assertServing(fleet, [1, 2], 2);
  assert.deepEqual(attemptsOf(fleet, 0), ['failed']);
  assert.equal(lastOf(fleet, 0).failure?.code, 'deployment.content_mismatch');
  assert.equal(sitesOf(fleet).get(tenant(0))?.live?.config_version, 1, 'never called live');
  assert.equal(await servedBy(fleet, tenant(0)), undefined);
});

test('Pages says success and serves the old bytes: failed; then the next is live', async () => {
  const fleet = await liveTenants(3);
  fleet.cloudflare.behave(`${tenant(0)}-dev-portal`, { serves: 'old', times: 1 });
  await change(fleet, upTo(3));
  await settleWell(fleet);
  await assertServing(fleet, [1, 2], 2);
  await assertServing(fleet, [0], 1);
  assert.equal(lastOf(fleet, 0).failure?.code, 'deployment.content_mismatch');
  const dispatches = callsOf(fleet, 'github.dispatch').length;
  await fleet.passTime(() => false, hour_ms);
  assert.equal(callsOf(fleet, 'github.dispatch').length, dispatches, 'it waits for a person');
  await change(fleet, [0], 'reports');
  await settleWell(fleet);
  await assertServing(fleet, [0], 3);
});

test('a builder that comes back after its batch was given up changes nothing', async () => {
  let silent = false;
  const fleet = await liveTenants(3, {
    toApi: async (request, serve) => {
      if (!silent || !request.url.endsWith('/reports')) return serve(request);
      silent = false;
      const headers = { 'retry-after': String(90 * 60) };
      return new Response('', { status: 503, headers });
    },
  });
  silent = true;
  const began_ms = fleet.clock.now();
  await change(fleet, upTo(3));
  await settleWell(fleet);
  await fleet.passTime(() => false, 2 * hour_ms);
  await assertServing(fleet, upTo(3), 2);
  for (const index of upTo(3)) assert.deepEqual(attemptsOf(fleet, index), ['lost', 'live']);
  assert.equal(uploadsSince(fleet, began_ms), 3, 'what comes late uploads nothing');
  await assertInvariants(fleet);
});

test('two jobs of a run: one dies before its claim, the other one stands', async () => {
  const all = upTo(35);
  let refused = false;
  const fleet = await liveTenants(35, {
    toApi: async (request, serve) => {
      const isClaim = refused && request.url.endsWith('/claims');
      const second = isClaim && (await request.clone().text()).includes('"shard":1');
      return second ? new Response('', { status: 400 }) : serve(request);
    },
  });
  refused = true;
  const known = batchCount(fleet);
  const began_ms = fleet.clock.now();
  await change(fleet, all);
  const ended = (): boolean => batchesAfter(fleet, known)[0]?.state === 'closed';
  assert.ok(await fleet.passTime(ended, hour_ms));
  refused = false;
  await settleWell(fleet);
  await assertServing(fleet, all, 2);
  const [batch, again] = batchesAfter(fleet, known);
  assert.deepEqual([batch?.shards, batch?.members.length, again?.members.length], [2, 35, 5]);
  assert.equal(uploadsSince(fleet, began_ms), 35);
  const late_ms = fleet.clock.now() - began_ms;
  assert.ok(late_ms < 20 * minute_ms, `${late_ms} ms`);
});

function lastOf(fleet: Parameters<typeof sitesOf>[0], index: number): DeploymentRow {
  const last = sitesOf(fleet).get(tenant(index))?.last;
  assert.ok(last !== undefined);
  return last;
}
