// How uploaded sites are served.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assetHash } from '../../../simulator/cloudflare/assets.ts';
import {
  call,
  createProject,
  createTestWorld,
  deploy,
  deploymentForm,
  projectPath,
  upload,
  visit,
} from './support.ts';

const world = createTestWorld({ limits: { deploy_ms: 0 } });

before(async () => {
  await createProject(world, 'acme');
  const files = {
    '/index.html': 'home',
    '/about.html': 'about',
    '/docs/index.html': 'docs',
    '/assets/app.js': 'code',
    '/.well-known/slipway.json': '{}',
  };
  const rules = {
    _headers: '/assets/*\n  X-Kind: asset\n  ! ETag\n',
    _redirects: '/old/* /docs/:splat 301\n/in /about 200\n',
  };
  const form = deploymentForm(await upload(world, 'acme', files), 'main', rules);
  await call(world, 'POST', projectPath('acme', 'deployments'), form);
});

const get = (path: string, headers = {}): Promise<Response> =>
  visit(world, 'acme.pages.dev', path, headers);

test('files, clean paths and content types', async () => {
  const pages: [string, string, string][] = [
    ['/', 'home', 'text/html; charset=utf-8'],
    ['/about', 'about', 'text/html; charset=utf-8'],
    ['/docs/', 'docs', 'text/html; charset=utf-8'],
    ['/assets/app.js', 'code', 'application/javascript'],
    ['/.well-known/slipway.json', '{}', 'application/json'],
    ['/in', 'about', 'text/html; charset=utf-8'],
  ];
  for (const [path, text, type] of pages) {
    const response = await get(path);
    assert.deepEqual(
      [response.status, await response.text(), response.headers.get('content-type')],
      [200, text, type],
      path,
    );
  }
});

test('other forms of a path are redirected to the clean one', async () => {
  const moves: [string, number, string][] = [
    ['/index.html', 308, '/'],
    ['/about.html', 308, '/about'],
    ['/about/', 308, '/about'],
    ['/docs', 308, '/docs/'],
    ['/old/a/b', 301, '/docs/a/b'],
  ];
  for (const [path, status, target] of moves) {
    const response = await get(path);
    assert.equal(response.status, status, path);
    assert.equal(response.headers.get('location'), `/sites/acme.pages.dev${target}`);
  }
});

test('an unknown path gets the single page, or the nearest 404 page', async () => {
  const fallback = await get('/nowhere/at/all');
  assert.deepEqual([fallback.status, await fallback.text()], [200, 'home']);
  await createProject(world, 'strict');
  const files = { '/index.html': 'home', '/404.html': 'none', '/docs/404.html': 'no docs' };
  await deploy(world, 'strict', files);
  const missing = await visit(world, 'strict.pages.dev', '/docs/a');
  assert.deepEqual([missing.status, await missing.text()], [404, 'no docs']);
  const top = await visit(world, 'strict.pages.dev', '/a/b');
  assert.deepEqual([top.status, await top.text()], [404, 'none']);
});

test('an ETag answers 304, and header rules apply', async () => {
  const first = await get('/about');
  const etag = first.headers.get('etag') ?? '';
  assert.equal(etag, `"${assetHash('/about.html', Buffer.from('about'))}"`);
  assert.equal((await get('/about', { 'if-none-match': `W/${etag}` })).status, 304);
  assert.equal((await get('/about', { 'if-none-match': '"other"' })).status, 200);
  const asset = await get('/assets/app.js');
  assert.equal(asset.headers.get('x-kind'), 'asset');
  assert.equal(asset.headers.get('etag'), null);
});

test('hosts: people, aliases of branches, and names that nobody has', async () => {
  const people = await world.cloudflare.site(new Request('http://acme.pages.localhost:8080/about'));
  assert.equal(await people.text(), 'about');
  const moved = await world.cloudflare.site(new Request('http://acme.pages.localhost/about.html'));
  assert.equal(moved.headers.get('location'), '/about');
  await deploy(world, 'acme', { '/index.html': 'tried' }, 'Try/It');
  assert.equal(await (await visit(world, 'try-it.acme.pages.dev', '/')).text(), 'tried');
  assert.equal((await visit(world, 'nobody.pages.dev', '/')).status, 404);
  assert.equal((await visit(world, 'nobody.acme.pages.dev', '/')).status, 404);
  assert.equal((await visit(world, 'acme.example.com', '/')).status, 404);
});

test('hashes are those that wrangler was recorded to send', () => {
  const vectors: [string, string, string][] = [
    ['index.html', '<h1>hi</h1>\n', '17453d0cfb9bacc76d9f30d3cb9ca048'],
    ['a.css', 'body{}\n', 'aa42bba514e8ddfea838ec1a715ca332'],
    ['a.txt', 'body{}\n', '0f2d6e93da6300f0ee96574b2697af8b'],
    ['sub.d/noext', 'x\n', 'c3a161830e0e40801d0cc710e02f91cc'],
  ];
  for (const [path, text, hash] of vectors) assert.equal(assetHash(path, Buffer.from(text)), hash);
});
