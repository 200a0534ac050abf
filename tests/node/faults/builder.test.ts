// The builder: runs that die, stay silent or come late, and everything that a run may say out of
// turn.
import assert from 'node:assert/strict';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { FleetOptions } from '../crash/fleet.ts';
import { assertConverged } from '../crash/scenario.ts';
import { test } from '../support/own_thread.ts';
import {
  acme,
  assertFailed,
  assertInvariants,
  assertLive,
  assertQuiet,
  batches,
  callsOf,
  create,
  deployments,
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

test('a build that fails: failed, with the log tail and what to do', async () => {
  const failures = () => 'build_failed';
  const fleet = openFleet({ runner: { failures } });
  await playToEnd(fleet);
  assertAttempts(fleet, ['failed']);
  assertFailed(fleet, 'build.failed');
  assert.match(JSON.stringify(onlySite(fleet).last), /"logTail":"planned failure"/);
  await assertQuiet(fleet);
});

test('runs that end without a word and without an upload: failed, with the page', async () => {
  const fleet = openFleet({
    toApi: async (request, serve) =>
      request.url.endsWith('/claims') ? serve(request) : new Response('', { status: 503 }),
  });
  await playToEnd(fleet);
  assertAttempts(fleet, ['failed', 'failed', 'failed']);
  assert.match(assertFailed(fleet, 'run.failed').detail, /the run ended with failure/);
  const { last } = onlySite(fleet);
  assert.match(JSON.stringify(last), /"run_url":"https:\/\/github.com/);
  await assertQuiet(fleet);
});

test('runs that never claim and end: failed after the third', async () => {
  const fleet = openFleet({ toApi: async () => new Response('', { status: 503 }) });
  await playToEnd(fleet);
  assertAttempts(fleet, ['failed', 'failed', 'failed']);
  assertFailed(fleet, 'run.failed');
  await assertQuiet(fleet);
});

// The deployments so far, oldest first: attempts at one wish, each with a run of its own.
function assertAttempts(fleet: FaultyFleet, states: readonly string[]): void {
  const all = deployments(fleet);
  assert.deepEqual(
    all.map(({ state, attempt }) => ({ state, attempt })),
    states.map((state, index) => ({ state, attempt: index + 1 })),
  );
  assert.equal(new Set(all.map((each) => each.batch_id)).size, all.length);
  assert.equal(callsOf(fleet, 'github.dispatch').length, all.length);
}

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

test('a run that falls silent: lost at our deadline, and another one takes it live', async () => {
  const fleet = openFleet(stopped(30 * 3600));
  await create(fleet);
  const began_ms = fleet.clock.now();
  await settle(fleet, 4 * hour_ms);
  const took_ms = fleet.clock.now() - began_ms;
  assert.ok(took_ms >= hour_ms && took_ms < 2 * hour_ms, `${took_ms} ms`);
  assertAttempts(fleet, ['lost', 'live']);
  assert.equal(deployments(fleet)[0]?.failure?.code, 'deployment.deadline_exceeded');
  assertLive(fleet);
  await assertQuiet(fleet);
  await assertInvariants(fleet);
});

test('a run that was given up and comes back is fenced: it uploads nothing', async () => {
  const fleet = openFleet(stopped(90 * 60));
  await create(fleet);
  await settle(fleet);
  assertAttempts(fleet, ['lost', 'live']);
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

test('runs that are never taken: lost at our deadline, each fenced when it comes', async () => {
  const fleet = openFleet({ runner: { timings: { queue_ms: 3 * hour_ms } } });
  await playToEnd(fleet, 5 * hour_ms);
  assertAttempts(fleet, ['lost', 'lost', 'lost']);
  assertFailed(fleet, 'deployment.deadline_exceeded', 'lost');
  await pass(fleet, 5 * hour_ms);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 3, 'and no more');
  assert.equal(callsOf(fleet, 'cloudflare.deployment.create').length, 0, 'it built nothing');
  await assertInvariants(fleet);
});

test('GitHub refuses to tell about runs for hours: our deadline stands', async () => {
  const headers = { 'retry-after': '3000' };
  const fault: Fault = { when: 'before', answer: 429, headers };
  const fleet = openFleet({ runner: { timings: { build_ms: 30 * hour_ms } } }, [
    { operation: 'github.get_run', fault },
    { operation: 'github.list_runs', fault },
  ]);
  await playToEnd(fleet, 5 * hour_ms);
  assert.ok(fleet.faults.taken() > 0, 'it was asked');
  assertAttempts(fleet, ['lost', 'lost', 'lost']);
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
  assert.deepEqual(all[1]?.reasons, ['first', 'second', 'third']);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 2);
  await assertInvariants(fleet);
});

const lost: Fault = { when: 'after', answer: 'timeout', delay_ms: 15_000 };

for (const state of ['planned', 'unknown', 'dispatched']) {
  test(`a request while the batch is ${state} goes along with it`, async () => {
    const runner = { timings: { queue_ms: 2 * minute_ms } };
    const plans =
      state === 'unknown' ? [{ operation: 'github.dispatch', nth: 1, fault: lost }] : [];
    const fleet = openFleet({ runner, listLag_ms: minute_ms }, plans);
    await create(fleet);
    const reached = () => batches(fleet)[0]?.state === state;
    assert.ok(await fleet.passTime(reached, 10 * minute_ms));
    assert.equal((await fleet.api('POST', deployments_path, { reason: 'late' })).status, 202);
    await settle(fleet);
    const live = assertLive(fleet);
    assert.equal(onlySite(fleet).live?.revision, 2);
    assert.deepEqual(live.reasons, ['platform created', 'late']);
    assertAttempts(fleet, ['live']);
    await assertInvariants(fleet);
  });
}

for (const state of ['running', 'uploaded', 'verifying']) {
  test(`a request at the instant of ${state} makes exactly one follow-up`, async () => {
    const fleet = openFleet({ seed: 3 });
    fleet.cloudflare.behave('*', { propagation_ms: 60_000, deploy_ms: 5_000 });
    await create(fleet);
    const reached = () => onlySite(fleet).active?.state === state;
    assert.ok(await fleet.passTime(reached, 10 * minute_ms));
    assert.equal((await fleet.api('POST', deployments_path)).status, 202);
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
