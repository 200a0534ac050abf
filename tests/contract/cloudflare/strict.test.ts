// What the simulated Cloudflare refuses, and with which code.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ACCOUNT,
  call,
  createProject,
  createTestWorld,
  deploy,
  deploymentForm,
  projectPath,
  TOKEN,
  upload,
  uploadToken,
} from './support.ts';

const minimal = { name: 'acme', production_branch: 'main' };

test('unknown, missing and mistyped fields are refused with a pointer', async () => {
  const world = createTestWorld();
  const refused: [string, object, string][] = [
    ['unknown', { ...minimal, colour: 'red' }, '/colour'],
    ['missing', { name: 'acme' }, '/production_branch'],
    ['mistyped', { ...minimal, name: 7 }, '/name'],
    ['nested', { ...minimal, build_config: { build_cmd: 'x' } }, '/build_config/build_cmd'],
    [
      'variable',
      {
        ...minimal,
        deployment_configs: { production: { env_vars: { 'A/B': { type: 'text', value: '' } } } },
      },
      '/deployment_configs/production/env_vars/A~1B/type',
    ],
    [
      'source',
      { ...minimal, source: { type: 'github', config: { owner: 'a' } } },
      '/source/config/repo_name',
    ],
  ];
  for (const [what, body, pointer] of refused) {
    const answer = await call(world, 'POST', projectPath(), body);
    assert.deepEqual([answer.status, answer.code, answer.pointer], [400, 10001, pointer], what);
  }
  assert.equal((await call(world, 'GET', projectPath('acme'))).code, 8000007);
});

test('bodies that are not JSON, and unknown query parameters, are refused', async () => {
  const world = createTestWorld();
  const send = (body: string, type: string): Promise<Response> =>
    world.cloudflare.fetch(
      new Request(`http://127.0.0.1/client/v4${projectPath()}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': type },
        body,
      }),
    );
  assert.equal((await send('{', 'application/json')).status, 400);
  assert.equal((await send('name=acme', 'application/x-www-form-urlencoded')).status, 415);
  assert.equal((await call(world, 'GET', `${projectPath()}?color=red`)).code, 10001);
  assert.equal((await call(world, 'GET', `${projectPath()}?page=1&page=2`)).code, 10001);
});

test('page sizes above the caps are refused, pages are cut at them', async () => {
  const world = createTestWorld();
  for (let i = 0; i < 12; i += 1) await createProject(world, `acme-${i}`);
  assert.equal((await call(world, 'GET', `${projectPath()}?per_page=11`)).code, 8000024);
  assert.equal((await call(world, 'GET', `${projectPath()}?page=0`)).code, 8000024);
  const second = await call(world, 'GET', `${projectPath()}?per_page=10&page=2`);
  assert.deepEqual(second.resultInfo, {
    page: 2,
    per_page: 10,
    count: 2,
    total_count: 12,
    total_pages: 2,
  });
  const deployments = projectPath('acme-0', 'deployments');
  assert.equal((await call(world, 'GET', `${deployments}?per_page=26`)).code, 8000024);
  assert.equal((await call(world, 'GET', `${deployments}?per_page=25`)).status, 200);
  assert.equal((await call(world, 'GET', `${deployments}?env=staging`)).code, 8000024);
});

test('tokens open their own accounts and nothing else', async () => {
  const world = createTestWorld({
    accounts: [
      { id: ACCOUNT, tokens: [TOKEN] },
      { id: 'other', tokens: ['other-token'] },
    ],
  });
  const unknown = await call(world, 'GET', projectPath(), undefined, 'nonsense');
  assert.deepEqual([unknown.status, unknown.code], [403, 9109]);
  const foreign = await call(world, 'GET', projectPath(), undefined, 'other-token');
  assert.deepEqual([foreign.status, foreign.code], [403, 10000]);
  const verified = await call(world, 'GET', '/user/tokens/verify');
  assert.equal(verified.result.status, 'active');
  const lost = await call(world, 'GET', '/nowhere');
  assert.deepEqual([lost.status, lost.code], [404, 7003]);
});

test('project names follow the rule, and exist once', async () => {
  const world = createTestWorld();
  for (const name of ['', '-a', 'a-', 'A', 'a_b', 'a'.repeat(59)]) {
    assert.equal((await createProject(world, name)).code, 8000003, name);
  }
  assert.equal((await createProject(world, 'a'.repeat(58))).status, 200);
  assert.equal((await createProject(world, 'a')).status, 200);
  assert.equal((await createProject(world, 'a')).code, 8000002);
});

test('preview and production must agree about fail_open', async () => {
  const world = createTestWorld();
  const deployment_configs = { preview: { fail_open: false }, production: { fail_open: true } };
  const body = { ...minimal, deployment_configs };
  assert.equal((await call(world, 'POST', projectPath(), body)).code, 8000066);
});

test('a name that someone else has gets a suffix of three characters', async () => {
  const world = createTestWorld({ takenSubdomains: ['acme'] });
  const { result } = await createProject(world, 'acme');
  assert.equal(result.name, 'acme');
  assert.match(String(result.subdomain), /^acme-[a-z0-9]{3}\.pages\.dev$/);
});

test('full, blocked and unconnected accounts refuse', async () => {
  const world = createTestWorld({
    accounts: [{ id: ACCOUNT, tokens: [TOKEN], projectLimit: 1, githubConnected: false }],
  });
  const source = { type: 'github', config: { owner: 'acme', repo_name: 'site' } };
  const git = { ...minimal, source };
  assert.equal((await call(world, 'POST', projectPath(), git)).code, 8000011);
  assert.equal((await createProject(world, 'acme')).status, 200);
  assert.equal((await createProject(world, 'more')).code, 8000027);
  const patched = await call(world, 'PATCH', projectPath('acme'), { source });
  assert.equal(patched.code, 8000069);
  world.cloudflare.configure(ACCOUNT, { blocked: true });
  assert.equal((await createProject(world, 'more')).code, 8000036);
});

test('an upload token ends with its time and fits only its own project', async () => {
  const world = createTestWorld();
  await createProject(world, 'acme');
  const jwt = await uploadToken(world, 'acme');
  const check = { hashes: [] };
  const ask = async (token: string): Promise<number | undefined> =>
    (await call(world, 'POST', '/pages/assets/check-missing', check, token)).code;
  assert.equal(await ask(jwt), undefined);
  assert.equal(await ask(`${jwt}x`), 8000013);
  assert.equal(await ask(TOKEN), 8000013);
  world.clock.advance(3_600_000 - 1);
  assert.equal(await ask(jwt), undefined);
  world.clock.advance(1);
  assert.equal(await ask(jwt), 8000013);
  const fresh = await uploadToken(world, 'acme');
  await call(world, 'DELETE', projectPath('acme'));
  await createProject(world, 'acme');
  assert.equal(await ask(fresh), 8000013, 'the project is another one');
});

test('a deployment needs its manifest, known parts, uploaded files and right hashes', async () => {
  const world = createTestWorld();
  await createProject(world, 'acme');
  await createProject(world, 'other');
  const manifest = await upload(world, 'acme', { '/index.html': 'hello' });
  const path = projectPath('acme', 'deployments');
  const post = async (form: FormData, to = path): Promise<number | undefined> =>
    (await call(world, 'POST', to, form)).code;

  const without = deploymentForm(manifest, 'main');
  without.delete('manifest');
  assert.equal(await post(without), 8000096);
  assert.equal(await post(deploymentForm(manifest, 'main', { colour: 'red' })), 10001);
  assert.equal(await post(deploymentForm(manifest, 'main', { commit_message: '\u00e9' })), 8000111);
  const absent = await call(world, 'POST', path, deploymentForm({ '/a': 'f'.repeat(32) }, 'main'));
  assert.match(absent.message ?? '', /never uploaded/);
  const twice = deploymentForm(manifest, 'main');
  twice.append('branch', 'other');
  assert.equal(await post(twice), 10001);
  const hash = manifest['/index.html'] ?? '';
  const wrong = await call(world, 'POST', path, deploymentForm({ '/index.css': hash }, 'main'));
  assert.match(wrong.message ?? '', /another hash/, 'the extension belongs to the hash');
  assert.equal(await post(deploymentForm({ '/../index.html': hash }, 'main')), 10001);
  assert.equal(
    await post(deploymentForm(manifest, 'main'), projectPath('other', 'deployments')),
    10001,
  );
  assert.equal(await post(deploymentForm(manifest, 'main')), undefined);
});

test('uploads refuse what is not a file', async () => {
  const world = createTestWorld({ limits: { file_bytes: 4 } });
  await createProject(world, 'acme');
  const jwt = await uploadToken(world, 'acme');
  const file = {
    key: 'a'.repeat(32),
    value: 'AAAA',
    metadata: { contentType: 'text/plain' },
    base64: true,
  };
  const pointers: [object, string][] = [
    [{ ...file, value: '***' }, '/0/value'],
    [{ ...file, value: 'AAAAAAAA' }, '/0/value'],
    [{ ...file, base64: false }, '/0/base64'],
    [{ ...file, key: 'short' }, '/0/key'],
    [{ ...file, extra: 1 }, '/0/extra'],
  ];
  for (const [body, pointer] of pointers) {
    const answer = await call(world, 'POST', '/pages/assets/upload', [body], jwt);
    assert.equal(answer.pointer, pointer);
  }
});

test('a file of 25 MiB is taken', async () => {
  const world = createTestWorld();
  await createProject(world, 'acme');
  const manifest = await upload(world, 'acme', { '/large.bin': 'x'.repeat(25 * 1024 * 1024) });
  const jwt = await uploadToken(world, 'acme');
  const check = { hashes: Object.values(manifest) };
  const missing = await call(world, 'POST', '/pages/assets/check-missing', check, jwt);
  assert.deepEqual(missing.result, []);
});

test('a project with more than 100 deployments is not deleted', async () => {
  const world = createTestWorld();
  await createProject(world, 'acme');
  const manifest = await upload(world, 'acme', { '/index.html': 'hello' });
  const path = projectPath('acme', 'deployments');
  for (let i = 0; i < 101; i += 1) await call(world, 'POST', path, deploymentForm(manifest, 'try'));
  assert.equal((await call(world, 'DELETE', projectPath('acme'))).code, 8000076);
  const { result } = await call(world, 'GET', path);
  const first = (result as unknown as { id: string }[]).at(-1)?.id ?? '';
  assert.equal((await call(world, 'DELETE', `${path}/${first}`)).status, 200);
  assert.equal((await call(world, 'DELETE', `${path}/${first}`)).code, 8000009);
  assert.equal((await call(world, 'DELETE', projectPath('acme'))).status, 200);
});

test('the active production deployment stays, an aliased one goes only by force', async () => {
  const world = createTestWorld({ limits: { deploy_ms: 0 } });
  await createProject(world, 'acme');
  const path = projectPath('acme', 'deployments');
  const live = await deploy(world, 'acme', { '/index.html': 'hello' });
  const preview = await deploy(world, 'acme', { '/index.html': 'hello' }, 'try');
  assert.equal((await call(world, 'DELETE', `${path}/${live.id}`)).code, 8000034);
  assert.equal((await call(world, 'DELETE', `${path}/${preview.id}`)).code, 8000035);
  assert.equal((await call(world, 'DELETE', `${path}/${preview.id}?force=true`)).status, 200);
});

test('one call too many blocks the user for a whole window', async () => {
  const world = createTestWorld({
    accounts: [
      { id: ACCOUNT, tokens: [TOKEN, 'second-token'] },
      { id: 'other', tokens: ['other-token'] },
    ],
    limits: { rate_calls: 3 },
  });
  const ask = (token: string): ReturnType<typeof call> =>
    call(world, 'GET', '/user/tokens/verify', undefined, token);
  assert.equal((await ask(TOKEN)).headers.get('x-ratelimit-remaining'), '2');
  await ask('second-token');
  await ask(TOKEN);
  const blocked = await ask('second-token');
  assert.deepEqual([blocked.status, blocked.headers.get('retry-after')], [429, '300']);
  assert.equal((await ask('other-token')).status, 200, 'another user is not concerned');
  world.clock.advance(299_999);
  assert.equal((await ask(TOKEN)).status, 429);
  world.clock.advance(1);
  assert.equal((await ask(TOKEN)).status, 200);
});
