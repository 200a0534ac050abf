// Repositories and their contents by GitHub's own client: what an importer reads.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Octokit } from '@octokit/rest';
import { serve } from '../../../simulator/base/serve.ts';
import type { Limits } from '../../../simulator/github/limits.ts';
import type { RepositoryBook } from '../../../simulator/github/repositories.ts';
import { fits } from './openapi.ts';
import { idleRunner, TOKEN, type World, world } from './world.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const CONSOLE = { owner: 'neutrino-io', repo: 'acme-platform-console' };
const NAME = 'neutrino-io/acme-platform-console';
const FILES = {
  'src/config/env.config.ts': 'export const envConfig = {};\n',
  'src/config/auth.config.ts': 'caf\u00e9',
  'README.md': '# acme\n',
};

interface Connected extends World {
  octokit: Octokit;
  repositories: RepositoryBook;
}

async function connect(context: TestContext, limits: Limits = {}): Promise<Connected> {
  const made = world(context, { 'README.md': '' }, { runner: idleRunner(), limits });
  const { repositories } = made.github;
  repositories.plant(NAME, { files: FILES });
  const served = await serve(made.github.fetch);
  context.after(() => served.close());
  const auth = { auth: TOKEN, baseUrl: served.url, userAgent: 'contract', log: silent };
  const octokit = new Octokit(auth);
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = '2026-03-10';
  });
  return { ...made, octokit, repositories };
}

test('a file comes as JSON, raw, and as an object', async (context) => {
  const { octokit } = await connect(context);
  const path = 'src/config/auth.config.ts';
  const get = octokit.rest.repos.getContent;
  const { data } = await get({ ...CONSOLE, path });
  assert.ok(!Array.isArray(data) && data.type === 'file' && data.encoding === 'base64');
  assert.equal(Buffer.from(data.content, 'base64').toString(), 'caf\u00e9');
  assert.equal(data.size, 5);
  const raw = await get({ ...CONSOLE, path, mediaType: { format: 'raw' } });
  assert.equal(raw.data, 'caf\u00e9');
  assert.match(raw.headers['content-type'] ?? '', /^application\/vnd\.github\.raw\+json/);
  const object = await get({ ...CONSOLE, path, mediaType: { format: 'object' } });
  assert.deepEqual(object.data, data);
});

test('a directory is a list, or an object with its entries, of at most 1,000', async (context) => {
  const { octokit, repositories } = await connect(context);
  const get = octokit.rest.repos.getContent;
  const { data } = await get({ ...CONSOLE, path: '' });
  assert.ok(Array.isArray(data));
  assert.deepEqual(
    data.map(({ type, name }) => `${type} ${name}`),
    ['file README.md', 'dir src'],
  );
  const object = await get({ ...CONSOLE, path: 'src/config', mediaType: { format: 'object' } });
  const { type, entries } = object.data as { type: string; entries?: { path: string }[] };
  assert.equal(type, 'dir');
  assert.deepEqual(
    entries?.map((entry) => entry.path),
    ['src/config/auth.config.ts', 'src/config/env.config.ts'],
  );
  const many = Array.from({ length: 1_001 }, (_, i) => [`many/${i}`, ''] as const);
  repositories.commit(NAME, { files: Object.fromEntries(many) });
  const cut = await get({ ...CONSOLE, path: 'many' });
  assert.equal((cut.data as unknown[]).length, 1_000);
});

test('a file above 1 MB comes raw only', async (context) => {
  const { octokit, repositories } = await connect(context);
  const text = 'x'.repeat(1_048_577);
  repositories.commit(NAME, { files: { 'large.txt': text, 'fits.txt': text.slice(1) } });
  const get = octokit.rest.repos.getContent;
  const { data } = await get({ ...CONSOLE, path: 'large.txt' });
  assert.ok(!Array.isArray(data) && data.type === 'file');
  assert.deepEqual([data.content, data.encoding, data.size], ['', 'none', 1_048_577]);
  const raw = await get({ ...CONSOLE, path: 'large.txt', mediaType: { format: 'raw' } });
  assert.equal(String(raw.data).length, 1_048_577);
  const inline = await get({ ...CONSOLE, path: 'fits.txt' });
  assert.ok(!Array.isArray(inline.data) && inline.data.type === 'file');
  assert.equal(inline.data.encoding, 'base64');
});

test('a ref is a branch or a commit, and what is not there is 404', async (context) => {
  const { octokit, repositories } = await connect(context);
  const path = 'README.md';
  const before = repositories.head(NAME).sha;
  repositories.commit(NAME, { branch: 'try', files: { [path]: 'tried' } });
  repositories.commit(NAME, { files: { [path]: 'later', 'src/config/env.config.ts': null } });
  const at = async (ref?: string): Promise<unknown> => {
    const format = { mediaType: { format: 'raw' } };
    const named = ref === undefined ? {} : { ref };
    return (await octokit.rest.repos.getContent({ ...CONSOLE, path, ...named, ...format })).data;
  };
  assert.deepEqual(
    [await at(), await at('main'), await at('refs/heads/try'), await at(before)],
    ['later', 'later', 'tried', '# acme\n'],
  );
  await assert.rejects(at('gone'), { status: 404, message: /^No commit found for the ref gone/ });
  const get = (more: object): Promise<unknown> =>
    octokit.rest.repos.getContent({ ...CONSOLE, path, ...more });
  await assert.rejects(get({ path: 'src/config/env.config.ts' }), { status: 404 });
  await assert.rejects(get({ repo: 'other' }), { status: 404, message: /^Not Found/ });
});

test('an unchanged file is 304 and free; else the hour and minute are spent', async (context) => {
  const limits = { points_per_minute: 3, primary_per_hour: 5 };
  const { octokit, repositories, clock } = await connect(context, limits);
  const get = (headers = {}) =>
    octokit.rest.repos.getContent({ ...CONSOLE, path: 'README.md', headers });
  const first = await get();
  assert.equal(first.headers['x-ratelimit-remaining'], '4');
  const held = { 'if-none-match': first.headers.etag ?? '' };
  await assert.rejects(get(held), (error: { status: number; response: { headers: object } }) => {
    assert.equal(error.status, 304);
    assert.equal(Reflect.get(error.response.headers, 'x-ratelimit-remaining'), '4');
    return true;
  });
  repositories.commit(NAME, { files: { 'README.md': 'new' } });
  assert.equal((await get(held)).status, 200);
  await assert.rejects(get(), { status: 403, message: /secondary rate limit/ });
  assert.equal((await octokit.rest.repos.get(CONSOLE)).status, 200, 'another endpoint');
  clock.advance(60_000);
  await get();
  await get();
  await assert.rejects(get(), { status: 403, message: /API rate limit exceeded/ });
});

test("an organisation's repositories come in pages, sorted", async (context) => {
  const { octokit, repositories, clock } = await connect(context);
  for (let i = 0; i < 120; i += 1) {
    clock.advance(1_000);
    repositories.plant(`neutrino-io/site-${i}`, { files: {}, private: i % 2 === 0 });
  }
  const list = octokit.rest.repos.listForOrg;
  const all = await octokit.paginate(list, { org: 'neutrino-io', per_page: 50 });
  assert.equal(all.length, 121);
  assert.equal(all[0]?.name, 'site-119', 'the newest first');
  assert.equal(all.at(-1)?.full_name, NAME);
  for (const row of all.slice(0, 3)) fits('minimal-repository', row);
  const byName = await list({ org: 'neutrino-io', sort: 'full_name', per_page: 3, page: 2 });
  assert.deepEqual(
    byName.data.map(({ name }) => name),
    ['site-10', 'site-100', 'site-101'],
  );
  assert.match(byName.headers.link ?? '', /rel="last"/);
  const open = await list({ org: 'neutrino-io', type: 'public', per_page: 100 });
  assert.equal(open.data.length, 60);
  await assert.rejects(list({ org: 'nobody' }), { status: 404 });
});

test('metadata: default branch, archived, and what an archived one refuses', async (context) => {
  const { octokit, repositories } = await connect(context);
  const workflow =
    'on: { workflow_dispatch: {} }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n';
  const files = { '.github/workflows/build.yml': workflow };
  const planted = { files, default_branch: 'master' };
  repositories.plant('neutrino-io/old', { ...planted, archived: true });
  repositories.plant('neutrino-io/master', planted);
  const old = { owner: 'neutrino-io', repo: 'old' };
  const { data } = await octokit.rest.repos.get(old);
  assert.deepEqual([data.default_branch, data.archived, data.private], ['master', true, true]);
  fits('repository', data);
  const file = await octokit.rest.repos.getContent({ ...old, path: '.github' });
  assert.match((file.data as { html_url: string }[])[0]?.html_url ?? '', /\/tree\/master\//);
  const dispatch = (repo: string, ref: string): Promise<{ status: number }> =>
    octokit.rest.actions.createWorkflowDispatch({
      ...old,
      repo,
      workflow_id: 'build.yml',
      ref,
    });
  await assert.rejects(dispatch('old', 'master'), { status: 403, message: /archived/ });
  await assert.rejects(dispatch('master', 'main'), { status: 422 });
  assert.equal(Number((await dispatch('master', 'master')).status), 200);
  assert.throws(() => repositories.commit('neutrino-io/old', {}), RangeError);
  assert.throws(() => repositories.plant('acme/builder', { files: {} }), /is a directory/);
  await assert.rejects(octokit.rest.repos.get({ ...old, repo: 'none' }), { status: 404 });
});
