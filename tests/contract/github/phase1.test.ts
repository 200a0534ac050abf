// The world before the migration, seen through both services and the control API.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Octokit } from '@octokit/rest';
import Sdk from 'cloudflare';
import { virtualClock } from '../../../simulator/base/clock.ts';
import type { Store } from '../../../simulator/base/contract.ts';
import { serve } from '../../../simulator/base/serve.ts';
import { diskStore, memoryStore } from '../../../simulator/base/store.ts';
import type { Phase1Platform } from '../../../simulator/phase1/plant.ts';
import { createWorld, type World, worldConfig } from '../../../simulator/world.ts';

const github = { tokens: ['g'], repositories: {}, environments: {}, runner: 'modelled' };
const cloudflare = { accounts: [{ id: 'main-account', tokens: ['c'], projectLimit: 10 }] };
const account = { account_id: 'main-account' };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function open(store: Store = memoryStore(), more: object = {}): World {
  return createWorld(virtualClock(), store, worldConfig({ github, cloudflare, ...more }, ''));
}

interface Clients {
  url: string;
  octokit: Octokit;
  pages: Sdk['pages'];
}

async function clients(t: TestContext, world: World): Promise<Clients> {
  const { url, close } = await serve(world.fetch);
  t.after(close);
  const baseUrl = `${url}/github`;
  const octokit = new Octokit({ auth: 'g', baseUrl, userAgent: 'contract', log: silent });
  const baseURL = `${url}/cloudflare/client/v4`;
  return { url, octokit, pages: new Sdk({ apiToken: 'c', baseURL, maxRetries: 0 }).pages };
}

const platforms = (count: number, seed = 1): Phase1Platform[] =>
  open().phase1({ count, account: 'main-account', seed });

test('the same seed plants the same world, another seed another one', () => {
  assert.deepEqual(platforms(12), platforms(12));
  assert.deepEqual(platforms(12).slice(0, 5), platforms(5), 'more only adds');
  const ids = (seed: number): string[] => platforms(12, seed).map((each) => each.platformId);
  assert.notDeepEqual(ids(1), ids(2));
  const many = platforms(300);
  assert.equal(new Set(many.map(({ repository }) => repository)).size, 300);
  for (const { platformId } of many) assert.match(platformId, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('a dozen platforms show every kind of file, branch, folder and domain', () => {
  const planted = platforms(12);
  for (const name of ['features', 'env', 'auth'] as const) {
    const kinds = new Set(planted.map(({ sources }) => sources[name]));
    assert.equal(kinds.size, name === 'env' ? 2 : 3, name);
  }
  const varied = <T>(of: (platform: Phase1Platform) => T): number => new Set(planted.map(of)).size;
  assert.deepEqual(
    [varied((p) => p.folder), varied((p) => p.archived), varied((p) => p.default_branch)],
    [2, 2, 2],
  );
  const domains = planted.flatMap(({ projects }) => projects.flatMap((each) => each.domains));
  assert.ok(domains.some(({ cname }) => cname !== undefined));
  assert.ok(domains.some(({ cname }) => cname === undefined));
});

test('repositories and projects stand at both services, live, beyond the limit', async (t) => {
  const world = open();
  const { octokit, pages, url } = await clients(t, world);
  const planted = world.phase1({ count: 12, account: 'main-account' });
  const repos = await octokit.paginate(octokit.rest.repos.listForOrg, { org: 'neutrino-io' });
  assert.equal(repos.length, 12);
  const projects = planted.flatMap((platform) => platform.projects);
  assert.ok(projects.length > 10);
  for (const { platformId, repository, default_branch, folder, sources, projects } of planted) {
    const [owner = '', repo = ''] = repository.split('/');
    assert.equal(repo, `${platformId}-platform-console`);
    const { data } = await octokit.rest.repos.get({ owner, repo });
    assert.equal(data.default_branch, default_branch);
    for (const name of ['features', 'env', 'auth'] as const) {
      const path = `${folder}${name}.config.ts`;
      const asked = octokit.rest.repos.getContent({ owner, repo, path });
      if (sources[name] === 'missing') await assert.rejects(asked, { status: 404 });
      else await asked;
    }
    await octokit.rest.repos.getContent({ owner, repo, path: '.github/workflows/deploy.yml' });
    for (const { name, environment, subdomain, domains } of projects) {
      assert.equal(name, `${platformId}-${environment}-portal`);
      const project = await pages.projects.get(name, account);
      assert.equal(project.source?.config.repo_name, repo);
      assert.equal(project.production_branch, default_branch);
      const hosts = [subdomain, ...domains.map((domain) => domain.name)];
      assert.deepEqual(project.domains, hosts);
      for (const host of hosts) {
        const page = await (await fetch(`${url}/sites/${host}/`)).text();
        assert.match(page, new RegExp(`<dt>NNO_ENV</dt><dd>${environment}</dd>`), host);
      }
    }
  }
});

test('opaque files run code, literal ones do not', async (t) => {
  const world = open();
  const { octokit } = await clients(t, world);
  for (const platform of world.phase1({ count: 30, account: 'main-account', seed: 9 })) {
    const [owner = '', repo = ''] = platform.repository.split('/');
    for (const name of ['features', 'env', 'auth'] as const) {
      if (platform.sources[name] === 'missing') continue;
      const path = `${platform.folder}${name}.config.ts`;
      const format = { mediaType: { format: 'raw' } };
      const { data } = await octokit.rest.repos.getContent({ owner, repo, path, ...format });
      const code = /process\.env|import\.meta|\$\{|\w\(/.test(
        String(data).replaceAll(/\/[/*].*/g, ''),
      );
      assert.equal(code, platform.sources[name] === 'opaque', `${platform.repository} ${path}`);
    }
  }
});

test('a configured world is planted once and continues after a restart', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'phase1-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const phase1 = { count: 2, account: 'main-account' };
  const first = open(diskStore(dir), { phase1 });
  const planted = first.phase1(phase1);
  const [{ repository = '', projects = [] } = {}] = planted;
  const { name: project = '', domains = [] } = projects.at(-1) ?? {};
  const [{ name: domain } = { name: '' }] = domains;
  const [outcome] = first.push(repository, { files: { 'public/new.txt': 'new' } });
  assert.ok(outcome?.deployment);
  const { pages } = await clients(t, first);
  await pages.projects.domains.delete(domain, { ...account, project_name: project });
  await pages.projects.delete(project, account);
  const second = open(diskStore(dir), { phase1 });
  const later = await clients(t, second);
  await assert.rejects(later.pages.projects.get(project, account), Sdk.NotFoundError);
  assert.equal(second.github?.repositories.names().length, 2);
  assert.deepEqual(second.phase1(phase1), planted, 'asked for again, it adds what is missing');
  assert.equal((await later.pages.projects.get(project, account)).name, project);
  const commit = second.github?.repositories.head(repository);
  assert.ok(commit?.files.some(({ path }) => path === 'public/new.txt'));
});

test('the control API plants, pushes, and refuses with a reason', async (t) => {
  const world = open();
  const { url, pages } = await clients(t, world);
  const post = async <T>(name: string, body: object, status = 200): Promise<T> => {
    const answer = await fetch(`${url}/_sim/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, status, name);
    return (await answer.json()) as T;
  };
  const [platform] = await post<Phase1Platform[]>('phase1', { count: 1, account: 'main-account' });
  assert.ok(platform);
  const name = platform.projects[0]?.name ?? '';
  const { repository } = platform;
  await post('push', { repository, branch: 'try', files: { a: 'x', 'README.md': null } });
  const preview = await pages.projects.deployments.list(name, { ...account, env: 'preview' });
  assert.equal(preview.result[0]?.deployment_trigger.metadata.branch, 'try');
  await post('repository', { repository: 'neutrino-io/frozen', files: {}, archived: true });
  await post('push', { repository: 'neutrino-io/frozen' }, 400);
  await post('push', { repository: 'neutrino-io/unknown' }, 400);
  await post('phase1', { count: 0, account: 'main-account' }, 400);
  await post('phase1', { count: 2, account: 'unknown' }, 400);
  await post('domain', { name: 'www.acme.example', plan: { outcome: 'error' } });
  await post('account', { id: 'main-account', change: { gitSwitches: 'ignored' } });
  const state = await (await fetch(`${url}/_sim/state`)).text();
  assert.match(state, new RegExp(`"repository":"${repository}"`));
});

test('without GitHub there is nothing to push to', () => {
  const store = memoryStore();
  const world = createWorld(virtualClock(), store, worldConfig({ cloudflare }, ''));
  assert.throws(() => world.push('a/b'), RangeError);
  assert.throws(() => world.phase1({ count: 1, account: 'main-account' }), RangeError);
});
