// How deployments move with the clock, and what goes wrong on request.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionLost } from '../../../simulator/base/contract.ts';
import {
  call,
  createProject,
  createTestWorld,
  deploy,
  projectPath,
  type Result,
  type TestWorld,
  visit,
} from './support.ts';

async function stageOf(world: TestWorld, id: unknown): Promise<string> {
  const { result } = await call(world, 'GET', projectPath('acme', 'deployments', String(id)));
  const { name, status } = result.latest_stage as { name: string; status: string };
  return `${name}/${status}`;
}

async function canonical(world: TestWorld): Promise<unknown> {
  const { result } = await call(world, 'GET', projectPath('acme'));
  return (result.canonical_deployment as Result | null)?.id;
}

async function page(world: TestWorld, host = 'acme.pages.dev'): Promise<string> {
  const response = await visit(world, host, '/');
  return `${response.status} ${await response.text()}`;
}

test('a Direct Upload is deployed after deploy_ms and served after propagation_ms', async () => {
  const world = createTestWorld({ limits: { deploy_ms: 2_000, propagation_ms: 500 } });
  await createProject(world, 'acme');
  const one = await deploy(world, 'acme', { '/index.html': 'one' });
  const stages = one.stages as { name: string; status: string }[];
  assert.deepEqual(
    stages.map(({ status }) => status),
    ['success', 'success', 'success', 'success', 'active'],
  );
  assert.equal(await canonical(world), undefined);
  assert.match(await page(world), /^404 /);

  world.clock.advance(2_000);
  assert.equal(await stageOf(world, one.id), 'deploy/success');
  assert.equal(await canonical(world), one.id);
  assert.match(await page(world), /^404 /);
  world.clock.advance(500);
  assert.equal(await page(world), '200 one');

  const two = await deploy(world, 'acme', { '/index.html': 'two' });
  assert.equal(await page(world), '200 one');
  world.clock.advance(2_500);
  assert.equal(await page(world), '200 two');
  assert.equal(await page(world, `${one.short_id}.acme.pages.dev`), '200 one');

  const path = projectPath('acme', 'deployments', String(one.id), 'rollback');
  assert.equal((await call(world, 'POST', path)).status, 200);
  assert.equal(await canonical(world), one.id);
  world.clock.advance(500);
  assert.equal(await page(world), '200 one');
  assert.equal((await call(world, 'POST', path)).code, 10001, 'it is active already');
  assert.notEqual(await canonical(world), two.id);
});

test('a git project builds a branch through all stages', async () => {
  const world = createTestWorld({
    limits: { queued_ms: 1, initialize_ms: 10, clone_repo_ms: 100, build_ms: 1_000, deploy_ms: 1 },
  });
  const source = { type: 'github', config: { owner: 'acme', repo_name: 'site' } };
  const body = { name: 'acme', production_branch: 'main', source };
  const project = await call(world, 'POST', projectPath(), body);
  const config = (project.result.source as { config: Result }).config;
  assert.equal(config.preview_deployment_setting, 'all');
  assert.equal((await call(world, 'GET', projectPath('acme', 'upload-token'))).code, 10001);

  const { result } = await call(world, 'POST', projectPath('acme', 'deployments'));
  const seen: string[] = [];
  for (const step of [0, 1, 10, 100, 1_000, 1]) {
    world.clock.advance(step);
    seen.push(await stageOf(world, result.id));
  }
  assert.deepEqual(seen, [
    'queued/active',
    'initialize/active',
    'clone_repo/active',
    'build/active',
    'deploy/active',
    'deploy/success',
  ]);
  assert.match(await page(world), /^200 /);
});

test('a deployment can fail, and its log says where', async () => {
  const world = createTestWorld({ limits: { deploy_ms: 0 } });
  await createProject(world, 'acme');
  world.cloudflare.behave('acme', { outcome: 'failure', times: 1 });
  const failed = await deploy(world, 'acme', { '/index.html': 'one' });
  assert.equal(await stageOf(world, failed.id), 'deploy/failure');
  assert.equal(await canonical(world), undefined);
  const path = projectPath('acme', 'deployments', String(failed.id));
  const logs = await call(world, 'GET', `${path}/history/logs?size=10000000`);
  const data = logs.result.data as { line: string }[];
  assert.equal(data.at(-1)?.line, 'deploy: failure');

  const retried = await call(world, 'POST', `${path}/retry`);
  assert.notEqual(retried.result.id, failed.id);
  assert.equal(await stageOf(world, retried.result.id), 'deploy/success');
  assert.equal(await page(world), '200 one');
});

test('a success may serve 404, old bytes, or a sign-in page', async () => {
  const world = createTestWorld({ limits: { deploy_ms: 0 } });
  await createProject(world, 'acme');
  await deploy(world, 'acme', { '/index.html': 'one' });
  world.clock.advance(1);
  for (const [serves, expected] of [
    ['old', /^200 one$/],
    ['not_found', /^404 /],
    ['access', /^302 /],
  ] as const) {
    world.cloudflare.behave('*', { serves, times: 1 });
    const made = await deploy(world, 'acme', { '/index.html': 'two' });
    assert.equal(await stageOf(world, made.id), 'deploy/success');
    assert.equal(await canonical(world), made.id);
    assert.match(await page(world), expected);
    world.clock.advance(1);
  }
});

test('planned faults lose the answer after the effect, or refuse before it', async () => {
  const world = createTestWorld();
  const operation = 'cloudflare.project.create';
  world.faults.set([
    { operation, nth: 1, fault: { when: 'after', answer: 'timeout' } },
    { operation, nth: 2, fault: { when: 'before', answer: 503, delay_ms: 30_000 } },
  ]);
  await assert.rejects(createProject(world, 'acme'), ConnectionLost);
  const start_ms = world.clock.now();
  const refused = await createProject(world, 'second');
  assert.deepEqual([refused.status, refused.code], [503, 8000000]);
  assert.equal(world.clock.now() - start_ms, 30_000);
  assert.equal((await call(world, 'GET', projectPath('acme'))).status, 200);
  assert.equal((await call(world, 'GET', projectPath('second'))).status, 404);
  assert.deepEqual(
    world.cloudflare.log.map(({ status, faulty }) => [status, faulty]),
    [
      [0, true],
      [503, true],
      [200, false],
      [404, false],
    ],
  );
});
