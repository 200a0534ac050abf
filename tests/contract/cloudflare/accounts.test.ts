// Several accounts: their own tokens, limits, brakes and blocks, all kept over a restart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedWith, sdkWorld } from './sdk_world.ts';
import { ACCOUNT, createTestWorld, TOKEN } from './support.ts';

const project = (account_id: string, name: string) => ({
  account_id,
  name,
  production_branch: 'main',
});

test('each token sees its own accounts, and one token may see several', async (t) => {
  const accounts = [
    { id: 'first', tokens: ['one', 'both'] },
    { id: 'second', tokens: ['two', 'both'] },
  ];
  const { clientOf } = await sdkWorld(t, { accounts });
  const seen = async (token: string): Promise<string[]> => {
    const { result } = await clientOf(token).accounts.list();
    return result.map(({ id }) => id);
  };
  assert.deepEqual(await seen('one'), ['first']);
  assert.deepEqual(await seen('both'), ['first', 'second']);
  const [one, both] = [clientOf('one').pages.projects, clientOf('both').pages.projects];
  await refusedWith(one.create(project('second', 'acme')), 403, 10000);
  await one.create(project('first', 'acme'));
  const second = await both.create(project('second', 'acme'));
  assert.match(second.subdomain ?? '', /^acme-[a-z0-9]{3}\.pages\.dev$/, 'the first has the name');
  const again = await refusedWith(both.create(project('second', 'acme')), 409, 8000002);
  assert.equal(again, 'A project with this name already exists. Choose a different project name.');
});

test('an account is full at 100 projects, or at its own limit', async (t) => {
  const accounts = [
    { id: 'usual', tokens: [TOKEN] },
    { id: 'small', tokens: [TOKEN], projectLimit: 10 },
  ];
  const { client } = await sdkWorld(t, { accounts });
  const fill = async (account: string, count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      await client.pages.projects.create(project(account, `${account}-${i}`));
    }
  };
  await fill('usual', 100);
  await fill('small', 10);
  for (const account of ['usual', 'small']) {
    const more = client.pages.projects.create(project(account, 'more'));
    const message = await refusedWith(more, 400, 8000027);
    assert.equal(message, 'You have reached the limit of projects you can have on your account.');
  }
  await client.pages.projects.delete('small-3', { account_id: 'small' });
  await client.pages.projects.create(project('small', 'more'));
});

test('a young account is braked, deleting gives nothing back, and it ends by itself', async (t) => {
  const hour_ms = 3_600_000;
  const opened_ms = Date.UTC(2026, 0, 1) - 40 * hour_ms;
  const accounts = [
    { id: 'young', tokens: [TOKEN], created_ms: opened_ms },
    { id: 'old', tokens: [TOKEN] },
  ];
  const limits = { young_creations: 2, young_window_ms: hour_ms };
  const { client, clock, store } = await sdkWorld(t, { accounts, limits });
  const create = (account: string, name: string): PromiseLike<unknown> =>
    client.pages.projects.create(project(account, name));
  await create('young', 'a');
  await create('young', 'b');
  await refusedWith(create('young', 'c'), 400, 8000027);
  await client.pages.projects.delete('b', { account_id: 'young' });
  await refusedWith(create('young', 'c'), 400, 8000027);
  for (const name of ['d', 'e', 'f']) await create('old', name);
  assert.deepEqual((store.get<number[]>('cloudflare/creations/young') ?? []).length, 2);
  clock.advance(hour_ms);
  await create('young', 'c');
  clock.advance(8 * hour_ms);
  for (const name of ['g', 'h', 'i']) await create('young', name);
});

test('blocked accounts, blocked subdomains and a Worker of the name refuse', async (t) => {
  const accounts = [{ id: ACCOUNT, tokens: [TOKEN], workerNames: ['api'] }];
  const { client, cloudflare } = await sdkWorld(t, { accounts, takenSubdomains: ['elsewhere'] });
  const { projects } = client.pages;
  const create = (name: string): PromiseLike<unknown> => projects.create(project(ACCOUNT, name));
  const made = await projects.create(project(ACCOUNT, 'elsewhere'));
  assert.match(made.subdomain ?? '', /^elsewhere-[a-z0-9]{3}\.pages\.dev$/);
  await refusedWith(create('api'), 500, 8000000);
  cloudflare.configure(ACCOUNT, { emailUnverified: true });
  await refusedWith(create('acme'), 403, 8000077);
  cloudflare.configure(ACCOUNT, { emailUnverified: false, subdomainsBlocked: true });
  await refusedWith(create('acme'), 400, 8000030);
  cloudflare.configure(ACCOUNT, { blocked: true });
  await refusedWith(create('acme'), 403, 8000036);
  await refusedWith(projects.delete('elsewhere', { account_id: ACCOUNT }), 403, 8000036);
  assert.equal((await projects.get('elsewhere', { account_id: ACCOUNT })).name, 'elsewhere');
});

test('an id that no account can have is not routed; one that nobody has is refused', async (t) => {
  const { client } = await sdkWorld(t, { accounts: [{ id: ACCOUNT, tokens: [TOKEN] }] });
  const { projects } = client.pages;
  await refusedWith(projects.create(project('none', 'acme')), 404, 7003);
  await refusedWith(projects.create(project('f'.repeat(32), 'acme')), 403, 10000);
});

test('what was changed about an account outlives the process', async (t) => {
  const accounts = [{ id: ACCOUNT, tokens: [TOKEN] }];
  const { cloudflare, store } = createTestWorld({ accounts });
  cloudflare.configure(ACCOUNT, { blocked: true });
  cloudflare.configure(ACCOUNT, { tokens: [TOKEN, 'second'] });
  const { clientOf } = await sdkWorld(t, { accounts, store });
  const { projects } = clientOf('second').pages;
  await refusedWith(projects.create(project(ACCOUNT, 'acme')), 403, 8000036);
  assert.throws(() => cloudflare.configure('nobody', {}), RangeError);
});
