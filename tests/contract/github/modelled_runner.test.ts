// The modelled runner against a small Slipway and a small Cloudflare in the same process.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ConnectionLost } from '../../../simulator/base/contract.ts';
import { outcomes, setting } from './modelled_setting.ts';
import { CONFIG } from './outside.ts';

const PROJECT = '/client/v4/accounts/acct/pages/projects/acme-dev-portal';

test('a batch: the calls of a real builder in their order', async (context) => {
  const made = setting(context);
  const id = await made.dispatch({ dispatchKey: 'acme' });
  assert.equal(made.run(id).status, 'queued');
  await made.runner.advance();
  assert.deepEqual(made.calls, []);
  await made.settle();
  assert.deepEqual(made.calls, [
    'POST /api/v1/claims',
    'GET /api/v1/platforms/acme/config?env=dev&version=3',
    'POST /api/v1/batches/bat_acme/reports',
    'POST /api/v1/batches/bat_acme/turns',
    `GET ${PROJECT}`,
    `GET ${PROJECT}`,
    `GET ${PROJECT}/upload-token`,
    `GET ${PROJECT}/upload-token`,
    'POST /client/v4/pages/assets/check-missing',
    'POST /client/v4/pages/assets/upload',
    'POST /client/v4/pages/assets/upsert-hashes',
    `POST ${PROJECT}/deployments`,
    `GET ${PROJECT}/deployments/pages-1`,
    'POST /api/v1/batches/bat_acme/reports',
  ]);
  assert.deepEqual(made.claims, [
    { dispatchKey: 'acme', shard: 0, runId: String(id), runAttempt: 1 },
  ]);
  assert.equal(made.run(id).conclusion, 'success');
  const [, last] = made.reports;
  assert.equal(last?.runId, String(id));
  const manifest = made.deployments[0]?.get('/.well-known/slipway.json') ?? '';
  const bytes = made.files.get(manifest) ?? Buffer.alloc(0);
  assert.deepEqual(last?.results, [
    {
      deploymentId: 'dep_acme',
      outcome: 'uploaded',
      configEtag: '"3-abc"',
      pagesDeploymentId: 'pages-1',
      url: 'https://pages-1.pages.dev',
      manifestDigest: createHash('sha256').update(bytes).digest('hex'),
    },
  ]);
});

test('the site says whose it is and its digests are right', async (context) => {
  const made = setting(context);
  await made.dispatch({ dispatchKey: 'acme' });
  await made.settle();
  const [uploaded] = made.deployments;
  const read = (path: string): Buffer =>
    made.files.get(uploaded?.get(path) ?? '') ?? Buffer.alloc(0);
  assert.match(read('/index.html').toString(), /acme[\s\S]*dev/);
  const manifest = JSON.parse(read('/.well-known/slipway.json').toString()) as {
    files: Record<string, string>;
  };
  const { files, ...rest } = manifest;
  assert.deepEqual(rest, {
    deployment: 'dep_acme',
    platform: 'acme',
    environment: 'dev',
    version: 3,
    shell_sha: '',
  });
  const [[asset, digest] = ['', '']] = Object.entries(files);
  assert.match(asset, /^\/assets\/index-[0-9a-f]{8}\.js$/);
  assert.equal(createHash('sha256').update(read(asset)).digest('hex'), digest);
  for (const text of Object.values(CONFIG)) assert.ok(read(asset).toString().includes(text));
});

test('a failing deployment does not fail the others', async (context) => {
  const made = setting(context, {
    failures: ({ deploymentId }) => (deploymentId === 'dep_b' ? 'build_failed' : undefined),
  });
  const id = await made.dispatch({ dispatchKey: 'a+b+c' });
  await made.settle();
  assert.deepEqual(outcomes(made), [
    'dep_a building',
    'dep_a uploaded',
    'dep_b building',
    'dep_b failed build_failed',
    'dep_c building',
    'dep_c uploaded',
  ]);
  assert.equal(made.run(id).conclusion, 'success');
  const alone = await made.dispatch({ dispatchKey: 'b' });
  await made.settle();
  assert.equal(made.run(alone).conclusion, 'failure');
});

test('a fenced claim ends well without building, an unknown one does not', async (context) => {
  const made = setting(context);
  const problem = (code: string, status: number) => (call: string) =>
    call.endsWith('/claims') ? Response.json({ code }, { status }) : undefined;
  made.intercept = problem('claim.fenced', 409);
  const fenced = await made.dispatch({ dispatchKey: 'a' });
  await made.settle();
  assert.equal(made.run(fenced).conclusion, 'success');
  made.intercept = problem('claim.unknown', 404);
  const unknown = await made.dispatch({ dispatchKey: 'a' });
  await made.settle();
  assert.equal(made.run(unknown).conclusion, 'failure');
  assert.deepEqual(made.calls, ['POST /api/v1/claims', 'POST /api/v1/claims']);
});

test('a manual run claims by platform; an environment without secrets fails', async (context) => {
  const made = setting(context);
  await made.dispatch({ platformId: 'acme' });
  await made.settle();
  const { platformId, env, dispatchKey } = made.claims[0] ?? {};
  assert.deepEqual([platformId, env, dispatchKey], ['acme', 'dev', undefined]);
  const lacking = await made.dispatch({ platformId: 'acme', account: 'other' });
  await made.settle();
  assert.equal(made.run(lacking).conclusion, 'failure');
  assert.match(made.log(lacking), /other-dev lacks secrets/);
});

test('calls that bring nothing are made again; in vain, the deployment fails', async (context) => {
  const made = setting(context);
  let bad = 3;
  made.intercept = (call) => {
    if (!call.includes('/config') || bad-- <= 0) return undefined;
    return new Response('', { status: 503 });
  };
  const id = await made.dispatch({ dispatchKey: 'a' });
  await made.settle();
  assert.equal(made.run(id).conclusion, 'success');
  made.intercept = (call) => {
    if (call.includes('/config')) throw new ConnectionLost('cut');
    return undefined;
  };
  await made.dispatch({ dispatchKey: 'b+a' });
  await made.settle();
  assert.deepEqual(outcomes(made).slice(2), [
    'dep_b failed config_unavailable',
    'dep_a failed config_unavailable',
  ]);
});

test('a lost answer to the deployment is a failed deploy, as wrangler has it', async (context) => {
  const made = setting(context);
  made.intercept = (call) => {
    if (call.endsWith('/deployments')) throw new ConnectionLost('cut');
    return undefined;
  };
  await made.dispatch({ dispatchKey: 'a' });
  await made.settle();
  assert.deepEqual(outcomes(made), ['dep_a building', 'dep_a failed deploy_failed']);
  assert.equal(made.calls.filter((call) => call.endsWith('/deployments')).length, 1);
});

test('killed at any call, a restart goes on and reaches the same end', async (context) => {
  const calls = 14;
  for (let call = 1; call <= calls; call++) {
    for (const when of ['before', 'after'] as const) {
      const made = setting(context);
      const id = await made.dispatch({ dispatchKey: 'a' });
      made.kill = { call, when };
      await assert.rejects(made.settle(), /killed/);
      assert.equal(made.run(id).status, 'in_progress');
      made.restart();
      await made.settle();
      const ends = new Set(outcomes(made));
      assert.deepEqual([...ends], ['dep_a building', 'dep_a uploaded'], `${when} ${call}`);
      assert.equal(made.run(id).conclusion, 'success');
      assert.equal(made.run(id).jobs.length, 1);
    }
  }
});

test('restarts between all moments change nothing', async (context) => {
  const made = setting(context);
  const id = await made.dispatch({ dispatchKey: 'a+b' });
  for (let moment = 0; moment < 30; moment++) {
    made.restart();
    made.clock.advance(Math.max(0, (made.runner.nextDue_ms() ?? 0) - made.clock.now()));
    await made.runner.advance();
  }
  assert.deepEqual(outcomes(made), [
    'dep_a building',
    'dep_a uploaded',
    'dep_b building',
    'dep_b uploaded',
  ]);
  assert.equal(made.run(id).jobs.length, 1);
});

test('a cancelled run reports what it leaves', async (context) => {
  const made = setting(context);
  const id = await made.dispatch({ dispatchKey: 'a+b+c' });
  while (outcomes(made).length < 3) {
    made.clock.advance(1_000);
    await made.runner.advance();
  }
  made.runner.cancel(id, false);
  await made.settle();
  assert.deepEqual(outcomes(made).slice(3), ['dep_b failed cancelled', 'dep_c failed cancelled']);
  assert.equal(made.run(id).conclusion, 'cancelled');
});

test('a thousand runs', async (context) => {
  const made = setting(context);
  const ids: number[] = [];
  for (let i = 0; i < 1_000; i++) ids.push(await made.dispatch({ dispatchKey: `p${i}` }));
  await made.settle();
  assert.ok(ids.every((id) => made.run(id).conclusion === 'success'));
  assert.equal(made.deployments.length, 1_000);
});
