// What a deployment costs of its user's calls, what Cloudflare tells about them, and drift.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ACCOUNT,
  call,
  createProject,
  createTestWorld,
  deploy,
  projectPath,
  TOKEN,
  upload,
  uploadToken,
  visit,
} from './support.ts';

test('calls with an upload token are not counted', async () => {
  const world = createTestWorld({ limits: { rate_calls: 3 } });
  await createProject(world, 'acme');
  const jwt = await uploadToken(world, 'acme');
  for (let i = 0; i < 5; i += 1) {
    const asked = await call(world, 'POST', '/pages/assets/check-missing', { hashes: [] }, jwt);
    assert.equal(asked.status, 200);
    assert.equal(asked.headers.get('x-ratelimit-remaining'), null);
  }
  const [spent] = world.cloudflare.budgets();
  assert.deepEqual([spent?.calls, spent?.refused], [2, 0]);
  await upload(world, 'acme', { '/index.html': 'hello' });
  assert.equal((await call(world, 'GET', projectPath('acme'))).status, 429);
});

test('what each user has spent, and the most in any window', async () => {
  const world = createTestWorld({
    accounts: [
      { id: ACCOUNT, tokens: [TOKEN], user: 'one' },
      { id: 'other', tokens: ['other-token'], user: 'two' },
    ],
    limits: { rate_calls: 4, rate_window_ms: 1_000 },
  });
  const ask = async (times: number, token = TOKEN): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      await call(world, 'GET', '/user/tokens/verify', undefined, token);
    }
  };
  await ask(1, 'other-token');
  await ask(2);
  world.clock.advance(999);
  await ask(1);
  world.clock.advance(1);
  await ask(4);
  assert.deepEqual(world.cloudflare.budgets(), [
    { user: 'one', calls: 6, peak_in_window: 4, refused: 1 },
    { user: 'two', calls: 1, peak_in_window: 1, refused: 0 },
  ]);
});

test('drift: the alias serves other bytes until something else is deployed', async () => {
  const world = createTestWorld({ limits: { deploy_ms: 0 } });
  await createProject(world, 'acme');
  const manifest = '/.well-known/slipway.json';
  const files = { '/index.html': 'hello', [manifest]: '{"deployment":"dep_1"}' };
  const { short_id } = await deploy(world, 'acme', files);
  const read = async (host: string, path: string): Promise<string> =>
    (await visit(world, host, path)).text();
  const tag = (await visit(world, 'acme.pages.dev', '/')).headers.get('etag');
  assert.equal(await read('acme.pages.dev', '/'), 'hello');
  world.cloudflare.overwrite('acme');
  assert.notEqual(await read('acme.pages.dev', '/'), 'hello');
  assert.match(await read('acme.pages.dev', manifest), /dep_of_someone_else/);
  assert.notEqual((await visit(world, 'acme.pages.dev', '/')).headers.get('etag'), tag);
  assert.equal(await read(`${short_id}.acme.pages.dev`, '/'), 'hello', 'its own address');
  await deploy(world, 'acme', files);
  assert.equal(await read('acme.pages.dev', '/'), 'hello');
  assert.throws(() => world.cloudflare.overwrite('nobody'), RangeError);
});
