// A builder without a key: its runs prove themselves by GitHub's tokens, each speaks for itself,
// and a token opens the claim and the reports, nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../../bindings/generated/operations.ts';
import { type Served, serve } from '../../../simulator/base/serve.ts';
import { told } from '../access/support.ts';
import { dispatched, makeRunner } from '../builder/fake_runner.ts';
import { assertConverged, openFleet as openCrashing, play } from '../crash/scenario.ts';
import {
  acme,
  assertInvariants,
  batches,
  create,
  deployments,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  openFleet,
  settle,
} from '../faults/support.ts';
import { believing, builder, builderRun } from './support.ts';

const url = 'http://slipway.test';
const keyless = { keyless: true, variables: { ...believing(url), NNO_INTERNAL_API_KEY: '' } };
const slow = { timings: { queue_ms: hour_ms / 2 } };

function authors(fleet: FaultyFleet, type: string): unknown[] {
  const found = fleet.db.sqlite
    .prepare(`SELECT author FROM journal WHERE json_extract(event, '$.type') = ?`)
    .all(type);
  return found.map(({ author }) => author);
}

function bearer(fleet: FaultyFleet, id: number, environment = 'main-dev', more = {}): string {
  return fleet.oidc.sign({ ...fleet.oidc.claimsOf(builderRun(id), environment, url), ...more });
}

// A fleet whose one batch waits for its run.
async function waiting(): Promise<{ fleet: FaultyFleet; id: number; key: string }> {
  const fleet = openFleet({ ...keyless, runner: slow });
  return { fleet, ...(await dispatchedIn(fleet)) };
}

async function dispatchedIn(fleet: FaultyFleet): Promise<{ id: number; key: string }> {
  await create(fleet);
  const isDispatched = (): boolean => batches(fleet)[0]?.state === 'dispatched';
  assert.ok(await fleet.passTime(isDispatched, minute_ms));
  const [batch] = batches(fleet);
  return { id: Number(batch?.run_id), key: batch?.dispatch_key ?? '' };
}

test('the main job without a key anywhere', async () => {
  const fleet = openFleet(keyless);
  await create(fleet);
  await settle(fleet);
  await assertConverged(fleet, acme);
  await assertInvariants(fleet);
  const [batch] = batches(fleet);
  assert.deepEqual(authors(fleet, 'batch_claimed'), [`github:${builder}@run:${batch?.run_id}`]);
  assert.deepEqual(authors(fleet, 'deployment_uploaded'), [batch?.id]);
});

test('a kill after every fifth outside call changes nothing of its end', async () => {
  const first = openCrashing([], undefined, keyless);
  await play(first.fleet, acme);
  const total = first.calls.length;
  for (let k = 1; k <= total; k += 5) {
    const { fleet, calls } = openCrashing([{ k, phase: 'after' }], undefined, keyless);
    try {
      await play(fleet, acme);
      await assertConverged(fleet, acme);
    } catch (cause) {
      throw new Error(`killed after call ${k} of ${total} (${calls[k - 1]})`, { cause });
    }
  }
});

test('a run claims for itself: no other run, attempt or environment', async () => {
  const { fleet, id, key } = await waiting();
  const claim = (token: string, more = {}) => {
    const body = { dispatchKey: key, runId: String(id), runAttempt: 1, ...more };
    return fleet.api('POST', '/api/v1/claims', body, token);
  };
  const refused = [
    await claim(bearer(fleet, id + 1)),
    await claim(bearer(fleet, id), { runId: String(id + 1) }),
    await claim(bearer(fleet, id), { runAttempt: 2 }),
    await claim(bearer(fleet, id, 'main-dev', { run_attempt: '2' })),
    await claim(bearer(fleet, id, 'main-prod')),
    await claim(bearer(fleet, id, 'other-dev')),
    await claim(bearer(fleet, id, '')),
  ];
  assert.deepEqual(
    refused.map(told),
    refused.map(() => '403 auth.forbidden'),
  );
  assert.equal(batches(fleet)[0]?.state, 'dispatched');
  const claimed = await claim(bearer(fleet, id));
  assert.equal(claimed.status, 200, claimed.text);
  assert.equal(batches(fleet)[0]?.state, 'claimed');
});

test('a run reports for itself', async () => {
  const { fleet, id, key } = await waiting();
  const token = bearer(fleet, id);
  const body = { dispatchKey: key, runId: String(id), runAttempt: 1 };
  assert.equal((await fleet.api('POST', '/api/v1/claims', body, token)).status, 200);
  const [deployment] = deployments(fleet);
  const results = [{ deploymentId: deployment?.id, outcome: 'failed', reason: 'build_failed' }];
  const report = (runId: number, by: string) => {
    const path = `/api/v1/batches/${batches(fleet)[0]?.id}/reports`;
    return fleet.api('POST', path, { runId: String(runId), results }, by);
  };
  assert.equal(told(await report(id, bearer(fleet, id + 1))), '403 auth.forbidden');
  assert.equal(told(await report(id + 1, bearer(fleet, id + 1))), '409 report.fenced');
  assert.equal(told(await report(id, token)), '200');
  assert.equal(deployments(fleet)[0]?.state, 'failed');
});

function refusalOf(scope: string): string {
  if (scope === 'webhook') return '404 route.unknown';
  return scope.startsWith('org:') ? '403 auth.user_needed' : '403 auth.forbidden';
}

test('the token of a run opens no other operation', async () => {
  const { fleet, id } = await waiting();
  const ids: Record<string, string> = { platformId: 'acme', environment: 'dev', version: '1' };
  const open = operations.filter(({ scope }) => ['open', 'builder', 'report'].includes(scope));
  assert.ok(open.some(({ name }) => name === 'batch_claim'));
  for (const operation of operations.filter((each) => !open.includes(each))) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? 'x');
    const body = operation.body_bytes_max > 0 ? {} : undefined;
    const answer = await fleet.api(operation.method, path, body, bearer(fleet, id));
    assert.equal(told(answer), refusalOf(operation.scope), operation.name);
  }
});

// The fleet behind a socket, at the address that its tokens must be made for.
async function served(): Promise<{ api: Served; provider: Served; fleet: FaultyFleet }> {
  let fleet: FaultyFleet | undefined;
  const api = await serve(async (request) => {
    const key = (request.headers.get('authorization') ?? '').replace('Bearer ', '');
    const { pathname, search } = new URL(request.url);
    const body = request.method === 'GET' ? undefined : await request.text();
    const answer = await fleet?.api(request.method, pathname + search, body, key);
    return new Response(answer?.text, { status: answer?.status ?? 503 });
  });
  const variables = { ...keyless.variables, GITHUB_OIDC_AUDIENCE: api.url };
  fleet = openFleet({ ...keyless, variables, runner: slow });
  return { api, provider: await serve(fleet.oidc.fetch), fleet };
}

test("the builder's own claim asks GitHub for its token, masks it, and is let in", async () => {
  const { api, provider, fleet } = await served();
  const runner = makeRunner();
  try {
    const { id, key } = await dispatchedIn(fleet);
    const given = fleet.oidc.requestFor(builderRun(id), 'main-dev');
    const address = new URL(given.ACTIONS_ID_TOKEN_REQUEST_URL);
    const env = {
      ...dispatched({ DISPATCH_KEY: key }),
      NNO_API_URL: `${api.url}/`,
      GITHUB_RUN_ID: String(id),
      ACTIONS_ID_TOKEN_REQUEST_URL: `${provider.url}${address.pathname}${address.search}`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: given.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    };
    const wrong = { ...env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' };
    assert.match((await runner.step('claim.js', wrong)).output, /token address answered 401/);
    const nothing = { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: '' };
    assert.match((await runner.step('claim.js', nothing)).output, /has no permission id-token/);
    assert.equal(batches(fleet)[0]?.state, 'dispatched');

    const { status, output } = await runner.step('claim.js', env);
    assert.equal(status, 0, output);
    assert.match(runner.outputs(), /^claimed=true\ntoken=slb_[\w-]{43}\n/);
    assert.match(runner.outputs(), /\nenvironment=dev\nshards=1\nshell_sha=\n$/);
    assert.equal(batches(fleet)[0]?.state, 'claimed');
    const [token] = /eyJ[\w.-]+/.exec(output) ?? [];
    const lines = output.split('\n').filter((line) => line.includes(token ?? 'none'));
    assert.deepEqual(lines, [`::add-mask::${token}`]);
  } finally {
    runner.remove();
    await Promise.all([api.close(), provider.close()]);
  }
});
