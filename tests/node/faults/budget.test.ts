// What a deployment costs, and what must not grow: calls of upstreams, rows, promises.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertInvariants,
  assertLive,
  callsOf,
  create,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  onlySite,
  openFleet,
  pass,
  playToEnd,
  settle,
} from './support.ts';

// The operations that the Worker calls; the builder's own are others.
const operations = [
  'github.dispatch',
  'github.list_runs',
  'github.get_run',
  'cloudflare.project.get',
  'cloudflare.project.create',
  'cloudflare.deployment.get',
  'cloudflare.deployment.list',
  'cloudflare.site.get',
];

function counts(fleet: FaultyFleet): Record<string, number> {
  return Object.fromEntries(
    operations.map((operation) => [operation, callsOf(fleet, operation).length]),
  );
}

test('the calls of the first deployment, and of the next', async (context) => {
  const fleet = openFleet();
  await create(fleet);
  await settle(fleet);
  const first = counts(fleet);
  await fleet.api('POST', deployments_path);
  await settle(fleet);
  const both = counts(fleet);
  const next = Object.fromEntries(
    operations.map((name) => [name, (both[name] ?? 0) - (first[name] ?? 0)]),
  );
  context.diagnostic(`first deployment: ${JSON.stringify(first)}`);
  context.diagnostic(`next deployment: ${JSON.stringify(next)}`);
  for (const cost of [first, next]) {
    assert.equal(cost['github.dispatch'], 1);
    assert.equal(cost['github.list_runs'], 0);
    assert.equal(cost['cloudflare.deployment.list'], 0);
    assert.ok(Number(cost['github.get_run']) <= 20, 'polls grow apart');
    assert.ok(Number(cost['cloudflare.deployment.get']) <= 4);
    assert.ok(Number(cost['cloudflare.site.get']) <= 4);
  }
  // Both are wrangler's own.
  assert.equal(next['cloudflare.project.get'], 2);
});

test('builds that are wanted at once are started a second apart, as GitHub demands', async () => {
  const fleet = openFleet();
  const body = { platformId: 'acme', environments: ['dev', 'stg', 'prod'] };
  assert.equal((await fleet.api('POST', '/api/v1/platforms', body)).status, 202);
  await settle(fleet);
  const [first = 0, second = 0, third = 0, ...more] = callsOf(fleet, 'github.dispatch').map(
    ({ at_ms }) => at_ms,
  );
  assert.deepEqual(more, []);
  assert.ok(second - first >= 1_000 && third - second >= 1_000, `${first} ${second} ${third}`);
});

test('a build of 50 minutes costs less than three calls a minute', async () => {
  const fleet = openFleet({ runner: { timings: { build_ms: 45 * minute_ms } } });
  await playToEnd(fleet);
  assertLive(fleet);
  assert.ok(callsOf(fleet, 'github.get_run').length < 150);
});

test('a settled fleet costs nothing, and promises nothing', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  const before = callsOf(fleet, '*').length;
  const journal = () => fleet.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n;
  const entries = journal();
  await pass(fleet, 6 * hour_ms);
  assert.equal(callsOf(fleet, '*').length, before);
  assert.equal(journal(), entries);
});

test('300 requests during a build: the row stays small, one follow-up serves all', async () => {
  const fleet = openFleet();
  const { status } = await fleet.api('POST', '/api/v1/platforms', {
    platformId: 'acme',
    environments: ['dev'],
  });
  assert.equal(status, 202);
  const running = () => onlySite(fleet).active?.state === 'running';
  assert.ok(await fleet.passTime(running, 10 * minute_ms));
  const reason = 'x'.repeat(500);
  for (let index = 0; index < 300; index += 1) {
    const answer = await fleet.api('POST', deployments_path, { reason });
    assert.equal(answer.status, 202);
  }
  assert.ok(JSON.stringify(onlySite(fleet)).length < 64_000, 'the row is bounded');
  await settle(fleet);
  assertLive(fleet);
  assert.equal(onlySite(fleet).live?.revision, 301);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 2);
  await assertInvariants(fleet);
});

test('an effect that comes before its time, or after it is settled, does nothing', async () => {
  const early = openFleet({
    deliver: (message) => [
      { ...message, due_at_ms: message.due_at_ms - 1_500 },
      message,
      { ...message, due_at_ms: message.due_at_ms + 10 * minute_ms },
    ],
  });
  await playToEnd(early);
  const usual = openFleet();
  await playToEnd(usual);
  assert.deepEqual(counts(early), counts(usual));
});
