// The steps after the claim, over a whole job: what is built, uploaded, reported, and with what.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configOf, problem, type Result } from './fake_api.ts';
import { dispatched, KEY, nno, TOKEN } from './fake_runner.ts';
import { finalOf, inWorld, serving, statuses } from './world.ts';

test('a good deployment is built, uploaded and reported with its proofs', async () => {
  await inWorld(serving({ acme: 'fine' }), async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 0, 0], ended.at(-1)?.output);
    const manifest = '{"deployment":"dep_acme"}';
    assert.deepEqual(api.results(), [
      { deploymentId: 'dep_acme', outcome: 'building' },
      { deploymentId: 'dep_acme', outcome: 'building' },
      {
        deploymentId: 'dep_acme',
        outcome: 'uploaded',
        configEtag: '"3-ab12"',
        pagesDeploymentId: 'f64788e9-1',
        url: 'https://f6.acme-dev-portal.pages.dev',
        manifestDigest: createHash('sha256').update(manifest).digest('hex'),
      },
    ]);
    const [fetched] = api.to('/api/v1/platforms/');
    assert.equal(fetched?.path, '/api/v1/platforms/acme/config?env=dev&version=3');
    assert.equal(fetched?.authorization, `Bearer ${KEY}`);
    const [reported] = api.to('/api/v1/batches/');
    assert.equal(reported?.path, '/api/v1/batches/bat_1/reports');
    assert.equal((reported?.body as { runId: string } | undefined)?.runId, '29803635501');
  });
});

test('wrangler runs in an empty folder, on the branch, with only its own secrets', async () => {
  await inWorld(serving({ acme: 'fine' }), async ({ api, runner }) => {
    await runner.job(api.url);
    const [seen, ...more] = runner.seen('wrangler');
    assert.equal(more.length, 0);
    assert.ok(seen !== undefined);
    assert.deepEqual(seen.listing, []);
    assert.deepEqual(seen.args.slice(0, 2), ['pages', 'deploy']);
    assert.deepEqual(seen.args.slice(3), [
      ...['--project-name', 'acme-dev-portal', '--branch', 'main'],
      ...['--commit-message', 'Slipway dep_acme configuration 3'],
    ]);
    assert.equal(seen.env.CLOUDFLARE_API_TOKEN, TOKEN);
    assert.equal(seen.env.CLOUDFLARE_ACCOUNT_ID, 'account-1');
    assert.equal(seen.env.WRANGLER_SEND_METRICS, 'false');
    assert.ok(!('CLOUDFLARE_API_BASE_URL' in seen.env));
    for (const name of ['REPL_ID', 'NNO_INTERNAL_API_KEY', 'GITHUB_OUTPUT', 'CF_API_TOKEN']) {
      assert.ok(!(name in seen.env), name);
    }
    assert.ok(!JSON.stringify(seen).includes(KEY));
  });
});

test('the build sees its variables and neither secrets nor the runner', async () => {
  await inWorld(serving({ acme: 'fine' }), async ({ api, runner }) => {
    await runner.job(api.url);
    const [install, build] = runner.seen('pnpm');
    assert.deepEqual(install?.args, ['install', '--frozen-lockfile', '--prefer-offline']);
    assert.deepEqual(build?.args, ['build']);
    const variables = Object.entries(build?.env ?? {}).filter(([name]) =>
      name.startsWith('SLIPWAY_'),
    );
    assert.deepEqual(Object.fromEntries(variables), {
      SLIPWAY_DEPLOYMENT: 'dep_acme',
      SLIPWAY_PLATFORM: 'acme',
      SLIPWAY_ENVIRONMENT: 'dev',
      SLIPWAY_CONFIG_VERSION: '3',
      SLIPWAY_SHELL_SHA: '',
    });
    for (const seen of [install, build]) {
      const names = Object.keys(seen?.env ?? {});
      const inherited = names.filter((name) =>
        /^(NNO|CF|CLOUDFLARE|GITHUB|RUNNER|ACTIONS)_/.test(name),
      );
      assert.deepEqual(inherited, []);
    }
  });
});

test('one failing deployment does not stop the others', async () => {
  const notes = { first: 'FAIL', second: 'fine', 'silent-one': 'fine', last: 'fine' };
  await inWorld(serving(notes), async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 0, 0]);
    const first = finalOf(api, 'first');
    assert.equal(first.reason, 'build_failed');
    assert.ok(Buffer.byteLength(first.logTail ?? '') <= 4096);
    assert.ok(first.logTail?.endsWith('xx type error\npnpm ended with status 1'));
    assert.equal(finalOf(api, 'second').outcome, 'uploaded');
    assert.equal(finalOf(api, 'last').outcome, 'uploaded');
  });
});

test('exit status 0 without a record is a failure, its log without secrets', async () => {
  const notes = { 'silent-one': 'fine', 'wrong-two': 'fine', 'refused-three': 'fine' };
  await inWorld(serving(notes), async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 1, 1]);
    for (const name of Object.keys(notes)) {
      const status = name.startsWith('refused') ? 1 : 0;
      const result = finalOf(api, name);
      assert.equal(result.outcome, 'failed');
      assert.equal(result.reason, 'deploy_failed');
      const said = `wrangler ended with status ${status} and recorded no deployment`;
      assert.equal(result.logTail, `token *** for ${name}-dev-portal\n${said}`);
    }
    assert.ok(!JSON.stringify(api.calls.map((call) => call.body)).includes(TOKEN));
  });
});

test('server code, links and the manifest of another deployment are never uploaded', async () => {
  const notes = { one: 'WORKER', two: 'FUNCTIONS', three: 'LINK', four: 'STALE' };
  await inWorld(serving(notes), async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.equal(ended.at(-1)?.status, 1);
    assert.match(finalOf(api, 'one').logTail ?? '', /_worker\.js: server code is refused$/);
    assert.match(finalOf(api, 'two').logTail ?? '', /functions: server code is refused$/);
    assert.match(finalOf(api, 'three').logTail ?? '', /host\.txt, which is neither/);
    assert.match(finalOf(api, 'four').logTail ?? '', /is not of deployment dep_four$/);
    assert.equal(runner.seen('wrangler').length, 0);
  });
});

test('a configuration that cannot be had fails its own deployment only', async () => {
  const notes = { gone: 'fine', other: 'fine', shape: 'fine', stale: 'fine' };
  const answer = serving(notes, (call) => {
    if (call.path.includes('/gone/')) return problem(404, 'platform.unknown');
    const headers = { etag: '"3-ab12"' };
    if (call.path.includes('/shape/')) return { status: 200, body: { envConfig: '' }, headers };
    if (!call.path.includes('/stale/')) return undefined;
    return { status: 200, body: configOf('stale'), headers: { etag: '"2-ab12"' } };
  });
  await inWorld(answer, async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.equal(ended.at(-1)?.status, 0);
    for (const name of ['gone', 'shape', 'stale']) {
      assert.equal(finalOf(api, name).reason, 'config_unavailable');
    }
    assert.equal(finalOf(api, 'other').outcome, 'uploaded');
    assert.equal(api.to('/api/v1/platforms/gone/').length, 1);
  });
});

test('a failed installation fails every deployment with its log', async () => {
  await inWorld(serving({ one: 'fine', two: 'fine' }), async ({ api, runner }) => {
    writeFileSync(join(runner.starter, 'broken-lockfile'), '');
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 1, 1]);
    for (const name of ['one', 'two']) {
      const { reason, logTail } = finalOf(api, name);
      assert.deepEqual([reason, logTail], ['install_failed', 'pnpm ended with status 1']);
    }
  });
});

test('a cancelled run reports what it left open as cancelled', async () => {
  await inWorld(serving({ one: 'fine', two: 'fine' }), async ({ api, runner }) => {
    await runner.step('claim.js', { ...nno(api.url), ...dispatched() });
    const last = { JOB_STATUS: 'cancelled', CLAIM_OUTCOME: 'success', FETCH_OUTCOME: 'cancelled' };
    const ended = await runner.step('report.js', { ...nno(api.url), ...last });
    assert.equal(ended.status, 1);
    assert.deepEqual(
      api.results().map(({ deploymentId, reason }) => [deploymentId, reason]),
      [
        ['dep_one', 'cancelled'],
        ['dep_two', 'cancelled'],
      ],
    );
  });
});

test('the first step that did not succeed names the reason of what is open', async () => {
  const cases: [Record<string, string>, string][] = [
    [{ STARTER_OUTCOME: 'failure', FETCH_OUTCOME: 'skipped' }, 'install_failed'],
    [{ STARTER_OUTCOME: 'success', FETCH_OUTCOME: 'failure' }, 'config_unavailable'],
    [{ FETCH_OUTCOME: 'success', WRANGLER_OUTCOME: 'failure' }, 'install_failed'],
    [{ INSTALL_OUTCOME: 'success', BUILD_OUTCOME: 'failure' }, 'build_failed'],
    [{ BUILD_OUTCOME: 'success', DEPLOY_OUTCOME: 'failure' }, 'deploy_failed'],
  ];
  for (const [outcomes, reason] of cases) {
    await inWorld(serving({ one: 'fine' }), async ({ api, runner }) => {
      await runner.step('claim.js', { ...nno(api.url), ...dispatched() });
      const env = { JOB_STATUS: 'failure', CLAIM_OUTCOME: 'success', ...outcomes };
      await runner.step('report.js', { ...nno(api.url), ...env });
      assert.equal(finalOf(api, 'one').reason, reason);
    });
  }
});

test('a report that was not delivered is delivered by a later step, once', async () => {
  let refusals = 0;
  const answer = serving({ one: 'FAIL', two: 'fine' }, (call) => {
    const uploaded = JSON.stringify(call.body ?? '').includes('"uploaded"');
    if (!uploaded || refusals >= 5) return undefined;
    refusals += 1;
    return problem(503, 'busy');
  });
  await inWorld(answer, async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 0, 0, 0, 0, 0]);
    const uploads = api.results().filter((result) => result.outcome === 'uploaded');
    assert.equal(uploads.length, 6);
    assert.equal(finalOf(api, 'one').reason, 'build_failed');
  });
});

test('a run that lost its batch stops and reports nothing more', async () => {
  const fenced = problem(409, 'report.fenced');
  const answer = serving({ one: 'fine' }, (call) =>
    call.path.endsWith('/reports') ? fenced : undefined,
  );
  await inWorld(answer, async ({ api, runner }) => {
    const ended = await runner.job(api.url);
    assert.deepEqual(statuses(ended), [0, 1, 0]);
    assert.equal(api.to('/api/v1/batches/').length, 1);
    assert.equal(runner.seen('pnpm').length, 0);
  });
});

test('reports come in calls of at most 50 results', async () => {
  const names = Array.from({ length: 120 }, (_, i) => `site-${i}`);
  const notes = Object.fromEntries(names.map((name) => [name, 'fine']));
  await inWorld(serving(notes), async ({ api, runner }) => {
    await runner.step('claim.js', { ...nno(api.url), ...dispatched() });
    await runner.step('fetch-configs.js', nno(api.url));
    const sizes = api
      .to('/api/v1/batches/')
      .map((call) => (call.body as { results: Result[] }).results.length);
    assert.deepEqual(sizes, [50, 50, 20]);
    assert.equal(new Set(api.results().map((result) => result.deploymentId)).size, 120);
  });
});
