// The official `cloudflare` client against the simulated Cloudflare, over a socket.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Sdk from 'cloudflare';
import { type Served, serve } from '../../../simulator/base/serve.ts';
import { ACCOUNT, createTestWorld, deploy, TOKEN, visit } from './support.ts';

const world = createTestWorld();
let server: Served;
let client: Sdk;

before(async () => {
  server = await serve(world.cloudflare.fetch);
  const baseURL = `${server.url}/client/v4`;
  client = new Sdk({ apiToken: TOKEN, baseURL, maxRetries: 0 });
});

after(() => server.close());

const account = { account_id: ACCOUNT };

test('a project is created with its variables, read, edited and listed', async () => {
  const created = await client.pages.projects.create({
    ...account,
    name: 'acme-dev-portal',
    production_branch: 'main',
    deployment_configs: {
      production: {
        env_vars: {
          SLIPWAY_SITE: { type: 'plain_text', value: 'acme/dev' },
          KEY: { type: 'secret_text', value: 'never shown' },
        },
      },
    },
  });
  assert.equal(created.subdomain, 'acme-dev-portal.pages.dev');
  assert.equal(created.source, undefined);
  assert.equal(created.canonical_deployment, null);

  const read = await client.pages.projects.get('acme-dev-portal', account);
  assert.deepEqual(read.deployment_configs.production.env_vars, {
    SLIPWAY_SITE: { type: 'plain_text', value: 'acme/dev' },
    KEY: { type: 'secret_text', value: '' },
  });
  assert.deepEqual(read.deployment_configs.preview.env_vars, {});

  const edited = await client.pages.projects.edit('acme-dev-portal', {
    ...account,
    deployment_configs: { production: { env_vars: { KEY: null } } },
  });
  assert.deepEqual(Object.keys(edited.deployment_configs.production.env_vars ?? {}), [
    'SLIPWAY_SITE',
  ]);
});

test('listing walks all pages of ten', async () => {
  for (let i = 0; i < 21; i += 1) {
    const name = `page-${i}`;
    await client.pages.projects.create({ ...account, name, production_branch: 'main' });
  }
  const names = new Set<string>();
  for await (const project of client.pages.projects.list(account)) names.add(project.name);
  assert.equal(names.size, 22);
});

test('deployments are listed by environment and read', async () => {
  const made = await deploy(world, 'acme-dev-portal', { '/index.html': 'one' });
  await deploy(world, 'acme-dev-portal', { '/index.html': 'two' }, 'try/It');
  const { projects } = client.pages;
  const production = await projects.deployments.list('acme-dev-portal', {
    ...account,
    env: 'production',
  });
  assert.deepEqual(
    production.result.map(({ id }) => id),
    [made.id],
  );
  const preview = await projects.deployments.list('acme-dev-portal', {
    ...account,
    env: 'preview',
  });
  assert.deepEqual(preview.result[0]?.aliases, ['https://try-it.acme-dev-portal.pages.dev']);
  const read = await projects.deployments.get(String(made.id), {
    ...account,
    project_name: 'acme-dev-portal',
  });
  assert.equal(read.latest_stage.name, 'deploy');
  assert.equal(read.latest_stage.status, 'active');
});

test('the upload token serves the upload endpoints', async () => {
  const token = await client.pages.projects.getUploadToken('acme-dev-portal', account);
  const jwt = String(token.jwt);
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
  assert.equal(claims.max_file_count_allowed, 20_000);
  assert.ok(claims.exp * 1000 > world.clock.now());

  const uploader = new Sdk({ apiToken: jwt, baseURL: client.baseURL, maxRetries: 0 });
  const hash = '17453d0cfb9bacc76d9f30d3cb9ca048';
  const before = await uploader.pages.assets.checkMissing({ hashes: [hash, hash] });
  assert.deepEqual(before.result, [hash]);
  const value = Buffer.from('<h1>hi</h1>\n').toString('base64');
  const metadata = { contentType: 'text/html' };
  await uploader.pages.assets.upload({ body: [{ key: hash, value, metadata, base64: true }] });
  await uploader.pages.assets.upsertHashes({ hashes: [hash] });
  const after = await uploader.pages.assets.checkMissing({ hashes: [hash] });
  assert.deepEqual(after.result, []);

  const made = await client.pages.projects.deployments.create('acme-dev-portal', {
    ...account,
    manifest: JSON.stringify({ '/index.html': hash }),
    branch: 'main',
  });
  assert.equal(made.environment, 'production');
  assert.equal(made.deployment_trigger.type, 'ad_hoc');
});

test('a custom domain belongs to one project, becomes active, serves, and is removed', async () => {
  const { projects } = client.pages;
  const name = 'www.acme.example';
  const added = await projects.domains.create('acme-dev-portal', { ...account, name });
  assert.equal(added.status, 'pending');
  await assert.rejects(projects.domains.create('page-0', { ...account, name }), /8000018/);
  world.clock.advance(10_000);
  const read = await projects.domains.get(name, { ...account, project_name: 'acme-dev-portal' });
  assert.equal(read.status, 'active');
  const project = await projects.get('acme-dev-portal', account);
  assert.deepEqual(project.domains, ['acme-dev-portal.pages.dev', name]);
  assert.equal((await visit(world, name, '/')).status, 200);

  await projects.domains.delete(name, { ...account, project_name: 'acme-dev-portal' });
  assert.equal((await visit(world, name, '/')).status, 404);
  assert.deepEqual((await projects.domains.list('acme-dev-portal', account)).result, []);
});

test('an error carries its code to the client', async () => {
  const missing = client.pages.projects.get('nobody', account);
  await assert.rejects(missing, (error: unknown) => {
    assert.ok(error instanceof Sdk.NotFoundError);
    assert.equal(error.errors[0]?.code, 8000007);
    return true;
  });
});

test('a deleted project is gone and its name is free', async () => {
  await client.pages.projects.delete('page-1', account);
  await assert.rejects(client.pages.projects.get('page-1', account), Sdk.NotFoundError);
  const again = { ...account, name: 'page-1', production_branch: 'main' };
  assert.equal((await client.pages.projects.create(again)).subdomain, 'page-1.pages.dev');
});
