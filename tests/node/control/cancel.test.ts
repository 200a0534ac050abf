// Cancelling and retrying: a deployment is let go before it is at Pages, its run is stopped, and
// what it should have brought can be asked for again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, Faults } from '../../../simulator/base/contract.ts';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet, rows } from '../crash/scenario.ts';
import {
  acmeFleet,
  countOf,
  eventsOf,
  hour_ms,
  json,
  platforms,
  settle,
  siteOf,
  told,
} from './support.ts';

const acme = `${platforms}/acme`;
const deployments_path = `${acme}/environments/dev/deployments`;

interface Deployment {
  readonly id: string;
  readonly state: string;
}

function idOf(fleet: Fleet): string {
  return rows<Deployment>(fleet, 'deployment').at(-1)?.id ?? '';
}

// Being dispatched is its batch's state: until it is claimed, the deployment is planned.
function isAt(fleet: Fleet, state: string): boolean {
  const { active } = siteOf(fleet);
  const [batch] = rows<{ state: string }>(fleet, 'batch');
  if (active === undefined || batch === undefined) return false;
  return (active.state === 'planned' ? batch.state : active.state) === state;
}

async function deployedUntil(fleet: Fleet, state: string): Promise<string> {
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  assert.ok(await fleet.passTime(() => isAt(fleet, state), hour_ms), state);
  return idOf(fleet);
}

async function conclusionsOf(fleet: Fleet): Promise<(string | null)[]> {
  const url = 'http://github.test/repos/neutrino-io/nno-platform-builder/actions/runs';
  const headers = { authorization: 'Bearer github-token', 'user-agent': 'test' };
  const answer = await fleet.github.fetch(new Request(url, { headers }));
  const { workflow_runs } = (await answer.json()) as {
    workflow_runs: { conclusion: string | null }[];
  };
  return workflow_runs.map(({ conclusion }) => conclusion);
}

test('cancelled at once; what runs for it is stopped; the wish counts as tried', async () => {
  for (const state of ['planned', 'dispatched', 'running']) {
    const { fleet } = openFleet();
    const id = await deployedUntil(fleet, state);
    const answer = await fleet.api('POST', `/api/v1/deployments/${id}/cancel`, { reason: 'oops' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(json(answer).state, 'cancelled');
    assert.equal(json(answer).failure.code, 'deployment.stopped');
    const size = countOf(fleet, 'journal');
    const again = await fleet.api('POST', `/api/v1/deployments/${id}/cancel`);
    assert.deepEqual([again.status, json(again)], [200, json(answer)], 'the same answer');
    assert.equal(countOf(fleet, 'journal'), size);
    await settle(fleet);
    await fleet.passTime(() => false, hour_ms);
    assert.equal(countOf(fleet, 'deployment'), 1, 'it is not planned again by itself');
    assert.equal(siteOf(fleet).live, undefined);
    const wanted = state === 'planned' ? [] : ['cancelled'];
    assert.deepEqual(await conclusionsOf(fleet), wanted, state);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  }
});

test('what is at Pages or has ended is not cancelled, and says what to do', async () => {
  const { fleet: busy } = openFleet();
  const id = await deployedUntil(busy, 'uploaded');
  const answer = await busy.api('POST', `/api/v1/deployments/${id}/cancel`);
  assert.equal(told(answer), '409 deployment.uploaded');
  assert.match(json(answer).next, /rollback/);
  await settle(busy);
  const late = await busy.api('POST', `/api/v1/deployments/${id}/cancel`);
  assert.equal(told(late), '409 deployment.ended');
  const fleet = await acmeFleet();
  const unknown = await fleet.api('POST', '/api/v1/deployments/dep_nobody/cancel');
  assert.equal(told(unknown), '404 deployment.unknown');
  const wrong = await fleet.api('POST', `/api/v1/deployments/${idOf(fleet)}/cancel`, { why: 1 });
  assert.equal(told(wrong), '422 body.invalid');
});

test('a wish that came meanwhile is deployed by itself', async () => {
  const { fleet } = openFleet();
  const id = await deployedUntil(fleet, 'running');
  await fleet.api('POST', deployments_path);
  await fleet.api('POST', `/api/v1/deployments/${id}/cancel`);
  await settle(fleet);
  assert.deepEqual(
    rows<Deployment>(fleet, 'deployment').map(({ state }) => state),
    ['cancelled', 'live'],
  );
  assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
});

test('GitHub is told to stop the run until it is clear what came of it', async () => {
  const cut: Fault = { when: 'before', answer: 'timeout' };
  const answers: readonly Fault[][] = [
    [{ when: 'after', answer: 'timeout' }],
    [cut],
    [cut, cut, cut],
    [{ when: 'before', answer: 500 }],
    [{ when: 'before', answer: 404 }],
  ];
  for (const scripted of answers) {
    const left = [...scripted];
    const faults: Faults = {
      take: (operation) => (operation === 'github.cancel_run' ? left.shift() : undefined),
    };
    const { fleet } = openFleet([], faults);
    const id = await deployedUntil(fleet, 'running');
    await fleet.api('POST', `/api/v1/deployments/${id}/cancel`);
    await settle(fleet);
    assert.ok(eventsOf(fleet, batchOf(fleet)).includes('batch_run_cancelled'));
    assert.equal(siteOf(fleet).last?.state, 'cancelled');
    assert.equal(countOf(fleet, 'deployment'), 1);
  }
});

function batchOf(fleet: Fleet): string {
  return `batch:${rows<{ id: string }>(fleet, 'batch')[0]?.id}`;
}

test('a retry wishes the same version again, and follows it', async () => {
  const { fleet } = openFleet();
  const id = await deployedUntil(fleet, 'running');
  const early = await fleet.api('POST', `/api/v1/deployments/${id}/retry`);
  assert.equal(told(early), '409 deployment.not_retryable');
  await fleet.api('POST', `/api/v1/deployments/${id}/cancel`);
  const answer = await fleet.api('POST', `/api/v1/deployments/${id}/retry`);
  assert.equal(answer.status, 202, answer.text);
  assert.equal(json(answer).state, 'running');
  const again = await fleet.api('POST', `/api/v1/deployments/${id}/retry`);
  assert.equal(told(again), '409 deployment.not_retryable');
  assert.ok(json(again).next);
  await settle(fleet);
  const path = answer.headers.get('location') ?? '';
  assert.equal(json(await fleet.api('GET', path)).state, 'succeeded');
  assert.equal(siteOf(fleet).live?.revision, 2);
  const served = await fleet.api('POST', `/api/v1/deployments/${idOf(fleet)}/retry`);
  assert.equal(told(served), '409 deployment.not_retryable');
  assert.equal(
    told(await fleet.api('POST', '/api/v1/deployments/dep_nobody/retry')),
    '404 deployment.unknown',
  );
});

test('what is not wished any more is not retried', async () => {
  const { fleet } = openFleet();
  const id = await deployedUntil(fleet, 'running');
  await fleet.api('POST', `${acme}/builds/pause`);
  await fleet.api('POST', `/api/v1/deployments/${id}/cancel`);
  await fleet.api('POST', deployments_path);
  const answer = await fleet.api('POST', `/api/v1/deployments/${id}/retry`);
  assert.equal(told(answer), '409 deployment.not_retryable');
  assert.match(json(answer).detail, /newer/);
});
