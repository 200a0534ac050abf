// The real wrangler against the simulated Cloudflare, over a socket.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../../simulator/base/clock.ts';
import { type Served, serve } from '../../../simulator/base/serve.ts';
import type { CallRecord } from '../../../simulator/cloudflare/index.ts';
import { ACCOUNT, call, createTestWorld, projectPath, visit } from './support.ts';
import { runWrangler } from './wrangler_run.ts';

const world = createTestWorld({ clock: systemClock, limits: { deploy_ms: 0 } });
const site = mkdtempSync(join(tmpdir(), 'site-'));
const manifest = '{"deployment":"dep_1"}';
let server: Served;
let baseUrl: string;

before(async () => {
  server = await serve(world.cloudflare.fetch);
  baseUrl = `${server.url}/client/v4`;
  mkdirSync(join(site, '.well-known'));
  mkdirSync(join(site, 'assets'));
  writeFileSync(join(site, 'index.html'), '<h1>hi</h1>\n');
  writeFileSync(join(site, '_headers'), '/assets/*\n  x-kind: asset\n');
  writeFileSync(join(site, '.well-known/slipway.json'), manifest);
  for (let i = 0; i < 498; i += 1) {
    writeFileSync(join(site, 'assets', `file-${i}.js`), `export const n = ${i};\n`);
  }
});

after(async () => {
  await server.close();
  rmSync(site, { recursive: true });
});

// Paths below the account, with the project's deployments by their place, and repeats as one.
function sequence(records: CallRecord[]): string[] {
  const steps = records.map(({ method, path }) =>
    `${method} ${path}`
      .replace(`/accounts/${ACCOUNT}/pages/projects`, '')
      .replace(/\/deployments\/[0-9a-f-]{36}/, '/deployments/ID'),
  );
  return steps.filter(
    (step, index) => step !== 'POST /pages/assets/upload' || step !== steps[index - 1],
  );
}

// The order that wrangler was recorded to use against the real API's form.
const recorded = [
  'GET /demo',
  'GET /demo',
  'GET /demo/upload-token',
  'GET /demo/upload-token',
  'POST /pages/assets/check-missing',
  'POST /pages/assets/upload',
  'POST /pages/assets/upsert-hashes',
  'POST /demo/deployments',
  'GET /demo/deployments/ID',
];

const deployArgs = [
  ['pages', 'deploy', site, '--project-name', 'demo', '--branch', 'main'],
  ['--commit-message', 'first', '--commit-hash', 'abc'],
].flat();

test('project create makes a Direct Upload project that project list shows', async () => {
  const args = ['pages', 'project', 'create', 'demo', '--production-branch', 'main', '--force'];
  const created = await runWrangler(baseUrl, args);
  assert.equal(created.status, 0, created.output);
  assert.match(created.output, /Successfully created the 'demo' project/);
  const listed = await runWrangler(baseUrl, ['pages', 'project', 'list']);
  assert.equal(listed.status, 0, listed.output);
  assert.match(listed.output, /demo\s.*demo\.pages\.dev\s.*No/);
});

test('project create of a name that exists fails with its code', async () => {
  const args = ['pages', 'project', 'create', 'demo', '--production-branch', 'main', '--force'];
  const again = await runWrangler(baseUrl, args);
  assert.notEqual(again.status, 0);
  assert.match(again.output, /8000002/);
});

test('deploy of 500 files takes the recorded steps and is served', async () => {
  const from = world.cloudflare.log.length;
  const run = await runWrangler(baseUrl, deployArgs);
  assert.equal(run.status, 0, run.output);
  assert.match(run.output, /Uploaded 500 files/);
  assert.deepEqual(sequence(world.cloudflare.log.slice(from)), recorded);

  const record = run.records.find(({ type }) => type === 'pages-deploy');
  const { result } = await call(world, 'GET', projectPath('demo'));
  const canonical = result.canonical_deployment as { id: string; url: string };
  assert.equal(record?.pages_project, 'demo');
  assert.equal(record?.deployment_id, canonical.id);
  assert.equal(record?.url, canonical.url);

  const served = await visit(world, 'demo.pages.dev', '/.well-known/slipway.json');
  assert.equal(await served.text(), manifest);
  const asset = await visit(world, 'demo.pages.dev', '/assets/file-7.js');
  assert.equal(await asset.text(), 'export const n = 7;\n');
  assert.equal(asset.headers.get('x-kind'), 'asset');
});

test('deploy of the same files again uploads nothing', async () => {
  const from = world.cloudflare.log.length;
  const run = await runWrangler(baseUrl, deployArgs);
  assert.equal(run.status, 0, run.output);
  assert.match(run.output, /Uploaded 0 files \(500 already uploaded\)/);
  const steps = sequence(world.cloudflare.log.slice(from));
  assert.deepEqual(
    steps,
    recorded.filter((step) => step !== 'POST /pages/assets/upload'),
  );
  assert.ok(run.records.some(({ type }) => type === 'pages-deploy'));
});

test('deploy repeats after an error, even where the first one had its effect', async () => {
  const operation = 'cloudflare.deployment.create';
  for (const when of ['before', 'after'] as const) {
    const from = world.cloudflare.log.length;
    const { result: before } = await call(world, 'GET', projectPath('demo', 'deployments'));
    world.faults.set([{ operation, nth: 1, fault: { when, answer: 500 } }]);
    const run = await runWrangler(baseUrl, deployArgs);
    assert.equal(run.status, 0, run.output);
    const posts = sequence(world.cloudflare.log.slice(from)).filter(
      (step) => step === 'POST /demo/deployments',
    );
    assert.equal(posts.length, 2);
    const { result: after } = await call(world, 'GET', projectPath('demo', 'deployments'));
    const made = Object.keys(after).length - Object.keys(before).length;
    assert.equal(made, when === 'before' ? 1 : 2);
  }
});

test('deploy into a missing project leaves no pages-deploy record', async () => {
  const args = deployArgs.map((arg) => (arg === 'demo' ? 'nobody' : arg));
  const run = await runWrangler(baseUrl, args);
  assert.notEqual(run.status, 0);
  assert.ok(run.records.every(({ type }) => type !== 'pages-deploy'));
});

test('a non-ASCII commit message is refused with 8000111', async () => {
  const args = deployArgs.map((arg) => (arg === 'first' ? 'h\u00e9llo' : arg));
  const run = await runWrangler(baseUrl, args);
  assert.notEqual(run.status, 0);
  assert.match(run.output, /8000111/);
  assert.ok(run.records.every(({ type }) => type !== 'pages-deploy'));
});
