// Starting the builder: answers lost, late runs, refusals. A key is used for one POST, and whatever
// GitHub does a person sees the site live or is told what to do.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import { assertConverged } from '../crash/scenario.ts';
import {
  acme,
  assertFailed,
  assertInvariants,
  assertLive,
  assertQuiet,
  batches,
  callsOf,
  deployments_path,
  hour_ms,
  minute_ms,
  openFleet,
  pass,
  playToEnd,
  runTitles,
  settle,
} from './support.ts';

const lost: Fault = { when: 'after', answer: 'timeout', delay_ms: 15_000 };
const lostFirst = { operation: 'github.dispatch', nth: 1, fault: lost };

test('a dispatch that is answered 204 without an id: the run is found by its title', async () => {
  const wrapPorts = (ports: Ports): Ports => ({
    ...ports,
    fetch: async (request) => {
      const answer = await ports.fetch(request);
      return request.url.endsWith('/dispatches') ? new Response(null, { status: 204 }) : answer;
    },
  });
  const fleet = openFleet({ wrapPorts, runner: { timings: { queue_ms: 2 * minute_ms } } });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 1);
  assert.ok(callsOf(fleet, 'github.list_runs').length > 0);
});

test('a lost dispatch whose run is listed 5 minutes later: found, not sent again', async () => {
  const runner = { timings: { queue_ms: 12 * minute_ms } };
  const fleet = openFleet({ listLag_ms: 5 * minute_ms, runner }, [lostFirst]);
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 1);
  assert.ok(callsOf(fleet, 'github.list_runs').length > 5);
});

test('a lost dispatch whose run claims before it is listed needs no list', async () => {
  const fleet = openFleet({ listLag_ms: hour_ms }, [lostFirst]);
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 1);
});

test('a run that appears after its key was given up is fenced; the next goes live', async () => {
  const runner = { timings: { queue_ms: 24 * minute_ms } };
  const fleet = openFleet({ listLag_ms: 40 * minute_ms, runner }, [lostFirst]);
  await playToEnd(fleet);
  assertLive(fleet);
  await pass(fleet, hour_ms);
  await assertInvariants(fleet);
  const titles = await runTitles(fleet);
  assert.equal(titles.length, 2, 'both runs exist');
  const [batch] = batches(fleet);
  assert.ok(titles[0]?.startsWith(String(batch?.dispatch_key)), 'the second run holds the batch');
  assert.equal(callsOf(fleet, 'cloudflare.deployment.create').length, 1, 'only it has built');
});

test('dispatches that never work: failed after three keys, with a next step', async () => {
  const fault: Fault = { when: 'before', answer: 502 };
  const fleet = openFleet({}, [{ operation: 'github.dispatch', fault }]);
  await playToEnd(fleet);
  assertFailed(fleet, 'dispatch.unclear');
  assert.equal(callsOf(fleet, 'github.dispatch').length, 3);
  await assertQuiet(fleet);
  fleet.faults.set([]);
  assert.equal((await fleet.api('POST', deployments_path)).status, 202);
  await settle(fleet);
  assertLive(fleet);
});

test('a disabled workflow: rejected in the words of GitHub', async () => {
  const fleet = openFleet();
  await fleet.askGithub('PUT', '/actions/workflows/build.yml/disable');
  await playToEnd(fleet);
  const { detail } = assertFailed(fleet, 'dispatch.rejected');
  assert.match(detail, /Cannot trigger a 'workflow_dispatch' on a disabled workflow/);
  await assertQuiet(fleet);
});

test('a wrong branch: rejected in the words of GitHub', async () => {
  const fleet = openFleet({ variables: { GITHUB_BUILDER_REF: 'release' } });
  await playToEnd(fleet);
  assert.match(assertFailed(fleet, 'dispatch.rejected').detail, /No ref found for: release/);
  await assertQuiet(fleet);
});

test('a workflow that does not exist: rejected', async () => {
  const fleet = openFleet({ variables: { GITHUB_BUILDER_WORKFLOW: 'other.yml' } });
  await playToEnd(fleet);
  assert.match(assertFailed(fleet, 'dispatch.rejected').detail, /404.*Not Found/);
  await assertQuiet(fleet);
});

test('an undeclared input: rejected in the words of GitHub', async (context) => {
  const builder = mkdtempSync(join(tmpdir(), 'slipway-builder-'));
  context.after(() => rmSync(builder, { recursive: true }));
  const own = join(import.meta.dirname, '../../../builder/.github');
  cpSync(own, join(builder, '.github'), { recursive: true });
  const path = join(builder, '.github/workflows/build.yml');
  const declared = /\n {6}account:\n(?: {8}.*\n)+/;
  writeFileSync(path, readFileSync(path, 'utf8').replace(declared, '\n'));
  const fleet = openFleet({ builder });
  await playToEnd(fleet);
  const { detail } = assertFailed(fleet, 'dispatch.rejected');
  assert.match(detail, /Unexpected inputs provided: \["account"\]/);
  await assertQuiet(fleet);
});

test('a wrong GitHub token: the permission is missing, and nothing is retried', async () => {
  const fleet = openFleet({ variables: { GITHUB_TOKEN: 'expired' } });
  await playToEnd(fleet);
  const { detail } = assertFailed(fleet, 'credential.permission_missing');
  assert.match(detail, /401.*Bad credentials/);
  await assertQuiet(fleet);
});

test('a secondary limit that does not say when to retry is waited for', async () => {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes.';
  const fault: Fault = { when: 'before', answer: 403, body: JSON.stringify({ message }) };
  const fleet = openFleet({}, [{ operation: 'github.dispatch', nth: [1, 2], fault }]);
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  const [first, second] = callsOf(fleet, 'github.dispatch').map((call) => call.at_ms);
  assert.ok(Number(second) - Number(first) >= minute_ms, 'at least a minute');
});

test('limits that last for two hours are waited for, as long as they say', async () => {
  const headers = { 'retry-after': '600' };
  const fault: Fault = { when: 'before', answer: 429, headers };
  const fleet = openFleet({}, [{ operation: 'github.dispatch', times: 12, fault }]);
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  const times = callsOf(fleet, 'github.dispatch').map((call) => call.at_ms);
  assert.equal(times.length, 13);
  for (const [index, at_ms] of times.slice(1).entries()) {
    assert.ok(at_ms - Number(times[index]) >= 600_000, 'never sooner');
  }
});

test('runs that may never be listed: the search ends, and a person is told', async () => {
  const body = '{"message":"Resource not accessible by personal access token"}';
  const forbidden: Fault = { when: 'before', answer: 403, body };
  const unsent: Fault = { when: 'before', answer: 'timeout' };
  const fleet = openFleet({}, [
    { operation: 'github.dispatch', fault: unsent },
    { operation: 'github.list_runs', fault: forbidden },
  ]);
  await playToEnd(fleet);
  const { last } = { last: batches(fleet).at(-1) };
  assert.equal(last?.state, 'closed');
  assertFailed(fleet, 'credential.permission_missing');
});

test('GitHub gone for good after a lost dispatch: the search ends, told to a person', async () => {
  const gone: Fault = { when: 'before', answer: 'timeout' };
  const fleet = openFleet({}, [{ operation: 'github.*', fault: gone }]);
  await playToEnd(fleet);
  assertFailed(fleet, 'dispatch.unclear');
  await assertQuiet(fleet);
});
