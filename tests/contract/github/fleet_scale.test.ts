// A thousand deployments over 20 runs of 9 shards, against the whole simulated Cloudflare and a
// Slipway that paces them: what they cost of each budget.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { virtualClock } from '../../../simulator/base/clock.ts';
import type { Clock, Fetch } from '../../../simulator/base/contract.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { SlidingWindow } from '../../../simulator/base/window.ts';
import { type Cloudflare, createCloudflare } from '../../../simulator/cloudflare/index.ts';
import { createGithub, type Github } from '../../../simulator/github/index.ts';
import { type ModelledRunner, modelledRunner } from '../../../simulator/runner/modelled.ts';
import { CONFIG, SECRETS } from './outside.ts';
import { dispatch, TOKEN, temporary, writeFiles } from './world.ts';

const BUILD = `run-name: "\${{ inputs.dispatchKey }}"
on:
  workflow_dispatch:
    inputs: { dispatchKey: { type: string }, env: { type: string }, shards: { type: string } }
jobs: { build: { runs-on: ubuntu-24.04, steps: [{ run: echo }] } }
`;
const RUNS = 20;
const SHARDS = 9;
const DEPLOYMENTS = 1_000;
/** So many deployments may begin in any five minutes: 900 calls of 1,200. */
const PACE = 150;
const WINDOW_ms = 300_000;

/** A Slipway that deals all platforms out to the shards, and grants turns by the pace. */
function slipway(clock: Clock, uploaded: string[]): Fetch {
  const begun = new SlidingWindow(WINDOW_ms);
  const shardOf = (place: number): string[] =>
    Array.from({ length: DEPLOYMENTS }, (_, i) => i)
      .filter((i) => i % (RUNS * SHARDS) === place)
      .map((i) => `p${i}`);
  const turn = (): unknown => {
    const now_ms = clock.now();
    const free_ms = begun.freeAt(PACE, now_ms) - now_ms;
    if (free_ms > 0) return { turn: 'wait', waitMs: Math.min(60_000, free_ms), reason: 'budget' };
    begun.add(now_ms);
    return { turn: 'granted' };
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/turns')) return Response.json(turn());
    if (pathname.endsWith('/reports')) {
      const { results } = (await request.json()) as { results: Record<string, string>[] };
      for (const { outcome, deploymentId = '' } of results) {
        if (outcome === 'uploaded') uploaded.push(deploymentId);
      }
      return Response.json({ accepted: results.length });
    }
    if (pathname !== '/api/v1/claims') {
      return Response.json(CONFIG, { headers: { etag: '"3-abc"' } });
    }
    const { dispatchKey, shard } = (await request.json()) as Record<string, string>;
    const names = shardOf(Number(dispatchKey) * SHARDS + Number(shard));
    const common = { environment: 'dev', branch: 'main', configVersion: 3, shellSha: '' };
    const deployments = names.map((name) => ({
      deploymentId: `dep_${name}`,
      platformId: name,
      projectName: `${name}-dev-portal`,
      ...common,
    }));
    return Response.json({ batchId: `bat_${dispatchKey}`, deployments, shard, shards: SHARDS });
  };
}

interface Setting {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly cloudflare: Cloudflare;
  readonly github: Github;
  readonly runner: ModelledRunner;
  readonly uploaded: string[];
}

function setting(context: TestContext): Setting {
  const directory = temporary(context);
  writeFiles(directory, { '.github/workflows/build.yml': BUILD });
  const clock = virtualClock();
  const store = memoryStore();
  const uploaded: string[] = [];
  const account = { id: 'acct', tokens: ['cf'], user: 'ops', projectLimit: DEPLOYMENTS };
  const cloudflare = createCloudflare({ clock, store, accounts: [account] });
  for (let i = 0; i < DEPLOYMENTS; i += 1) {
    const body = { name: `p${i}-dev-portal`, production_branch: 'main' };
    cloudflare.plant('acct', { body });
  }
  const runner = modelledRunner({
    clock,
    store,
    seed: 7,
    slipway: slipway(clock, uploaded),
    cloudflare: cloudflare.fetch,
    cloudflareUrl: 'http://cloudflare.test/client/v4',
    environments: { 'main-dev': SECRETS },
  });
  const repositories = { 'acme/builder': { directory } };
  const github = createGithub({ clock, store, runner, tokens: [TOKEN], repositories });
  return { clock, cloudflare, github, runner, uploaded };
}

test('a thousand deployments over 180 shards keep every budget', async (context) => {
  const { clock, cloudflare, github, runner, uploaded } = setting(context);
  const begun = performance.now();
  const shards = JSON.stringify([...Array(SHARDS).keys()]);
  for (let run = 0; run < RUNS; run += 1) {
    const inputs = { dispatchKey: String(run), env: 'dev', shards };
    assert.equal((await github.fetch(dispatch(inputs))).status, 200);
  }
  for (;;) {
    const due_ms = runner.nextDue_ms();
    if (due_ms === undefined) break;
    clock.advance(Math.max(0, due_ms - clock.now()));
    await runner.advance();
  }
  assert.equal(new Set(uploaded).size, DEPLOYMENTS);
  const [spent] = cloudflare.budgets();
  const [asked] = github.budgets();
  const cost = runner.cost();
  context.diagnostic(JSON.stringify({ spent, asked, cost }));
  context.diagnostic(`${Math.round(performance.now() - begun)} ms`);
  assert.equal(spent?.calls, 6 * DEPLOYMENTS);
  assert.equal(spent?.refused, 0);
  assert.ok(Number(spent?.peak_in_window) <= 1_200);
  assert.equal(asked?.dispatches, RUNS);
  assert.equal(cost.jobs, RUNS * SHARDS);
});
