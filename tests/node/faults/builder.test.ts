// The builder: runs that die, stay silent or come late, and everything that a run may say out of
// turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetOptions } from '../crash/fleet.ts';
import { assertConverged } from '../crash/scenario.ts';
import {
  acme,
  assertFailed,
  assertInvariants,
  assertLive,
  assertQuiet,
  callsOf,
  create,
  deployments,
  deployments_path,
  hour_ms,
  minute_ms,
  onlySite,
  openFleet,
  pass,
  playToEnd,
  settle,
} from './support.ts';

test('a build that fails: failed, with the log tail and what to do', async () => {
  const failures = () => 'build_failed';
  const fleet = openFleet({ runner: { failures } });
  await playToEnd(fleet);
  assertFailed(fleet, 'build.failed');
  assert.match(JSON.stringify(onlySite(fleet).last), /"logTail":"planned failure"/);
  await assertQuiet(fleet);
});

test('a run that ends without a word and without an upload: failed, with its page', async () => {
  const fleet = openFleet({
    toApi: async (request, serve) =>
      request.url.endsWith('/claims') ? serve(request) : new Response('', { status: 503 }),
  });
  await playToEnd(fleet);
  assert.match(assertFailed(fleet, 'run.failed').detail, /the run ended with failure/);
  const { last } = onlySite(fleet);
  assert.match(JSON.stringify(last), /"run_url":"https:\/\/github.com/);
  await assertQuiet(fleet);
});

test('a run that never claims and ends: failed', async () => {
  const fleet = openFleet({ toApi: async () => new Response('', { status: 503 }) });
  await playToEnd(fleet);
  assertFailed(fleet, 'run.failed');
  await assertQuiet(fleet);
});

// The first run stops at its first report, for so many seconds.
function stopped(seconds: number): Partial<FleetOptions> {
  let first = true;
  return {
    toApi: async (request, serve) => {
      if (!first || !request.url.endsWith('/reports')) return serve(request);
      first = false;
      return new Response('', { status: 503, headers: { 'retry-after': String(seconds) } });
    },
  };
}

test('a runner that dies half-way: lost at our deadline, and the next one goes live', async () => {
  const fleet = openFleet(stopped(30 * 3600));
  await create(fleet);
  const began_ms = fleet.clock.now();
  await settle(fleet, 4 * hour_ms);
  assertFailed(fleet, 'deployment.deadline_exceeded', 'lost');
  const took_ms = fleet.clock.now() - began_ms;
  assert.ok(took_ms >= hour_ms && took_ms < 2 * hour_ms, `${took_ms} ms`);
  await assertQuiet(fleet);
  await fleet.api('POST', deployments_path);
  await settle(fleet);
  assertLive(fleet);
  await assertInvariants(fleet);
});

test('a run that was given up and comes back is fenced: it uploads nothing', async () => {
  const fleet = openFleet(stopped(90 * 60));
  await create(fleet);
  await settle(fleet);
  assertFailed(fleet, 'deployment.deadline_exceeded', 'lost');
  await fleet.api('POST', deployments_path);
  await settle(fleet);
  await pass(fleet, 3 * hour_ms);
  assert.equal(callsOf(fleet, 'cloudflare.deployment.create').length, 1);
  const site = 'http://sites.test/sites/acme-dev-portal.pages.dev/.well-known/slipway.json';
  const served = (await (await fleet.cloudflare.site(new Request(site))).json()) as {
    deployment: string;
  };
  assert.equal(served.deployment, assertLive(fleet).id);
});

test('a run that waits 50 minutes for its runner has its hour from the claim on', async () => {
  const timings = { queue_ms: 50 * minute_ms, build_ms: 25 * minute_ms };
  const fleet = openFleet({ runner: { timings } });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
});

test('a run that is never taken: lost at our deadline, and its late claim is fenced', async () => {
  const fleet = openFleet({ runner: { timings: { queue_ms: 3 * hour_ms } } });
  await playToEnd(fleet);
  assertFailed(fleet, 'deployment.deadline_exceeded', 'lost');
  await pass(fleet, 5 * hour_ms);
  assert.equal(callsOf(fleet, 'cloudflare.deployment.create').length, 0, 'it built nothing');
  await assertInvariants(fleet);
});

test('GitHub refuses to tell about the run for hours: our deadline stands', async () => {
  const headers = { 'retry-after': '3000' };
  const fleet = openFleet({ runner: { timings: { build_ms: 30 * hour_ms } } }, [
    { operation: 'github.get_run', fault: { when: 'before', answer: 429, headers } },
  ]);
  await playToEnd(fleet, 4 * hour_ms);
  assertFailed(fleet, 'deployment.deadline_exceeded', 'lost');
});

test('Pages may not be asked what a silent run has uploaded: the reason says that', async () => {
  const body = '{"errors":[{"code":10000,"message":"Authentication error"}]}';
  const fleet = openFleet(
    {
      toApi: async (request, serve) => {
        const lost = (await request.clone().text()).includes('"uploaded"');
        return lost ? new Response('', { status: 503 }) : serve(request);
      },
    },
    [{ operation: 'cloudflare.deployment.list', fault: { when: 'before', answer: 403, body } }],
  );
  await playToEnd(fleet);
  assertFailed(fleet, 'credential.permission_missing');
});

test('a request during a running build makes one follow-up, with the last wish', async () => {
  const fleet = openFleet();
  await create(fleet);
  const running = () => onlySite(fleet).active?.state === 'running';
  assert.ok(await fleet.passTime(running, 10 * minute_ms));
  for (const reason of ['first', 'second', 'third']) {
    const { status } = await fleet.api('POST', deployments_path, { reason });
    assert.equal(status, 202);
  }
  await settle(fleet);
  assertLive(fleet);
  assert.equal(onlySite(fleet).live?.revision, 4);
  const all = deployments(fleet);
  assert.deepEqual(
    all.map((deployment) => deployment.state),
    ['live', 'live'],
  );
  assert.deepEqual((all[1] as unknown as { reasons: string[] }).reasons, [
    'first',
    'second',
    'third',
  ]);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 2);
  await assertInvariants(fleet);
});

for (const state of ['planned', 'dispatching', 'dispatched', 'uploaded', 'verifying']) {
  test(`a request at the instant of ${state} makes exactly one follow-up`, async () => {
    const requested: number[] = [];
    const fleet = openFleet({ seed: 3 });
    fleet.cloudflare.behave('*', { propagation_ms: 5_000, deploy_ms: 5_000 });
    await create(fleet);
    await fleet.passTime(async () => {
      if (requested.length > 0) return true;
      const { active } = onlySite(fleet);
      if (active?.state !== state) return false;
      requested.push((await fleet.api('POST', deployments_path)).status);
      return true;
    }, 10 * minute_ms);
    if (requested.length === 0) requested.push((await fleet.api('POST', deployments_path)).status);
    assert.deepEqual(requested, [202]);
    await settle(fleet);
    assertLive(fleet);
    assert.equal(onlySite(fleet).live?.revision, 2);
    assert.equal(deployments(fleet).length, 2);
    await assertInvariants(fleet);
  });
}

test('a request while the deployment fails is served after it', async () => {
  let failing = true;
  const failures = () => (failing ? 'build_failed' : undefined);
  const fleet = openFleet({ runner: { failures } });
  await create(fleet);
  const running = () => onlySite(fleet).active?.state === 'running';
  assert.ok(await fleet.passTime(running, 10 * minute_ms));
  await fleet.api('POST', deployments_path);
  const failed = () => onlySite(fleet).last?.state === 'failed';
  assert.ok(await fleet.passTime(failed, 10 * minute_ms));
  failing = false;
  await settle(fleet);
  assertLive(fleet);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 2);
});
