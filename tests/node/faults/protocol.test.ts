// The builder protocol against runs that claim and report whatever they like: one run holds a
// batch, and what is said twice, too late or by another run changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../crash/fleet.ts';
import { gated } from './gate.ts';
import {
  assertFailed,
  assertInvariants,
  batches,
  create,
  deployments,
  deployments_path,
  type FaultyFleet,
  minute_ms,
  onlySite,
  openFleet,
  problemOf,
} from './support.ts';

const unsent = {
  operation: 'github.dispatch',
  fault: { when: 'before', answer: 'timeout' },
} as const;

// A batch whose dispatch nobody answered: any run with its key may claim it.
async function openBatch(options: Parameters<typeof openFleet>[0] = {}): Promise<FaultyFleet> {
  const fleet = openFleet(options, [unsent]);
  await create(fleet);
  const unknown = () => batches(fleet)[0]?.state === 'unknown';
  assert.ok(await fleet.passTime(unknown, 10 * minute_ms));
  return fleet;
}

function claim(fleet: FaultyFleet, runId: string, runAttempt = 1): Promise<Answer> {
  const dispatchKey = batches(fleet)[0]?.dispatch_key;
  return builder(fleet, '/api/v1/claims', { dispatchKey, runId, runAttempt });
}

function report(
  fleet: FaultyFleet,
  runId: string,
  ...results: Record<string, unknown>[]
): Promise<Answer> {
  const [batch] = batches(fleet);
  const deploymentId = deployments(fleet)[0]?.id;
  const body = { runId, results: results.map((result) => ({ deploymentId, ...result })) };
  return builder(fleet, `/api/v1/batches/${batch?.id}/reports`, body);
}

function builder(fleet: FaultyFleet, path: string, body: unknown): Promise<Answer> {
  return fleet.api('POST', path, body, 'internal-key');
}

function accepted(answer: Answer): number {
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { accepted: number }).accepted;
}

// The same answer, byte for byte, but for its token: every answer brings one of its own.
function assertSameBatch(second: Answer, first: Answer): void {
  const token = /"token":"slb_[A-Za-z0-9_-]{43}"/;
  assert.equal(second.text.replace(token, ''), first.text.replace(token, ''));
  assert.notEqual(token.exec(second.text)?.[0], token.exec(first.text)?.[0]);
}

const uploaded = { outcome: 'uploaded', pagesDeploymentId: 'f64788e9' };
const failed = { outcome: 'failed', reason: 'build_failed' };

test('the same run that claims again gets the same answer, with a token of its own', async () => {
  const fleet = await openBatch();
  const first = await claim(fleet, '100');
  const second = await claim(fleet, '100');
  assert.equal(first.status, 200);
  assertSameBatch(second, first);
});

test('another run, an older attempt and an unknown key are fenced', async () => {
  const fleet = await openBatch();
  assert.equal((await claim(fleet, '100', 2)).status, 200);
  problemOf(await claim(fleet, '101'), 409, 'claim.fenced');
  problemOf(await claim(fleet, '100', 1), 409, 'claim.fenced');
  const unknown = { dispatchKey: '01KAMZ5G9V1V4PGEPYHCZ0MZZZ', runId: '100', runAttempt: 2 };
  problemOf(await builder(fleet, '/api/v1/claims', unknown), 409, 'claim.fenced');
});

test('a run that is run again takes its own batch over', async () => {
  const fleet = await openBatch();
  const first = await claim(fleet, '100', 1);
  const second = await claim(fleet, '100', 2);
  assertSameBatch(second, first);
  assert.equal(accepted(await report(fleet, '100', uploaded)), 1);
});

test('two runs that claim one key at the same time: exactly one holds it', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const gate = gated(2);
    const fleet = await openBatch({ seed, wrapPorts: gate.wrap });
    gate.arm();
    const answers = await Promise.all([claim(fleet, '100'), claim(fleet, '101')]);
    assert.equal(gate.met(), true, 'both had decided before either had written');
    const statuses = answers.map((answer) => answer.status).sort();
    assert.deepEqual(statuses, [200, 409]);
    const winner = answers[0]?.status === 200 ? '100' : '101';
    assert.equal(batches(fleet)[0]?.run_id, winner);
    await assertInvariants(fleet);
  }
});

test('one run that claims twice at the same time gets the same answer twice', async () => {
  const gate = gated(2);
  const fleet = await openBatch({ wrapPorts: gate.wrap });
  gate.arm();
  const [first, second] = await Promise.all([claim(fleet, '100'), claim(fleet, '100')]);
  assert.equal(gate.met(), true);
  assert.equal(first.status, 200);
  assertSameBatch(second, first);
});

test('reports before a claim and of a foreign run are fenced', async () => {
  const fleet = await openBatch();
  problemOf(await report(fleet, '100', uploaded), 409, 'report.fenced');
  await claim(fleet, '100');
  problemOf(await report(fleet, '101', uploaded), 409, 'report.fenced');
  assert.equal(onlySite(fleet).active?.state, 'running');
});

test('what is reported twice is accepted once', async () => {
  const fleet = await openBatch();
  await claim(fleet, '100');
  assert.equal(accepted(await report(fleet, '100', uploaded, uploaded)), 1);
  assert.equal(accepted(await report(fleet, '100', uploaded)), 0);
  assert.equal(onlySite(fleet).active?.state, 'uploaded');
});

test('the first end that is reported stands, whatever is said later', async () => {
  const later = await openBatch();
  await claim(later, '100');
  assert.equal(accepted(await report(later, '100', uploaded)), 1);
  assert.equal(accepted(await report(later, '100', failed, { outcome: 'building' })), 0);
  assert.equal(onlySite(later).active?.state, 'uploaded');

  const sooner = await openBatch();
  await claim(sooner, '100');
  assert.equal(accepted(await report(sooner, '100', failed)), 1);
  assert.equal(accepted(await report(sooner, '100', uploaded, failed)), 0);
  assertFailed(sooner, 'build.failed');
});

test('two reports at the same time: one is news', async () => {
  const gate = gated(2);
  const fleet = await openBatch({ wrapPorts: gate.wrap });
  await claim(fleet, '100');
  gate.arm();
  const answers = await Promise.all([report(fleet, '100', uploaded), report(fleet, '100', failed)]);
  assert.equal(gate.met(), true);
  assert.equal(
    answers.map(accepted).reduce((sum, count) => sum + count),
    1,
  );
  await assertInvariants(fleet);
});

test('a deployment that is not of the batch is not touched', async () => {
  const fleet = await openBatch();
  await claim(fleet, '100');
  const foreign = { deploymentId: 'dep_01KAMZ5G9V1V4PGEPYHCZ0MZZZ', ...uploaded };
  assert.equal(accepted(await report(fleet, '100', foreign)), 0);
  assert.equal(onlySite(fleet).active?.state, 'running');
});

test('a claim by hand: fenced while a build runs, replayed to its own run', async () => {
  const fleet = openFleet();
  await create(fleet);
  const by_hand = { platformId: 'acme', env: 'dev', runId: '900', runAttempt: 1 };
  const early = await builder(fleet, '/api/v1/claims', by_hand);
  problemOf(early, 409, 'claim.nothing_to_build');
  const running = () => onlySite(fleet).active?.state === 'running';
  assert.ok(await fleet.passTime(running, 10 * minute_ms));
  problemOf(await builder(fleet, '/api/v1/claims', by_hand), 409, 'claim.nothing_to_build');
  const live = () => onlySite(fleet).live !== undefined;
  assert.ok(await fleet.passTime(live, 10 * minute_ms));
  const first = await builder(fleet, '/api/v1/claims', by_hand);
  assert.equal(first.status, 200, first.text);
  const again = await builder(fleet, '/api/v1/claims', by_hand);
  assertSameBatch(again, first);
  const other = { ...by_hand, runId: '901' };
  problemOf(await builder(fleet, '/api/v1/claims', other), 409, 'claim.nothing_to_build');
  assert.equal(deployments(fleet).length, 2);
});

test('the builder key may not deploy, and no key may do nothing', async () => {
  const fleet = await openBatch();
  const forbidden = await fleet.api('POST', deployments_path, undefined, 'internal-key');
  problemOf(forbidden, 403, 'auth.forbidden');
  problemOf(await fleet.api('POST', deployments_path, undefined, 'x'), 401, 'auth.missing');
});
