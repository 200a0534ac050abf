// Turns: asked for before every upload, waited for by a clock of our own, obeyed by a whole job.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createApi } from '../../../builder/scripts/lib/api.js';
import { takeTurn } from '../../../builder/scripts/lib/turns.js';
import { type Answer, problem, startFakeApi } from './fake_api.ts';
import { nno } from './fake_runner.ts';
import { finalOf, inWorld, serving, statuses } from './world.ts';

const MINUTE = 60_000;
const granted: Answer = { status: 200, body: { turn: 'granted' } };
const wait = (waitMs: unknown): Answer => ({
  status: 200,
  body: { turn: 'wait', waitMs, reason: 'budget' },
});

interface Taken {
  readonly turn: string;
  /** How long it slept, each time. */
  readonly slept: number[];
  readonly bodies: unknown[];
  readonly fenced: boolean;
}

/** Takes a turn from an API that gives these answers, one after the other, then 404. */
async function take(context: TestContext, answers: Answer[], random = 0): Promise<Taken> {
  const queue = [...answers];
  const api = await startFakeApi((call) =>
    call.path === '/api/v1/batches/bat_1/turns'
      ? (queue.shift() ?? problem(404, 'route.unknown'))
      : undefined,
  );
  const temp = mkdtempSync(join(tmpdir(), 'turns-test-'));
  process.env.RUNNER_TEMP = temp;
  context.after(() => {
    api.close();
    rmSync(temp, { recursive: true, force: true });
  });
  let now = 0;
  const slept: number[] = [];
  const clock = {
    now: () => now,
    random: () => random,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
  const batch = { batchId: 'bat_1', runId: '7', untilMs: 3 * MINUTE, fenced: false };
  const client = createApi({ ...nno(api.url), SLIPWAY_RETRY_MS: '1' });
  const turn = await takeTurn(client, batch, 'dep_a', clock).catch(
    (error: Error) => `${error.name}: ${error.message}`,
  );
  return { turn, slept, bodies: api.calls.map((call) => call.body), fenced: batch.fenced };
}

test('a turn that is granted or dropped is told at once, with run and deployment', async (t) => {
  const one = await take(t, [granted]);
  assert.deepEqual(one.bodies, [{ runId: '7', deploymentId: 'dep_a' }]);
  assert.deepEqual([one.turn, one.slept], ['granted', []]);
  const two = await take(t, [{ status: 200, body: { turn: 'dropped' } }]);
  assert.deepEqual([two.turn, two.slept, two.bodies.length], ['dropped', [], 1]);
});

test('it waits as long as it is told, and up to a fifth longer', async (t) => {
  const exact = await take(t, [wait(1500), wait(60_000), granted]);
  assert.deepEqual([exact.turn, exact.slept], ['granted', [1500, 60_000]]);
  const later = await take(t, [wait(1500), granted], 0.999);
  assert.deepEqual([later.turn, later.slept], ['granted', [1800]]);
});

test('the wait ends before the time of the job does', async (t) => {
  const { turn, slept } = await take(t, [wait(MINUTE), wait(MINUTE), wait(MINUTE), granted]);
  assert.deepEqual([turn, slept], ['late', [MINUTE, MINUTE]]);
});

test('an API that knows no turns needs none; 5xx is asked again', async (t) => {
  assert.equal((await take(t, [])).turn, 'granted');
  const { turn, bodies } = await take(t, [problem(503, 'busy'), problem(500, 'x'), granted]);
  assert.deepEqual([turn, bodies.length], ['granted', 3]);
});

test("a batch that is another run's is marked, and nothing else is", async (t) => {
  const fenced = await take(t, [problem(409, 'report.fenced')]);
  assert.match(fenced.turn, /^ApiError: .*report\.fenced/);
  assert.equal(fenced.fenced, true);
  const other = await take(t, [problem(401, 'auth.missing')]);
  assert.match(other.turn, /^ApiError: .*auth\.missing/);
  assert.equal(other.fenced, false);
});

test('an answer that is no turn grants none', async (t) => {
  for (const body of [{}, { turn: 'maybe' }, null]) {
    assert.equal((await take(t, [{ status: 200, body }])).turn, 'Error: The answer is no turn');
  }
  for (const ms of [0, 60_001, 1.5, '5', undefined]) {
    assert.match((await take(t, [wait(ms)])).turn, /^Error: The turn's waitMs is not/);
  }
});

test('a job asks for each turn in order, waits, and leaves out what was dropped', async () => {
  const notes = { one: 'fine', two: 'fine', three: 'fine' };
  const asked = new Map<string, number>();
  const answer = serving(notes, (call) => {
    if (!call.path.endsWith('/turns')) return undefined;
    const { deploymentId } = call.body as { deploymentId: string };
    asked.set(deploymentId, (asked.get(deploymentId) ?? 0) + 1);
    if (deploymentId === 'dep_two') return { status: 200, body: { turn: 'dropped' } };
    return asked.get(deploymentId) === 1 ? wait(1) : granted;
  });
  await inWorld(answer, async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 0, 0], ended.at(-1)?.output);
    assert.deepEqual(api.turns(), ['dep_one', 'dep_one', 'dep_two', 'dep_three', 'dep_three']);
    assert.deepEqual([...asked.values()], [2, 1, 2]);
    assert.equal(finalOf(api, 'one').outcome, 'uploaded');
    assert.equal(finalOf(api, 'three').outcome, 'uploaded');
    const two = api.results().filter((each) => each.deploymentId === 'dep_two');
    assert.ok(two.every((each) => each.outcome === 'building'));
    assert.equal(runner.seen('wrangler').length, 2);
    assert.match(ended.at(-1)?.output ?? '', /\| two \| dev \| 3 \| dropped \|/);
  });
});

test('a job whose deployments were all dropped ends in success', async () => {
  const dropped = { status: 200, body: { turn: 'dropped' } };
  const answer = serving({ one: 'fine' }, (call) =>
    call.path.endsWith('/turns') ? dropped : undefined,
  );
  await inWorld(answer, async ({ api, runner }) => {
    assert.deepEqual(statuses(await runner.job(api.url)), [0, 0, 0, 0, 0, 0]);
    assert.equal(runner.seen('wrangler').length, 0);
    assert.ok(api.results().every((each) => each.outcome === 'building'));
  });
});

test('a turn that cannot be had fails its own deployment only', async () => {
  const answer = serving({ one: 'fine', two: 'fine' }, (call) => {
    const one = JSON.stringify(call.body ?? '').includes('dep_one');
    return call.path.endsWith('/turns') && one ? problem(422, 'body.invalid') : undefined;
  });
  await inWorld(answer, async ({ api, runner }) => {
    await runner.job(api.url);
    const { reason, logTail } = finalOf(api, 'one');
    assert.equal(reason, 'deploy_failed');
    assert.match(logTail ?? '', /turns answered 422 body\.invalid/);
    assert.equal(finalOf(api, 'two').outcome, 'uploaded');
  });
});

test('a run that lost its batch uploads nothing more', async () => {
  const notes = { one: 'fine', two: 'fine', three: 'fine' };
  const answer = serving(notes, (call, calls) => {
    const turns = calls.filter(({ path }) => path.endsWith('/turns')).length;
    return call.path.endsWith('/turns') && turns > 1 ? problem(409, 'report.fenced') : undefined;
  });
  await inWorld(answer, async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 1, 0]);
    assert.match(ended.at(-1)?.output ?? '', /Another run holds this batch now/);
    assert.deepEqual(api.turns(), ['dep_one', 'dep_two']);
    assert.equal(runner.seen('wrangler').length, 1);
  });
});

test('what has no time left is reported as out_of_time, in time', async () => {
  const answer = serving({ one: 'fine', two: 'fine' }, (call) =>
    call.path.endsWith('/turns') ? wait(MINUTE) : undefined,
  );
  await inWorld(answer, async ({ api, runner }) => {
    const ended = await runner.job(api.url, { JOB_DEADLINE_MIN: '0.9' });
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 1, 1]);
    for (const name of ['one', 'two']) assert.equal(finalOf(api, name).reason, 'out_of_time');
    assert.equal(runner.seen('wrangler').length, 0);
  });
});

test('no build begins, and no installation fails its sites, when their time is over', async () => {
  await inWorld(serving({ one: 'fine', two: 'fine' }), async ({ api, runner }) => {
    const ended = await runner.job(api.url, { JOB_DEADLINE_MIN: '0.0001' });
    assert.deepEqual(statuses(ended), [0, 0, 0, 1, 1]);
    for (const name of ['one', 'two']) assert.equal(finalOf(api, name).reason, 'out_of_time');
    assert.deepEqual(
      runner.seen('pnpm').map((seen) => seen.args[0]),
      ['install'],
    );
  });
});

test('an installation that is cut short for the uploads is no fault of its sites', async () => {
  await inWorld(serving({ one: 'fine', two: 'fine' }), async ({ api, runner }) => {
    writeFileSync(join(runner.starter, 'slow-registry'), '');
    await runner.job(api.url, { JOB_DEADLINE_MIN: '0.05' });
    for (const name of ['one', 'two']) assert.equal(finalOf(api, name).reason, 'out_of_time');
  });
});
