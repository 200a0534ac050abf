// The claim step: what it sends, what it takes for an answer, when it tries again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Answer,
  batch,
  type Call,
  deployment,
  problem,
  type Result,
  startFakeApi,
} from './fake_api.ts';
import { dispatched, type Ended, KEY, makeRunner, nno } from './fake_runner.ts';

interface Claimed {
  readonly ended: Ended;
  readonly outputs: string;
  readonly calls: Call[];
  readonly report: Ended;
  readonly results: Result[];
}

/** Runs the claim against the given answers, one per call, then the final report. */
async function claim(answers: Answer[], env = dispatched()): Promise<Claimed> {
  const queue = [...answers];
  const api = await startFakeApi((call) =>
    call.path.endsWith('claims') ? queue.shift() : undefined,
  );
  const runner = makeRunner();
  try {
    const ended = await runner.step('claim.js', { ...nno(api.url), ...env });
    const report = await runner.step('report.js', { ...nno(api.url), CLAIM_OUTCOME: 'failure' });
    return {
      ended,
      outputs: runner.outputs(),
      calls: [...api.calls],
      report,
      results: api.results(),
    };
  } finally {
    api.close();
    runner.remove();
  }
}

test('a dispatched run claims with its key, run id and attempt', async () => {
  const sha = 'a'.repeat(40);
  const { ended, outputs, calls } = await claim([batch([deployment('acme', { shellSha: sha })])]);
  assert.equal(ended.status, 0, ended.output);
  const place = 'batch_id=bat_1\nenvironment=dev\nshards=1\n';
  assert.equal(outputs, `claimed=true\n${place}shell_sha=${sha}\n`);
  assert.equal(calls[0]?.path, '/api/v1/claims');
  assert.equal(calls[0]?.authorization, `Bearer ${KEY}`);
  const { DISPATCH_KEY } = dispatched();
  const body = { dispatchKey: DISPATCH_KEY, runId: '29803635501', runAttempt: 1 };
  assert.deepEqual(calls[0]?.body, body);
});

test('a run started by hand claims with platform and environment', async () => {
  const env = dispatched({ DISPATCH_KEY: '', PLATFORM_ID: 'acme' });
  const { ended, calls } = await claim([], env);
  assert.equal(ended.status, 0, ended.output);
  const body = { platformId: 'acme', env: 'dev', runId: '29803635501', runAttempt: 1 };
  assert.deepEqual(calls[0]?.body, body);
});

test('a claim names its shard; shard 0, which any API has, goes without saying', async () => {
  const first = await claim([], dispatched({ SHARD: '' }));
  assert.deepEqual(Object.keys(first.calls[0]?.body ?? {}), ['dispatchKey', 'runId', 'runAttempt']);
  const answer = batch([deployment('acme')], { shard: 7, shards: 9 });
  const { ended, outputs, calls } = await claim([answer], dispatched({ SHARD: '7' }));
  assert.equal(ended.status, 0, ended.output);
  assert.match(outputs, /^shards=9$/m);
  const { DISPATCH_KEY } = dispatched();
  const body = { dispatchKey: DISPATCH_KEY, shard: 7, runId: '29803635501', runAttempt: 1 };
  assert.deepEqual(calls[0]?.body, body);
});

test('an answer of another shard, or of an impossible number of them, is refused', async () => {
  for (const fields of [{ shard: 1 }, { shard: '0' }, { shards: 0 }, { shards: 10_001 }]) {
    const { ended, outputs } = await claim([batch([deployment('acme')], fields)]);
    assert.equal(ended.status, 1, JSON.stringify(fields));
    assert.equal(outputs, '');
  }
});

test('an API that knows no shards is understood', async () => {
  const old = batch([deployment('acme')], { shard: undefined, shards: undefined });
  const { ended, outputs } = await claim([old]);
  assert.equal(ended.status, 0, ended.output);
  assert.match(outputs, /^claimed=true$/m);
});

test('a shard of which nothing is left ends in success', async () => {
  const { ended, outputs, report, results } = await claim([batch([], { shards: 3 })]);
  assert.equal(ended.status, 0, ended.output);
  assert.match(ended.output, /::notice::Nothing of this shard is left/);
  assert.equal(outputs, 'claimed=false\nbatch_id=bat_1\nenvironment=dev\nshards=3\n');
  assert.equal(report.status, 0, report.output);
  assert.deepEqual(results, []);
});

test('a runner that nothing woke claims what waits, and then the further shards', async () => {
  const none = { DISPATCH_KEY: '', PLATFORM_ID: '' };
  const run = { runId: '29803635501', runAttempt: 1 };
  const next = { ...none, NEXT_BATCH: 'true' };
  const any = await claim([], dispatched({ ...next, TARGET_ENV: '' }));
  assert.equal(any.ended.status, 0, any.ended.output);
  assert.deepEqual(any.calls[0]?.body, { account: 'main', ...run });
  const one = await claim([], dispatched(next));
  assert.deepEqual(one.calls[0]?.body, { account: 'main', env: 'dev', ...run });
  const answer = batch([deployment('acme')], { shard: 1, shards: 2 });
  const further = await claim([answer], dispatched({ ...none, BATCH_ID: 'bat_1', SHARD: '1' }));
  assert.equal(further.ended.status, 0, further.ended.output);
  assert.deepEqual(further.calls[0]?.body, { batchId: 'bat_1', shard: 1, ...run });
});

test('that nothing waits is no failure for a runner that nothing woke', async () => {
  const nothing = problem(409, 'claim.nothing_to_build');
  const next = dispatched({ DISPATCH_KEY: '', NEXT_BATCH: 'true' });
  const { ended, outputs } = await claim([nothing], next);
  assert.deepEqual([ended.status, outputs], [0, 'claimed=false\n']);
  const byHand = await claim([nothing], dispatched({ DISPATCH_KEY: '', PLATFORM_ID: 'acme' }));
  assert.equal(byHand.ended.status, 1);
});

test('a fenced claim ends the run successfully and nothing is reported', async () => {
  const { ended, outputs, calls, report } = await claim([problem(409, 'claim.fenced')]);
  assert.equal(ended.status, 0);
  assert.match(ended.output, /::notice::/);
  assert.equal(outputs, 'claimed=false\n');
  assert.equal(report.status, 0, report.output);
  assert.equal(calls.length, 1);
});

test('an unknown key and another conflict fail at once', async () => {
  for (const answer of [problem(404, 'claim.unknown'), problem(409, 'platform.exists')]) {
    const { ended, outputs, calls } = await claim([answer, batch([deployment('acme')])]);
    assert.equal(ended.status, 1);
    assert.equal(outputs, '');
    assert.equal(calls.length, 1);
  }
});

test('5xx, a cut connection and a broken body are tried again', async () => {
  const broken = { status: 200, body: undefined, headers: { 'content-length': '1' } };
  const bad = [problem(503, 'busy'), { status: 0, cut: true }, broken, problem(500, 'x')];
  const { ended, outputs, calls } = await claim([...bad, batch([deployment('acme')])]);
  assert.equal(ended.status, 0, ended.output);
  assert.match(outputs, /claimed=true/);
  assert.equal(calls.filter((call) => call.path.endsWith('claims')).length, 5);
});

test('the attempts are bounded', async () => {
  const { ended, calls } = await claim(Array.from({ length: 9 }, () => problem(503, 'busy')));
  assert.equal(ended.status, 1);
  assert.equal(calls.length, 8);
});

test('a redirect is not followed: the key stays with its host', async () => {
  const { ended, calls } = await claim([{ status: 307, headers: { location: '/elsewhere' } }]);
  assert.equal(ended.status, 1);
  assert.deepEqual(
    calls.map((call) => call.path),
    ['/api/v1/claims'],
  );
});

test('inputs of a wrong form are refused before any call', async () => {
  const wrong: Record<string, string>[] = [
    { DISPATCH_KEY: '01K9ZQ4Y7M3N8P2R5T6V0W1X2' },
    { DISPATCH_KEY: '01K9ZQ4Y7M3N8P2R5T6V0W1X2U' },
    { DISPATCH_KEY: '', PLATFORM_ID: '' },
    { PLATFORM_ID: 'acme' },
    { DISPATCH_KEY: '', PLATFORM_ID: 'acme; rm -rf ~' },
    { DISPATCH_KEY: '', PLATFORM_ID: 'a'.repeat(47) },
    { TARGET_ENV: 'live' },
    { TARGET_ENV: '' },
    { SHARD: '-1' },
    { SHARD: '01' },
    { SHARD: '1 || true' },
    { BATCH_ID: 'bat_1' },
    { DISPATCH_KEY: '', BATCH_ID: '../bat_1' },
    { DISPATCH_KEY: '', NEXT_BATCH: '1' },
    { JOB_DEADLINE_MIN: '0' },
    { JOB_DEADLINE_MIN: 'soon' },
    { TARGET_ENV: 'dev\nprod' },
    { ACCOUNT: '../main' },
    { NNO_API_URL: 'http://slipway.example.com' },
    { NNO_API_URL: '' },
    { NNO_INTERNAL_API_KEY: '' },
  ];
  for (const env of wrong) {
    const { ended, calls } = await claim([], dispatched(env));
    assert.equal(ended.status, 1, JSON.stringify(env));
    assert.match(ended.output, /::error::/);
    assert.equal(calls.length, 0, JSON.stringify(env));
  }
});

test('an answer that could escape a path or an argument is refused', async () => {
  const wrong = [
    { deploymentId: '../../x' },
    { projectName: '--help' },
    { projectName: `a${'b'.repeat(58)}` },
    { branch: '-m' },
    { platformId: 'a/../b' },
    { configVersion: 0 },
    { configVersion: '3' },
    { shellSha: 'main' },
  ];
  for (const fields of wrong) {
    const { ended, outputs } = await claim([batch([deployment('acme', fields)])]);
    assert.equal(ended.status, 1, JSON.stringify(fields));
    assert.equal(outputs, '');
  }
  const twice = await claim([batch([deployment('acme'), deployment('acme')])]);
  assert.equal(twice.ended.status, 1);
});

test('a batch that these secrets or this checkout cannot serve is reported failed', async () => {
  const one = deployment('one', { shellSha: 'a'.repeat(40) });
  const two = deployment('two', { shellSha: 'b'.repeat(40) });
  const batches = [
    batch([deployment('one'), deployment('two')], { account: 'other' }),
    batch([deployment('one'), deployment('two', { environment: 'prod' })]),
    batch([one, two]),
  ];
  for (const answer of batches) {
    const { ended, report, results } = await claim([answer]);
    assert.equal(ended.status, 1);
    assert.equal(report.status, 1);
    assert.deepEqual(
      results.map((result) => [result.outcome, result.reason]),
      [
        ['failed', 'build_failed'],
        ['failed', 'build_failed'],
      ],
    );
  }
});
