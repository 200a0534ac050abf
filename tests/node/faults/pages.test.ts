// From the upload to the served bytes: a deployment is live only when the site serves it, and what
// nobody could see is not called a failure.
import assert from 'node:assert/strict';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import { assertConverged } from '../crash/scenario.ts';
import { test } from '../support/own_thread.ts';
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
  type FaultyFleet,
  minute_ms,
  onlySite,
  openFleet,
  pass,
  playToEnd,
  settle,
} from './support.ts';

test('a Pages deployment that fails: failed, with the stage', async () => {
  const fleet = openFleet();
  fleet.cloudflare.behave('*', { outcome: 'failure', times: 1 });
  await playToEnd(fleet);
  assert.equal(assertFailed(fleet, 'deploy.failed').detail, 'Pages: deploy failure');
  await assertQuiet(fleet);
  await fleet.api('POST', deployments_path);
  await settle(fleet);
  assertLive(fleet);
});

test('a success that serves 404 is a failure, after its deadline and not before', async () => {
  const fleet = openFleet();
  fleet.cloudflare.behave('*', { serves: 'not_found' });
  await create(fleet);
  const verifying = () => onlySite(fleet).active?.state === 'verifying';
  assert.ok(await fleet.passTime(verifying, 10 * minute_ms));
  await pass(fleet, 4 * minute_ms);
  assert.ok(verifying(), 'it may still come');
  await settle(fleet);
  const { detail } = assertFailed(fleet, 'deployment.content_mismatch');
  assert.match(detail, /slipway\.json: HTTP 404/);
  assert.equal(onlySite(fleet).live, undefined);
  await assertQuiet(fleet);
});

test('a success that goes on serving the old bytes is a failure; the old stays live', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  const before = onlySite(fleet).live;
  fleet.cloudflare.behave('*', { serves: 'old', times: 1 });
  await fleet.api('POST', deployments_path);
  await settle(fleet);
  assertFailed(fleet, 'deployment.content_mismatch');
  assert.deepEqual(onlySite(fleet).live, before);
  await assertQuiet(fleet);
  await fleet.api('POST', deployments_path);
  await settle(fleet);
  assertLive(fleet);
});

test('bytes that appear in time are found', async () => {
  const fleet = openFleet();
  fleet.cloudflare.behave('*', { propagation_ms: 4 * minute_ms });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.ok(callsOf(fleet, 'cloudflare.site.get').length < 60, 'asked less and less');
});

test('a site behind a sign-in wall is live, and says that nobody could look', async () => {
  const fleet = openFleet();
  fleet.cloudflare.behave('*', { serves: 'access' });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.equal(assertLive(fleet).verified, 'not_reachable');
});

const outages: Readonly<Record<string, Fault>> = {
  'no answer': { when: 'before', answer: 'timeout', delay_ms: 15_000 },
  '503': { when: 'before', answer: 503 },
};

for (const [how, fault] of Object.entries(outages)) {
  for (const operation of ['cloudflare.deployment.get', 'cloudflare.site.get']) {
    test(`${operation} with ${how} for 20 minutes says nothing about the site`, async () => {
      const fleet = openFleet({}, [{ operation, fault }]);
      // The API has to be asked as long as nothing is served.
      const api = operation.includes('deployment');
      if (api) fleet.cloudflare.behave('*', { propagation_ms: 22 * minute_ms });
      await create(fleet);
      const asked = () => isUploaded(fleet) && callsOf(fleet, operation).length > 0;
      assert.ok(await fleet.passTime(asked, 10 * minute_ms));
      await pass(fleet, 20 * minute_ms);
      fleet.faults.set([]);
      await settle(fleet);
      await assertConverged(fleet, acme);
    });
    test(`${operation} with ${how} for good ends as unclear, not as a failed upload`, async () => {
      const fleet = openFleet({}, [{ operation, fault }]);
      // What is served needs no API to be believed.
      if (operation.includes('deployment')) fleet.cloudflare.behave('*', { serves: 'not_found' });
      await playToEnd(fleet);
      assertFailed(fleet, 'upstream.unclear');
      await assertQuiet(fleet);
    });
  }
  test(`what is served is live, although the API is out for good with ${how}`, async () => {
    const fleet = openFleet({}, [{ operation: 'cloudflare.deployment.get', fault }]);
    await playToEnd(fleet);
    await assertConverged(fleet, acme);
    assert.equal(assertLive(fleet).verified, 'bytes');
  });
}

function isUploaded(fleet: FaultyFleet): boolean {
  return ['uploaded', 'verifying'].includes(onlySite(fleet).active?.state ?? '');
}

test('what is served in time is live without a call of the API by the Worker', async () => {
  const asked: string[] = [];
  const wrapPorts = (ports: Ports): Ports => ({
    ...ports,
    fetch: (request) => {
      if (/\/deployments(\/|$)/.test(new URL(request.url).pathname)) asked.push(request.url);
      return ports.fetch(request);
    },
  });
  const fleet = openFleet({ wrapPorts });
  fleet.cloudflare.behave('*', { propagation_ms: 6_000 });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.deepEqual(asked, []);
});

test('bytes that appear after an outage have their time: it counts from the success', async () => {
  const fault: Fault = { when: 'before', answer: 503 };
  const fleet = openFleet({}, [{ operation: 'cloudflare.deployment.get', times: 20, fault }]);
  fleet.cloudflare.behave('*', { propagation_ms: 10 * minute_ms });
  await create(fleet);
  assert.ok(await fleet.passTime(() => isUploaded(fleet), 10 * minute_ms));
  const uploaded_ms = fleet.clock.now();
  const verifying = () => onlySite(fleet).active?.state === 'verifying';
  assert.ok(await fleet.passTime(verifying, 10 * minute_ms));
  assert.equal(fleet.faults.taken(), 20);
  assert.ok(fleet.clock.now() - uploaded_ms > 5 * minute_ms, 'the time of verifying is over');
  await settle(fleet);
  await assertConverged(fleet, acme);
});

test('Pages takes 20 minutes to deploy: the site goes live', async () => {
  const fleet = openFleet();
  fleet.cloudflare.behave('*', { deploy_ms: 20 * minute_ms });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
});

test('an older deployment never takes the place of what is wished', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  for (let again = 0; again < 3; again += 1) {
    await fleet.api('POST', deployments_path, { reason: `again ${again}` });
    await settle(fleet);
    const { live, desired } = onlySite(fleet);
    assert.equal(live?.revision, desired.revision);
    assert.equal(live?.deployment_id, deployments(fleet).at(-1)?.id);
  }
  await assertInvariants(fleet);
});
