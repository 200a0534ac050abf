// Workers Builds as a runner: a deploy hook of the simulated Cloudflare starts a build that serves
// the next batch of an account.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '../../../simulator/base/clock.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { readJson } from '../../../simulator/base/strict.ts';
import { createCloudflare } from '../../../simulator/cloudflare/index.ts';
import {
  type WorkersBuilds,
  type WorkersBuildsOptions,
  workersBuilds,
} from '../../../simulator/runner/workers_builds.ts';
import { createWorld, worldConfig } from '../../../simulator/world.ts';
import { outcomes } from './modelled_setting.ts';
import { type Outside, outside, SECRETS } from './outside.ts';

const HOOK = { id: 'hook-1', account: 'acct', worker: 'slipway-builder', branch: 'main' };
const PLAN = { ...HOOK, claims: { account: 'main', env: 'dev' }, variables: SECRETS };
type Reply = { status: number; result: Record<string, string>; code: number | undefined };

interface Setting extends Outside {
  readonly clock: ReturnType<typeof virtualClock>;
  runner: WorkersBuilds;
  restart(): void;
  trigger(id?: string): Promise<Reply>;
  settle(): Promise<void>;
}

function setting(options: Partial<WorkersBuildsOptions> = {}): Setting {
  const clock = virtualClock();
  const store = memoryStore();
  const world = outside();
  const start = (): WorkersBuilds =>
    workersBuilds({
      clock,
      store,
      hooks: [PLAN],
      slipway: world.slipway,
      cloudflare: world.cloudflare,
      cloudflareUrl: 'http://cloudflare.test/client/v4',
      ...options,
    });
  const cloudflare = createCloudflare({
    clock,
    store,
    accounts: [{ id: 'acct', tokens: ['cf'] }],
    buildHooks: { hooks: [HOOK], start: ({ id }, uuid) => made.runner.start(id, uuid) },
  });
  const made: Setting = Object.assign(world, {
    clock,
    runner: start(),
    restart() {
      made.runner = start();
    },
    async trigger(id = HOOK.id) {
      const url = `http://cloudflare.test/client/v4/workers/builds/deploy_hooks/${id}`;
      const answer = await cloudflare.fetch(new Request(url, { method: 'POST' }));
      type Envelope = { result: Reply['result']; errors: { code: number }[] };
      const { result, errors } = (await answer.json()) as Envelope;
      assert.ok(!JSON.stringify(cloudflare.log).includes(id), 'the address is a secret');
      return { status: answer.status, result, code: errors[0]?.code };
    },
    async settle() {
      for (;;) {
        const due_ms = made.runner.nextDue_ms();
        if (due_ms === undefined) return;
        clock.advance(Math.max(0, due_ms - clock.now()));
        await made.runner.advance();
      }
    },
  });
  return made;
}

test('a build serves every shard of the next batch, one after the other', async () => {
  const made = setting();
  made.next = 'a+b|c|d';
  const { status, result } = await made.trigger();
  assert.equal(status, 200);
  const { build_uuid, ...rest } = result;
  assert.deepEqual(rest, { branch: 'main', worker: 'slipway-builder' });
  await made.settle();
  const [build] = made.runner.builds();
  assert.equal(build?.build_uuid, build_uuid);
  assert.equal(build?.outcome, 'success');
  assert.match(build?.runId ?? '', /^[1-9]\d{19}$/);
  const own = { runId: build?.runId, runAttempt: 1 };
  const further = [1, 2].map((shard) => ({ batchId: 'bat_a+b|c|d', shard, ...own }));
  assert.deepEqual(made.claims, [{ account: 'main', env: 'dev', ...own }, ...further]);
  const uploaded = outcomes(made).filter((outcome) => outcome.endsWith('uploaded'));
  assert.deepEqual(
    uploaded,
    ['a', 'b', 'c', 'd'].map((name) => `dep_${name} uploaded`),
  );
  assert.match(made.runner.log(1), /claimed bat_a/);
});

test('nothing to build ends well; a refused claim does not', async () => {
  const made = setting();
  let code = 'claim.nothing_to_build';
  made.intercept = () => Response.json({ code }, { status: 409 });
  await made.trigger();
  await made.settle();
  code = 'account.unknown';
  await made.trigger();
  await made.settle();
  const ends = made.runner.builds().map(({ outcome }) => outcome);
  assert.deepEqual(ends, ['success', 'failure']);
});

test('builds of an account wait for each other, also over a restart', async () => {
  const made = setting();
  made.next = 'a';
  await made.trigger();
  await made.trigger();
  for (let moment = 0; moment < 40; moment += 1) {
    made.restart();
    made.clock.advance(Math.max(0, (made.runner.nextDue_ms() ?? 0) - made.clock.now()));
    await made.runner.advance();
  }
  const [first, second] = made.runner.builds();
  assert.deepEqual([first?.outcome, second?.outcome], ['success', 'success']);
  assert.ok(Number(second?.started_ms) >= Number(first?.ended_ms));
  assert.equal(made.deployments.length, 2);
});

test('a build that takes longer than 20 minutes is ended where it stands', async () => {
  const made = setting({ timings: { build_ms: 600_000 } });
  made.next = 'a+b+c';
  await made.trigger();
  await made.settle();
  assert.equal(made.runner.builds()[0]?.outcome, 'failure');
  assert.deepEqual(outcomes(made), ['dep_a building', 'dep_a uploaded', 'dep_b building']);
});

test('ten builds of a Worker in a minute; an unknown hook is no address', async () => {
  const made = setting();
  for (let count = 0; count < 10; count += 1) assert.equal((await made.trigger()).status, 200);
  assert.equal((await made.trigger()).status, 429);
  made.clock.advance(60_000);
  assert.equal((await made.trigger()).status, 200);
  const unknown = await made.trigger('hook-2');
  assert.deepEqual([unknown.status, unknown.code], [404, 7003]);
});

test('a configuration file, and what the control API tells and changes', async () => {
  const cloudflare = { accounts: [{ id: 'acct', tokens: ['cf'] }] };
  const github = { tokens: ['t'], repositories: {}, environments: {}, runner: 'modelled' };
  const text = JSON.stringify({ cloudflare, github, workersBuilds: { hooks: [PLAN] } });
  const world = createWorld(virtualClock(), memoryStore(), readJson(text, worldConfig));
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return world.fetch(new Request(`http://sim.test${path}`, { method, ...init }));
  };
  const hook = '/cloudflare/client/v4/workers/builds/deploy_hooks';
  assert.equal((await send('POST', `${hook}/${HOOK.id}`)).status, 200);
  const builds = (await (await send('GET', '/_sim/builds')).json()) as { worker: string }[];
  assert.deepEqual(
    builds.map((build) => build.worker),
    [HOOK.worker],
  );
  const budgets = (await (await send('GET', '/_sim/budgets')).json()) as object;
  assert.deepEqual(Object.keys(budgets), ['cloudflare', 'github', 'jobs']);
  assert.equal((await send('POST', '/_sim/github', { duplicates: 1 })).status, 200);
  assert.equal((await send('POST', '/_sim/github', { other: 1 })).status, 400);
  assert.equal((await send('POST', '/_sim/overwrite', { project: 'nobody' })).status, 400);
  await world.close();
});
