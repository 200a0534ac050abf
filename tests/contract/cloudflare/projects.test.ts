// Changing and deleting projects, their deployments and their custom domains, by the official
// client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedWith, type SdkWorld, sdkWorld } from './sdk_world.ts';
import { ACCOUNT, deploy, visit } from './support.ts';

const account = { account_id: ACCOUNT };
const at = { ...account, project_name: 'acme' };
const minimal = { ...account, name: 'acme', production_branch: 'main' };

async function page(world: SdkWorld, host: string): Promise<string> {
  const response = await visit(world, host, '/');
  return `${response.status} ${await response.text()}`;
}

test('a new name keeps the subdomain, the site, the domains and the rest', async (t) => {
  const world = await sdkWorld(t, { limits: { deploy_ms: 0 } });
  const { projects } = world.client.pages;
  await projects.create(minimal);
  await projects.create({ ...minimal, name: 'taken' });
  await deploy(world, 'acme', { '/index.html': 'one' });
  await projects.domains.create('acme', { ...account, name: 'www.acme.example' });
  world.clock.advance(1_000);
  await refusedWith(projects.edit('acme', { ...account, name: 'taken' }), 409, 8000002);
  await refusedWith(projects.edit('acme', { ...account, name: 'A' }), 400, 8000003);
  const renamed = await projects.edit('acme', { ...account, name: 'acme-old' });
  assert.deepEqual([renamed.name, renamed.subdomain], ['acme-old', 'acme.pages.dev']);
  await refusedWith(projects.get('acme', account), 404, 8000007);
  assert.equal(await page(world, 'acme.pages.dev'), '200 one');
  assert.equal(await page(world, 'www.acme.example'), '200 one');
  const successor = await projects.create(minimal);
  assert.match(successor.subdomain ?? '', /^acme-[a-z0-9]{3}\.pages\.dev$/);
});

test('variables merge by name and environment, and reach the next deployment', async (t) => {
  const world = await sdkWorld(t);
  const { projects } = world.client.pages;
  const plain = (value: string) => ({ type: 'plain_text' as const, value });
  const deployment_configs = {
    production: { env_vars: { A: plain('1'), B: plain('2') }, compatibility_date: '2026-01-01' },
    preview: { env_vars: { A: plain('9') } },
  };
  await projects.create({ ...minimal, deployment_configs });
  const env_vars = { B: null, C: { type: 'secret_text' as const, value: 'hidden' }, D: plain('4') };
  await projects.edit('acme', { ...account, deployment_configs: { production: { env_vars } } });
  const { production, preview } = (await projects.get('acme', account)).deployment_configs;
  const expected = { A: plain('1'), C: { type: 'secret_text', value: '' }, D: plain('4') };
  assert.deepEqual(production.env_vars, expected);
  assert.equal(production.compatibility_date, '2026-01-01');
  assert.deepEqual(preview.env_vars, { A: plain('9') });
  await deploy(world, 'acme', { '/index.html': 'one' });
  await projects.edit('acme', { ...account, production_branch: 'live' });
  const made = (await projects.get('acme', account)).latest_deployment;
  assert.deepEqual([made?.environment, made?.env_vars], ['production', expected]);
  assert.equal((await deploy(world, 'acme', { '/index.html': '2' })).environment, 'preview');
});

test('a project goes after its domains and all but 100 of its deployments', async (t) => {
  const world = await sdkWorld(t, { limits: { deploy_ms: 0, deletable_deployments: 2 } });
  const { projects } = world.client.pages;
  await projects.create(minimal);
  await projects.domains.create('acme', { ...account, name: 'www.acme.example' });
  for (const branch of ['main', 'main', 'a', 'a']) {
    await deploy(world, 'acme', { '/index.html': branch }, branch);
    world.clock.advance(1);
  }
  const message = await refusedWith(projects.delete('acme', account), 400, 8000028);
  assert.equal(message, 'Must delete custom domains before deleting project');
  await projects.domains.delete('www.acme.example', at);
  await refusedWith(projects.delete('acme', account), 400, 8000076);
  const list = async (env: 'production' | 'preview') =>
    (await projects.deployments.list('acme', { ...account, env })).result.map(({ id }) => id);
  const [live = '', old = ''] = await list('production');
  const [aliased = ''] = await list('preview');
  await refusedWith(projects.deployments.delete(live, at), 400, 8000034);
  await refusedWith(projects.deployments.delete(aliased, at), 400, 8000035);
  await projects.deployments.rollback(old, at);
  await projects.deployments.delete(live, at);
  await projects.deployments.delete(aliased, { ...at, force: true } as typeof at);
  assert.equal(await page(world, 'acme.pages.dev'), '200 main');
  await projects.delete('acme', account);
});

test('lists of deployments come in pages of at most 25', async (t) => {
  const world = await sdkWorld(t);
  const { projects } = world.client.pages;
  await projects.create(minimal);
  for (let i = 0; i < 27; i += 1) await deploy(world, 'acme', { '/index.html': 'x' }, `b${i}`);
  const ids = new Set<string>();
  for await (const { id } of projects.deployments.list('acme', account)) ids.add(id);
  assert.equal(ids.size, 27);
  const first = await projects.deployments.list('acme', { ...account, per_page: 25 });
  assert.equal(first.result[0]?.deployment_trigger.metadata.branch, 'b26', 'newest first');
  const most = projects.deployments.list('acme', { ...account, per_page: 26 });
  await refusedWith(most, 400, 8000024);
});

test('a list of projects leaves out the production script', async (t) => {
  const { client } = await sdkWorld(t);
  await client.pages.projects.create(minimal);
  const { result } = await client.pages.projects.list(account);
  assert.equal('production_script_name' in (result[0] ?? {}), false);
  const read = await client.pages.projects.get('acme', account);
  assert.match(read.production_script_name, /production$/);
});

test('a custom domain passes its states, and PATCH asks again', async (t) => {
  const limits = { domain_initializing_ms: 10, domain_ms: 90, domains: 2 };
  const world = await sdkWorld(t, { limits });
  const { domains } = world.client.pages.projects;
  await world.client.pages.projects.create(minimal);
  const name = 'www.acme.example';
  const status = async (): Promise<string> => (await domains.get(name, at)).status;
  const added = await domains.create('acme', { ...account, name });
  assert.deepEqual([added.status, added.verification_data.status], ['initializing', 'pending']);
  world.clock.advance(10);
  assert.equal(await status(), 'pending');
  world.cloudflare.domain(name, { outcome: 'error' });
  world.clock.advance(90);
  assert.equal(await status(), 'error');
  world.cloudflare.domain(name, {});
  assert.equal(await status(), 'error', 'until it is asked again');
  assert.equal((await domains.edit(name, at)).status, 'initializing');
  world.clock.advance(100);
  assert.equal((await domains.edit(name, at)).status, 'active', 'nothing is left to do');
  world.cloudflare.domain(name, { outcome: 'blocked' });
  const blocked = await domains.get(name, at);
  assert.deepEqual([blocked.status, blocked.validation_data.status], ['blocked', 'error']);
  await refusedWith(domains.create('acme', { ...account, name: '*.acme.example' }), 400, 10001);
  await refusedWith(domains.create('acme', { ...account, name }), 400, 8000018);
  await domains.create('acme', { ...account, name: 'acme.example' });
  await refusedWith(domains.create('acme', { ...account, name: 'x.acme.example' }), 400, 10001);
  const { result } = await domains.list('acme', account);
  assert.deepEqual(
    result.map((domain) => domain.name),
    [name, 'acme.example'],
  );
  await refusedWith(domains.get('nobody.example', at), 404, 8000021);
});

test('a domain moves when its record does', async (t) => {
  const world = await sdkWorld(t, { limits: { deploy_ms: 0 } });
  const { projects } = world.client.pages;
  const name = 'www.acme.example';
  for (const project of ['acme', 'next']) {
    await projects.create({ ...minimal, name: project });
    await deploy(world, project, { '/index.html': project });
  }
  world.cloudflare.domain(name, { cname: 'acme.pages.dev' });
  await projects.domains.create('acme', { ...account, name });
  world.clock.advance(1_000);
  assert.equal(await page(world, name), '200 acme');
  await refusedWith(projects.domains.create('next', { ...account, name }), 400, 8000018);
  await projects.domains.delete(name, at);
  await projects.domains.create('next', { ...account, name });
  world.clock.advance(1_000);
  const next = { ...account, project_name: 'next' };
  const waiting = await projects.domains.get(name, next);
  assert.equal(waiting.status, 'pending');
  assert.equal(waiting.verification_data.error_message, 'CNAME record not set');
  assert.match(await page(world, name), /^404 /);
  world.cloudflare.domain(name, { cname: 'next.pages.dev' });
  assert.equal((await projects.domains.get(name, next)).status, 'active');
  assert.equal(await page(world, name), '200 next');
});
