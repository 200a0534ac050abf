// The builder on any machine: the batches that wait, their shards one after the other, the same
// steps, secrets only where they belong, and an end in good order.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Answer,
  batch,
  type Call,
  configOf,
  deployment,
  type FakeApi,
  problem,
} from './fake_api.ts';
import { CLOUDFLARE, type Ended, KEY, type Local, nno, TOKEN } from './fake_runner.ts';
import { type Answering, finalOf, inWorld, type World } from './world.ts';

const BATCH_TOKEN = `slb_${'aB3_-'.repeat(8)}xyz`;
const NOTHING = problem(409, 'claim.nothing_to_build');

interface Claim {
  readonly account?: string;
  readonly env?: string;
  readonly batchId?: string;
  readonly shard?: number;
  readonly runId: string;
}

/** Answers claims with these batches, each a list of shards of platforms; then nothing waits. */
function waitingBatches(batches: string[][][], notes: Record<string, string> = {}): Answering {
  let next = 0;
  return (call) => {
    const platform = /platforms\/([^/]+)\/config/.exec(call.path)?.[1];
    if (platform !== undefined) {
      const body = configOf(platform, notes[platform]);
      return { status: 200, body, headers: { etag: '"3-ab12"' } };
    }
    if (!call.path.endsWith('/claims')) return undefined;
    const { batchId, shard = 0 } = call.body as Claim;
    if (batchId === undefined) next += 1;
    const shards = batches[next - 1];
    const names = shards?.[shard];
    if (shards === undefined || names === undefined) return NOTHING;
    const deployments = names.map((name) => deployment(name));
    const place = { batchId: `bat_${next}`, shard, shards: shards.length, token: BATCH_TOKEN };
    return batch(deployments, place);
  };
}

function start({ api, runner }: World, args: string[], env: Record<string, string> = {}): Local {
  const variables = { ...nno(api.url), ...CLOUDFLARE, ...env };
  return runner.local(['--account', 'main', ...args], variables);
}

function claimsOf(api: FakeApi): Claim[] {
  return api.to('/api/v1/claims').map((call) => call.body as Claim);
}

function assertClean({ output }: Ended): void {
  for (const secret of [KEY, TOKEN, BATCH_TOKEN]) assert.ok(!output.includes(secret), output);
}

test('one batch: its shards one after the other, by the same run', async () => {
  const answer = waitingBatches([[['one', 'two'], [], ['three']], [['never']]]);
  await inWorld(answer, async (world) => {
    const { api, runner } = world;
    const ended = await start(world, ['--once']).ended;
    assert.equal(ended.status, 0, ended.output);
    for (const name of ['one', 'two', 'three']) {
      assert.equal(finalOf(api, name).outcome, 'uploaded');
    }
    const [first, ...further] = claimsOf(api);
    assert.match(first?.runId ?? '', /^[1-9][0-9]{19}$/);
    const { runId } = first ?? {};
    assert.deepEqual(first, { account: 'main', runId, runAttempt: 1 });
    assert.deepEqual(further, [
      { batchId: 'bat_1', shard: 1, runId, runAttempt: 1 },
      { batchId: 'bat_1', shard: 2, runId, runAttempt: 1 },
    ]);
    assert.deepEqual(api.turns(), ['dep_one', 'dep_two', 'dep_three']);
    const installs = runner.seen('pnpm').filter(({ args, cwd }) => {
      return args[0] === 'install' && cwd.endsWith('starter');
    });
    assert.equal(installs.length, 2);
    assert.match(ended.errors, /^batch bat_1 of main-dev: shard 3 of 3$/m);
    assert.match(ended.errors, /^batch bat_1: 3 uploaded, 0 failed, 0 dropped$/m);
    assertClean(ended);
  });
});

test("each step sees only what it may see, and the starter's folder stays as it is", async () => {
  await inWorld(waitingBatches([[['one']]]), async (world) => {
    const { api, runner } = world;
    mkdirSync(join(runner.starter, 'node_modules'));
    writeFileSync(join(runner.starter, 'node_modules', 'left'), '');
    const ended = await start(world, ['--once', '--env', 'dev']).ended;
    assert.equal(ended.status, 0, ended.output);
    assert.equal(claimsOf(api)[0]?.env, 'dev');
    for (const seen of runner.seen('pnpm')) {
      const text = JSON.stringify(seen);
      for (const secret of [KEY, TOKEN, BATCH_TOKEN]) assert.ok(!text.includes(secret));
      assert.ok(!seen.listing.includes('node_modules'));
      // The claim's outputs, with the token, are gone.
      assert.ok(!seen.beside.includes('output'), String(seen.beside));
    }
    const [deployed] = runner.seen('wrangler');
    assert.equal(deployed?.env.CLOUDFLARE_API_TOKEN, TOKEN);
    const bearers = new Set(api.calls.slice(1).map((call) => call.authorization));
    assert.deepEqual([...bearers], [`Bearer ${BATCH_TOKEN}`]);
    assert.deepEqual(readdirSync(join(runner.starter, 'src', 'config')), []);
    const left = readdirSync(join(runner.folder, 'temp'));
    assert.deepEqual(left, []);
  });
});

test('the starter comes from a repository at the commit that the batch names', async () => {
  const git = (folder: string, ...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim();
  let sha = '';
  const answer: Answering = (call) =>
    call.path.endsWith('/claims') ? batch([deployment('one', { shellSha: sha })]) : undefined;
  await inWorld(answer, async (world) => {
    const { api, runner } = world;
    const { starter } = runner;
    writeFileSync(join(starter, 'src', 'config', 'env.config.ts'), 'first');
    git(starter, 'init', '--quiet');
    git(starter, 'add', '.');
    git(starter, 'commit', '--quiet', '-m', 'first');
    sha = git(starter, 'rev-parse', 'HEAD');
    writeFileSync(join(starter, 'broken-lockfile'), '');
    git(starter, 'add', '.');
    git(starter, 'commit', '--quiet', '-m', 'second');
    const env = { STARTER_DIR: '', STARTER_REPOSITORY: starter };
    const ended = await start(world, ['--once'], env).ended;
    assert.equal(ended.status, 0, ended.output);
    const build = runner.seen('pnpm').at(-1);
    assert.equal(build?.env.SLIPWAY_SHELL_SHA, sha);
    sha = 'a'.repeat(40);
    const unknown = await start(world, ['--once'], env).ended;
    assert.equal(unknown.status, 1, unknown.output);
    assert.equal(api.results().at(-1)?.reason, 'install_failed');
  });
});

test('the exit code: 0 when nothing waits or some went well, 1 when all failed', async () => {
  const notes = { bad: 'FAIL', worse: 'FAIL' };
  await inWorld(waitingBatches([], notes), async (world) => {
    const ended = await start(world, ['--once']).ended;
    assert.equal(ended.status, 0, ended.output);
    assert.match(ended.output, /notice: No batch waits/);
  });
  await inWorld(waitingBatches([[['bad'], ['good']]], notes), async (world) => {
    assert.equal((await start(world, ['--once']).ended).status, 0);
  });
  await inWorld(waitingBatches([[['bad'], ['worse']]], notes), async (world) => {
    const ended = await start(world, ['--once']).ended;
    assert.equal(ended.status, 1, ended.output);
    assert.match(ended.errors, /^batch bat_1: 0 uploaded, 2 failed, 0 dropped$/m);
  });
  const refusing = (): Answer => problem(401, 'auth.missing');
  await inWorld(refusing, async (world) => {
    const ended = await start(world, []).ended;
    assert.equal(ended.status, 1);
    assert.match(ended.output, /error: The claim failed.*401 auth\.missing/);
  });
});

test('with --wait it waits for its one batch', async () => {
  const later = waitingBatches([[['one']]]);
  const answer: Answering = (call, calls) => {
    const early = calls.filter(({ path }) => path.endsWith('/claims')).length < 4;
    return early ? NOTHING : later(call, calls);
  };
  await inWorld(answer, async (world) => {
    const ended = await start(world, ['--once', '--wait']).ended;
    assert.equal(ended.status, 0, ended.output);
    assert.equal(finalOf(world.api, 'one').outcome, 'uploaded');
    assert.equal(ended.errors.match(/waiting for a batch of main/g)?.length, 1);
  });
});

/** Resolves at the first call that `wanted` wants; the call is answered as ever. */
function seenCall(wanted: (call: Call) => boolean): { seen: Promise<void>; watch: Answering } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watch = (call: Call): undefined => {
    if (wanted(call)) resolve();
  };
  return { seen: promise, watch };
}

test('it serves batch after batch, each as another run, until it is stopped', async () => {
  const batches = waitingBatches([[['one']], [['two']]]);
  let claims = 0;
  const { seen, watch } = seenCall((call) => call.path.endsWith('/claims') && ++claims > 3);
  await inWorld(
    (call, calls) => watch(call, calls) ?? batches(call, calls),
    async (world) => {
      const local = start(world, []);
      await seen;
      local.kill('SIGINT');
      const ended = await local.ended;
      assert.equal(ended.status, 130, ended.output);
      for (const name of ['one', 'two']) assert.equal(finalOf(world.api, name).outcome, 'uploaded');
      const ids = claimsOf(world.api).map((claim) => claim.runId);
      assert.equal(new Set(ids).size, 3);
    },
  );
});

test('a stopped batch is reported as cancelled, the shards that were not begun, too', async () => {
  const waiting: Answer = { status: 200, body: { turn: 'wait', waitMs: 60_000 } };
  const batches = waitingBatches([[['one', 'two'], ['three']]]);
  const { seen, watch } = seenCall((call) => call.path.endsWith('/turns'));
  const answer: Answering = (call, calls) => {
    watch(call, calls);
    return call.path.endsWith('/turns') ? waiting : batches(call, calls);
  };
  await inWorld(answer, async (world) => {
    const local = start(world, ['--once']);
    await seen;
    local.kill('SIGTERM');
    const ended = await local.ended;
    assert.equal(ended.status, 143, ended.output);
    for (const name of ['one', 'two', 'three']) {
      assert.equal(finalOf(world.api, name).reason, 'cancelled');
    }
    assert.equal(world.runner.seen('wrangler').length, 0);
  });
});

test('a batch that is out of time is given back whole', async () => {
  await inWorld(waitingBatches([[['one'], ['two']]]), async (world) => {
    const ended = await start(world, ['--once'], { JOB_DEADLINE_MIN: '0.0001' }).ended;
    assert.equal(ended.status, 1, ended.output);
    for (const name of ['one', 'two']) {
      assert.equal(finalOf(world.api, name).reason, 'cancelled');
    }
    assert.equal(world.runner.seen('pnpm').length, 0);
  });
});

test('a batch that another run has now is left to it', async () => {
  const batches = waitingBatches([[['one'], ['two'], ['three']]]);
  const answer: Answering = (call, calls) => {
    const further = (call.body as Partial<Claim> | undefined)?.shard === 1;
    return further ? problem(409, 'claim.fenced') : batches(call, calls);
  };
  await inWorld(answer, async (world) => {
    const ended = await start(world, ['--once']).ended;
    assert.equal(ended.status, 0, ended.output);
    assert.equal(claimsOf(world.api).length, 2);
    assert.match(ended.errors, /Another run has this batch now/);
  });
});

test('it says what is missing, and what there is', async () => {
  await inWorld(
    () => undefined,
    async ({ api, runner }) => {
      const all = { ...nno(api.url), ...CLOUDFLARE };
      const cases: [string[], Record<string, string>, RegExp][] = [
        [[], {}, /--account is missing; .*NNO_API_URL, NNO_INTERNAL_API_KEY, CF_API_TOKEN/],
        [['--account', 'main'], { ...all, CF_API_TOKEN: '' }, /are missing: CF_API_TOKEN\. See/],
        [['--account', 'main', '--env', 'live'], all, /--env is dev, stg or prod/],
        [['--account', 'main', '--wait'], all, /--wait goes with --once/],
        [['--acount', 'main'], all, /'--acount'/],
        [['--account', 'main'], { ...all, STARTER_DIR: runner.folder }, /is not a starter/],
        [['--account', 'main'], { ...all, PATH: runner.folder }, /pnpm is not on the PATH; git is/],
      ];
      for (const [args, env, message] of cases) {
        const { status, errors } = await runner.local(args, env).ended;
        assert.equal(status, 2, errors);
        assert.match(errors, message);
      }
      const help = await runner.local(['--help'], {}).ended;
      assert.equal(help.status, 0);
      assert.match(help.output, /^usage: npm run builder -- --account NAME/m);
      assert.equal(api.calls.length, 0);
    },
  );
});
