// Runs of several shards: a job for each, beside each other on a bounded number of places.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomes, type Setting, setting } from './modelled_setting.ts';
import { conforms } from './openapi.ts';
import { REPOSITORY, request } from './world.ts';

const three = { dispatchKey: 'a+b|c|d+e', shards: '[0,1,2]' };

function conclusions(made: Setting, id: number): (string | null)[] {
  return made.jobs(id).map((job) => job.conclusion ?? job.status);
}

test('a run has a job for each shard, and each claims its own', async (context) => {
  const made = setting(context);
  const id = await made.dispatch(three);
  const names = made.jobs(id).map((job) => job.name);
  assert.deepEqual(names, ['build (0)', 'build (1)', 'build (2)']);
  await made.settle();
  assert.deepEqual(conclusions(made, id), ['success', 'success', 'success']);
  assert.equal(made.run(id).conclusion, 'success');
  const claimed = made.claims.map(({ shard }) => Number(shard)).sort();
  assert.deepEqual(claimed, [0, 1, 2]);
  const uploaded = outcomes(made).filter((outcome) => outcome.endsWith('uploaded'));
  assert.deepEqual(
    uploaded.sort(),
    ['a', 'b', 'c', 'd', 'e'].map((name) => `dep_${name} uploaded`),
  );
});

test('jobs run beside each other', async (context) => {
  const made = setting(context);
  const begun = made.clock.now();
  await made.dispatch({ dispatchKey: 'a', shards: '[0]' });
  await made.settle();
  const alone_ms = made.clock.now() - begun;
  const again = made.clock.now();
  await made.dispatch({ dispatchKey: 'b|c|d|e|f', shards: '[0,1,2,3,4]' });
  await made.settle();
  assert.ok(made.clock.now() - again < 1.5 * alone_ms);
});

test('jobs of all runs wait in order where the places are taken', async (context) => {
  const made = setting(context, { slots: 2, timings: { queue_ms: 0 } });
  const ids = [await made.dispatch(three), await made.dispatch(three)];
  let most = 0;
  const order: number[] = [];
  for (;;) {
    const due_ms = made.runner.nextDue_ms();
    if (due_ms === undefined) break;
    made.clock.advance(Math.max(0, due_ms - made.clock.now()));
    await made.runner.advance();
    const jobs = ids.flatMap((id) => made.jobs(id));
    most = Math.max(most, jobs.filter((job) => job.status === 'in_progress').length);
    for (const job of jobs) {
      if (job.status !== 'queued' && !order.includes(job.id)) order.push(job.id);
    }
    if (order.length === 4) made.restart();
  }
  assert.equal(most, 2);
  assert.deepEqual(
    order,
    ids.flatMap((id) => made.jobs(id)).map((job) => job.id),
  );
  assert.ok(ids.every((id) => made.run(id).conclusion === 'success'));
});

test('a shard without deployments ends well; a failed job fails its run', async (context) => {
  const made = setting(context, {
    failures: ({ deploymentId }) => (deploymentId === 'dep_b' ? 'build_failed' : undefined),
  });
  const id = await made.dispatch({ dispatchKey: 'a||b', shards: '[0,1,2]' });
  await made.settle();
  assert.deepEqual(conclusions(made, id), ['success', 'success', 'failure']);
  assert.equal(made.run(id).conclusion, 'failure');
});

test('shards that no matrix can be made of fail the run at once', async (context) => {
  const made = setting(context);
  for (const shards of ['[]', '{}', '["a"]', '[-1]', '0,1', JSON.stringify(Array(257).fill(0))]) {
    const id = await made.dispatch({ dispatchKey: 'a', shards });
    assert.equal(made.run(id).conclusion, 'failure', shards);
  }
  assert.deepEqual(made.calls, []);
});

test('killed at any call of any shard, a restart goes on', async (context) => {
  const calls = 3 * 14;
  for (let call = 1; call <= calls; call += 1) {
    const made = setting(context, { slots: 2 });
    const id = await made.dispatch({ dispatchKey: 'a|b|c', shards: '[0,1,2]' });
    made.kill = { call, when: call % 2 === 0 ? 'before' : 'after' };
    await assert.rejects(made.settle(), /killed/);
    made.restart();
    await made.settle();
    const ends = [...new Set(outcomes(made))].filter((outcome) => outcome.endsWith('uploaded'));
    assert.equal(ends.length, 3, `call ${call}`);
    assert.deepEqual(conclusions(made, id), ['success', 'success', 'success']);
  }
});

test('a cancelled run: queued jobs end, the others report what they leave', async (context) => {
  const made = setting(context, { slots: 1, timings: { queue_ms: 0 } });
  const id = await made.dispatch(three);
  while (outcomes(made).length < 1) {
    made.clock.advance(1_000);
    await made.runner.advance();
  }
  made.runner.cancel(id, false);
  assert.deepEqual(conclusions(made, id).slice(1), ['cancelled', 'cancelled']);
  await made.settle();
  assert.deepEqual(outcomes(made).slice(1), ['dep_a failed cancelled', 'dep_b failed cancelled']);
  assert.equal(made.run(id).conclusion, 'cancelled');
  assert.equal(made.runner.cost().jobs, 1);
});

test('a turn: waited for as told, dropped without a report', async (context) => {
  const made = setting(context);
  const waits = [1_500, 60_000];
  const asked_ms: number[] = [];
  made.turn = (deploymentId) => {
    if (deploymentId !== 'dep_a') return { turn: 'dropped' };
    asked_ms.push(made.clock.now());
    const waitMs = waits.shift();
    return waitMs === undefined ? { turn: 'granted' } : { turn: 'wait', waitMs, reason: 'budget' };
  };
  const id = await made.dispatch({ dispatchKey: 'a+b' });
  await made.settle();
  const [first = 0, second = 0, third = 0] = asked_ms;
  for (const [waited, asked] of [
    [second - first, 1_500],
    [third - second, 60_000],
  ] as const) {
    assert.ok(waited >= asked && waited <= 1.2 * asked, `${waited} ms`);
  }
  assert.deepEqual(outcomes(made), ['dep_a building', 'dep_a uploaded', 'dep_b building']);
  assert.equal(made.deployments.length, 1);
  assert.equal(made.run(id).conclusion, 'success');
});

test('an API that knows no turns, and one that gives the batch to another run', async (context) => {
  const made = setting(context);
  let status = 404;
  made.intercept = (call) =>
    call.endsWith('/turns')
      ? Response.json({ code: status === 404 ? 'route.unknown' : 'report.fenced' }, { status })
      : undefined;
  await made.dispatch({ dispatchKey: 'a' });
  await made.settle();
  assert.deepEqual(outcomes(made), ['dep_a building', 'dep_a uploaded']);
  status = 409;
  const fenced = await made.dispatch({ dispatchKey: 'b' });
  await made.settle();
  assert.deepEqual(outcomes(made).slice(2), ['dep_b building']);
  assert.equal(made.run(fenced).conclusion, 'success');
});

test('a job that dies reports nothing more; the other shards go on', async (context) => {
  const made = setting(context, { dies: (_, shard, index) => shard === 0 && index === 1 });
  const id = await made.dispatch(three);
  await made.settle();
  assert.deepEqual(conclusions(made, id), ['failure', 'success', 'success']);
  assert.equal(made.run(id).conclusion, 'failure');
  const ofA = outcomes(made).filter((outcome) => /dep_[ab]/.test(outcome));
  assert.deepEqual(ofA, ['dep_a building', 'dep_a uploaded', 'dep_b building']);
});

test('a run that never starts stays queued and takes no place', async (context) => {
  let first = true;
  const made = setting(context, {
    slots: 1,
    neverStarts: () => {
      const answer = first;
      first = false;
      return answer;
    },
  });
  const zombie = await made.dispatch(three);
  const other = await made.dispatch({ dispatchKey: 'x' });
  await made.settle();
  made.runner.cancel(zombie, true);
  assert.equal(made.run(zombie).status, 'queued');
  assert.deepEqual(conclusions(made, zombie), ['queued', 'queued', 'queued']);
  assert.equal(made.run(other).conclusion, 'success');
});

test('every job that ran is billed in whole minutes', async (context) => {
  const timings = { queue_ms: 500_000, setup_ms: 20_000, build_ms: 15_000, deploy_ms: 5_000 };
  const made = setting(context, { timings, slots: 1 });
  await made.dispatch({ dispatchKey: 'a+b+c|d', shards: '[0,1]' });
  await made.settle();
  const { busy_minutes, ...cost } = made.runner.cost();
  assert.equal(cost.jobs, 2);
  assert.equal(cost.dollars, Math.round(cost.billed_minutes * 6) / 1_000);
  assert.ok(busy_minutes > 1 && busy_minutes < cost.billed_minutes);
  made.restart();
  assert.deepEqual(made.runner.cost(), { busy_minutes, ...cost });
});

test('a run of a hundred shards: one page of jobs, and an end for all of them', async (context) => {
  const made = setting(context);
  const shards = JSON.stringify([...Array(100).keys()]);
  const id = await made.dispatch({ dispatchKey: 'a', shards });
  const path = `/repos/${REPOSITORY}/actions/runs/${id}`;
  made.clock.advance(60_000);
  await made.runner.advance();
  const answer = await made.fetch(request('GET', `${path}/jobs?filter=latest&per_page=100`));
  await conforms('/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', 'get', answer);
  const { total_count, jobs } = (await answer.json()) as { total_count: number; jobs: unknown[] };
  assert.deepEqual([total_count, jobs.length, answer.headers.get('link')], [100, 100, null]);
  assert.equal((await made.fetch(request('POST', `${path}/cancel`))).status, 202);
  await made.settle();
  assert.equal(made.run(id).conclusion, 'cancelled');
  assert.ok(made.jobs(id).every((job) => job.conclusion !== null));
  assert.equal((await made.fetch(request('POST', `${path}/cancel`))).status, 409);
});
