// What publishing an org may meet at Cloudflare: lost answers, hooks listed or not, a token that
// may not, an account that cannot. All of it can be changed while the world runs.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { virtualClock } from '../../../simulator/base/clock.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { createWorld } from '../../../simulator/world.ts';
import { refusedWith, type SdkWorld, sdkWorld } from './sdk_world.ts';
import { ACCOUNT, call, projectPath, TOKEN } from './support.ts';

const REPOSITORY = 'neutrino-io/ark-site';
const account = { account_id: ACCOUNT };
const config = { owner: 'neutrino-io', repo_name: 'ark-site' };
const source = { type: 'github' as const, config };
const aurora = { ...account, name: 'aurora-ark', production_branch: 'main', source };
const hooks = projectPath('aurora-ark', 'deploy_hooks');
const body = { name: 'slipway', branch: 'main' };

async function arkWorld(t: TestContext): Promise<SdkWorld> {
  const world = await sdkWorld(t);
  world.repositories.plant(REPOSITORY, { files: { 'public/index.html': 'hello' } });
  return world;
}

const trigger = ({ cloudflare }: SdkWorld, hook: string, method = 'POST'): Promise<Response> => {
  const url = `http://127.0.0.1/client/v4/pages/webhooks/deploy_hooks/${hook}`;
  return cloudflare.fetch(new Request(url, { method }));
};

const hookOf = async (world: SdkWorld): Promise<string> =>
  String((await call(world, 'POST', hooks, body)).result.hook_id);

const projectsOf = async ({ client }: SdkWorld): Promise<number> =>
  (await client.pages.projects.list(account)).result.length;

const deploymentsOf = async (world: SdkWorld): Promise<number> =>
  (await world.client.pages.projects.deployments.list('aurora-ark', account)).result.length;

test('a POST without a body builds the head of the production branch', async (t) => {
  const world = await arkWorld(t);
  await world.client.pages.projects.create(aurora);
  assert.equal(await deploymentsOf(world), 0, 'connecting starts nothing by itself');
  const bare = await call(world, 'POST', projectPath('aurora-ark', 'deployments'));
  assert.equal(bare.status, 200);
  const { deployments } = world.client.pages.projects;
  const whole = await deployments.get(String(bare.result.id), {
    ...aurora,
    project_name: 'aurora-ark',
  });
  assert.deepEqual(bare.result, JSON.parse(JSON.stringify(whole)), 'the whole deployment');
  const { sha } = world.repositories.head(REPOSITORY);
  assert.equal(whole.deployment_trigger.metadata.commit_hash, sha);
  assert.deepEqual(
    whole.stages.map(({ name }) => name),
    ['queued', 'initialize', 'clone_repo', 'build', 'deploy'],
  );
  const named = await deployments.create('aurora-ark', { ...account, branch: 'main' });
  assert.equal(named.environment, 'production');
  assert.equal(await deploymentsOf(world), 2);
});

test('an answer is lost before or after its effect, for each call of publishing', async (t) => {
  const world = await arkWorld(t);
  const steps: [string, () => Promise<unknown>, () => Promise<number>][] = [
    [
      'project.create',
      async () => world.client.pages.projects.create(aurora),
      () => projectsOf(world),
    ],
    ['hook.create', () => call(world, 'POST', hooks, body), () => hookCount(world)],
    [
      'deployment.create',
      async () => world.client.pages.projects.deployments.create('aurora-ark', account),
      () => deploymentsOf(world),
    ],
    ['hook.trigger', () => trigger(world, id), () => deploymentsOf(world)],
  ];
  let id = '';
  for (const [operation, act, count] of steps) {
    if (operation === 'hook.trigger') id = await hookOf(world);
    const before = await count();
    for (const when of ['before', 'after'] as const) {
      const fault = { when, answer: 'timeout' as const };
      world.faults.set([{ operation: `cloudflare.${operation}`, nth: 1, fault }]);
      await assert.rejects(act(), `${operation} ${when}`);
      assert.equal(await count(), before + (when === 'after' ? 1 : 0), `${operation} ${when}`);
    }
  }
  world.faults.set([
    { operation: 'cloudflare.hook.trigger', fault: { when: 'after', answer: 500 } },
  ]);
  const before = await deploymentsOf(world);
  assert.equal((await trigger(world, id)).status, 500);
  assert.equal(await deploymentsOf(world), before + 1);
});

async function hookCount(world: SdkWorld): Promise<number> {
  const state = world.cloudflare.state() as { accounts: { projects: { hooks: number }[] }[] };
  return state.accounts[0]?.projects[0]?.hooks ?? 0;
}

test('hooks can be listed and deleted, or not, while the world runs', async (t) => {
  const world = await arkWorld(t);
  await world.client.pages.projects.create(aurora);
  const [first, second] = [await hookOf(world), await hookOf(world)];
  assert.equal((await call(world, 'GET', hooks)).code, 7003);
  world.cloudflare.hooks({ listed: true });
  const listed = await call(world, 'GET', hooks);
  assert.deepEqual(
    (listed.result as unknown as { hook_id: string }[]).map(({ hook_id }) => hook_id).sort(),
    [first, second].sort(),
  );
  assert.equal((await call(world, 'DELETE', `${hooks}/${first}`)).status, 200);
  assert.equal((await trigger(world, first)).status, 404);
  world.cloudflare.hooks({ deletable: false });
  assert.equal((await call(world, 'DELETE', `${hooks}/${second}`)).code, 7003);
  assert.equal((await trigger(world, second, 'GET')).status, 403, 'only POST triggers');
  const calls = JSON.stringify(world.cloudflare.log);
  assert.ok(!calls.includes(first) && !calls.includes(second), 'the addresses are secrets');
  assert.equal((await trigger(world, second)).status, 200);
  const again = await sdkWorld(t, { store: world.store });
  assert.equal((await call(again, 'GET', hooks)).status, 200, 'a restart keeps it');
});

test('every refusal that publishing may meet can be brought about', async (t) => {
  const world = await arkWorld(t);
  const { client, cloudflare } = world;
  const create = () => client.pages.projects.create(aurora);
  const refusals = [
    [{ githubConnected: false }, { githubConnected: true }, 400, 8000011],
    [{ githubRepositories: [] }, { githubRepositories: [REPOSITORY] }, 404, 8000012],
    [{ projectLimit: 0 }, { projectLimit: 10 }, 400, 8000027],
    [{ blocked: true }, { blocked: false }, 403, 8000036],
    [{ permissions: { [TOKEN]: 'none' as const } }, { permissions: {} }, 403, 10000],
    [{ permissions: { [TOKEN]: 'read' as const } }, { permissions: {} }, 403, 10000],
    [{ tokens: ['another'] }, { tokens: [TOKEN] }, 403, 9109],
  ] as const;
  for (const [change, back, status, code] of refusals) {
    cloudflare.configure(ACCOUNT, structuredClone(change) as object);
    await refusedWith(create(), status, code);
    cloudflare.configure(ACCOUNT, structuredClone(back) as object);
  }
  assert.equal((await create()).name, 'aurora-ark');
  await refusedWith(create(), 409, 8000002);
});

test('an impossible name tells whether a token may edit, and makes nothing', async (t) => {
  const world = await arkWorld(t);
  const { cloudflare } = world;
  const probe = { name: '-', production_branch: 'main' };
  const told = async (permissions: Record<string, 'read' | 'none'>): Promise<unknown[]> => {
    cloudflare.configure(ACCOUNT, { permissions });
    const { status, code } = await call(world, 'POST', projectPath(), probe);
    return [status, code];
  };
  assert.deepEqual(await told({}), [400, 8000003]);
  assert.deepEqual(await told({ [TOKEN]: 'read' }), [403, 10000]);
  assert.deepEqual(await told({ [TOKEN]: 'none' }), [403, 10000]);
  cloudflare.configure(ACCOUNT, { permissions: {} });
  assert.equal(await projectsOf(world), 0);
});

test('one of two tokens is revoked, or may only read, and the other goes on', async (t) => {
  const world = await arkWorld(t);
  const { cloudflare, clientOf } = world;
  cloudflare.configure(ACCOUNT, { tokens: ['older', 'newer'] });
  const list = (token: string) => clientOf(token).pages.projects.list(account);
  await list('older');
  await list('newer');
  cloudflare.configure(ACCOUNT, { tokens: ['newer'] });
  await refusedWith(list('older'), 403, 9109);
  cloudflare.configure(ACCOUNT, { tokens: ['older', 'newer'], permissions: { older: 'read' } });
  await list('older');
  await refusedWith(clientOf('older').pages.projects.create(aurora), 403, 10000);
  cloudflare.configure(ACCOUNT, { permissions: { older: 'none' } });
  await refusedWith(list('older'), 403, 10000);
  const about = await clientOf('older').accounts.list();
  assert.equal(about.result.length, 1, 'it may ask about its account');
  await clientOf('newer').pages.projects.create(aurora);
});

test('tokens, permissions and hooks are changed by the control of a running world', async () => {
  const accounts = [{ id: ACCOUNT, tokens: ['older', 'newer'] }];
  const world = createWorld(virtualClock(), memoryStore(), { cloudflare: { accounts } });
  const control = async (name: string, change: object): Promise<number> => {
    const body = JSON.stringify(change);
    const url = `http://127.0.0.1/_sim/${name}`;
    return (await world.fetch(new Request(url, { method: 'POST', body }))).status;
  };
  const list = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const url = `http://127.0.0.1/cloudflare/client/v4${projectPath()}`;
    return (await world.fetch(new Request(url, { headers }))).status;
  };
  assert.deepEqual([await list('older'), await list('newer')], [200, 200]);
  assert.equal(await control('account', { id: ACCOUNT, change: { tokens: ['newer'] } }), 200);
  assert.deepEqual([await list('older'), await list('newer')], [403, 200]);
  const permissions = { newer: 'none' };
  assert.equal(await control('account', { id: ACCOUNT, change: { permissions } }), 200);
  assert.equal(await list('newer'), 403);
  const wrong = { permissions: { newer: 'everything' } };
  assert.equal(await control('account', { id: ACCOUNT, change: wrong }), 400);
  assert.equal(await control('hooks', { listed: true }), 200);
  assert.equal(await control('hooks', { seen: true }), 400);
});
