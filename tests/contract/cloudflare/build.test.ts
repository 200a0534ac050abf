// Builds that are really run: the command's environment, its log, what it leaves, how it fails.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CloudflareOptions } from '../../../simulator/cloudflare/index.ts';
import { openRepositories } from '../../../simulator/github/repositories.ts';
import { push } from '../../../simulator/push.ts';
import { type SdkWorld, sdkWorld } from './sdk_world.ts';
import { ACCOUNT, visit } from './support.ts';

const REPOSITORY = 'neutrino-io/shop';
const account = { account_id: ACCOUNT };
const source = {
  type: 'github' as const,
  config: { owner: 'neutrino-io', repo_name: 'shop' },
};
// Six milliseconds for the build, so that the lines of its log come one after the other.
const limits = { queued_ms: 1, initialize_ms: 1, clone_repo_ms: 1, build_ms: 6, deploy_ms: 1 };
const WHOLE_ms = 10;

type Variables = Record<string, { type: 'plain_text' | 'secret_text'; value: string }>;

const plain = (variables: Record<string, string>): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, { type: 'plain_text', value }]),
  );

interface Built {
  stage: string;
  url: string;
  shortId: string;
  sha: string;
  lines: string[];
  page(path?: string): Promise<Response>;
}

// Connects a project, builds the head of its production branch, and lets the time pass.
async function build(
  world: SdkWorld,
  name: string,
  build_config: Record<string, string>,
  env_vars: Variables = {},
): Promise<Built> {
  const { projects } = world.client.pages;
  await projects.create({
    ...account,
    name,
    production_branch: 'main',
    source,
    build_config,
    deployment_configs: { production: { env_vars }, preview: { env_vars } },
  });
  const made = await projects.deployments.create(name, account);
  world.clock.advance(WHOLE_ms);
  return outcome(world, name, made.id);
}

async function outcome(world: SdkWorld, name: string, id: string): Promise<Built> {
  const { deployments } = world.client.pages.projects;
  const at = { ...account, project_name: name };
  const { latest_stage, url, short_id, deployment_trigger } = await deployments.get(id, at);
  return {
    stage: `${latest_stage.name}/${latest_stage.status}`,
    url,
    shortId: short_id,
    sha: deployment_trigger.metadata.commit_hash,
    lines: await linesOf(world, name, id),
    page: (path = '/') => visit(world, `${name}.pages.dev`, path),
  };
}

async function linesOf(world: SdkWorld, name: string, id: string): Promise<string[]> {
  const { history } = world.client.pages.projects.deployments;
  const { data } = await history.logs.get(id, { ...account, project_name: name });
  return (data ?? []).map(({ line }) => line ?? '');
}

async function worldWith(
  t: TestContext,
  files: Record<string, string>,
  options: Partial<CloudflareOptions> = {},
): Promise<SdkWorld> {
  const world = await sdkWorld(t, { ...options, limits: { ...limits, ...options.limits } });
  world.repositories.plant(REPOSITORY, { files });
  return world;
}

test('a command sees the variables of the project and of Pages, and no others', async (t) => {
  const world = await worldWith(t, { 'site/a.txt': 'from the commit\n' });
  process.env.NOT_FOR_BUILDS = 'of the machine';
  t.after(() => delete process.env.NOT_FOR_BUILDS);
  const built = await build(
    world,
    'shop',
    {
      build_command: 'mkdir out && env > out/env.txt && cp a.txt out',
      root_dir: '/site/',
      destination_dir: 'out',
    },
    { ...plain({ ORG_SLUG: 'shop' }), KEY: { type: 'secret_text', value: 'a secret' } },
  );
  assert.equal(built.stage, 'deploy/success', built.lines.join('\n'));
  assert.equal(await (await built.page('/a.txt')).text(), 'from the commit\n');
  const seen = (await (await built.page('/env.txt')).text()).trim().split('\n');
  const ofTheShell = /^(PATH|PWD|OLDPWD|SHLVL|_)=/;
  assert.deepEqual(seen.filter((line) => !ofTheShell.test(line)).sort(), [
    'CF_PAGES=1',
    'CF_PAGES_BRANCH=main',
    `CF_PAGES_COMMIT_SHA=${built.sha}`,
    `CF_PAGES_URL=${built.url}`,
    'KEY=a secret',
    'ORG_SLUG=shop',
  ]);
  assert.equal(built.sha, world.repositories.head(REPOSITORY).sha);
});

test('one repository serves every org its own bytes', async (t) => {
  const world = await arkWorld(t);
  const config = { build_command: 'node build.js', destination_dir: 'dist' };
  const aurora = await build(
    world,
    'aurora-ark',
    config,
    plain({ ORG_SLUG: 'aurora', ORG_NAME: 'Aurora <Books>', PUBLIC_ACCENT: '#7a3cff' }),
  );
  const borealis = await build(world, 'borealis-ark', config, plain({ ORG_SLUG: 'borealis' }));
  assert.deepEqual([aurora.stage, borealis.stage], ['deploy/success', 'deploy/success']);
  const [first, second] = [
    await (await aurora.page()).text(),
    await (await borealis.page()).text(),
  ];
  assert.match(first, /<h1>Aurora &lt;Books&gt;<\/h1>/);
  assert.match(first, /<dt>PUBLIC_ACCENT<\/dt><dd>#7a3cff<\/dd>/);
  assert.match(second, /<h1>borealis<\/h1>/);
  const styles = [first, second].map((page) => /assets\/style\.[0-9a-f]{8}\.css/.exec(page)?.[0]);
  assert.notEqual(styles[0], styles[1], 'the accent is part of the name of the style');
  const css = await aurora.page(`/${styles[0]}`);
  assert.match(css.headers.get('cache-control') ?? '', /immutable/);
  assert.match(await css.text(), /--accent: #7a3cff/);
  const missing = await borealis.page('/nowhere');
  assert.deepEqual([missing.status, /no such page/.test(await missing.text())], [404, true]);
  assert.ok(aurora.lines.includes('Building the site of Aurora <Books> (aurora)'));
});

async function arkWorld(t: TestContext): Promise<SdkWorld> {
  const world = await worldWith(t, {});
  const directory = join(import.meta.dirname, '../../../simulator/ark_site');
  const { store, clock } = world;
  const local = openRepositories({ 'neutrino-io/ark-site': { directory } }, store, clock);
  const files = local.head('neutrino-io/ark-site').files.map(({ path, blob }) => {
    return [path, Buffer.from(local.read(blob)).toString('utf8')] as const;
  });
  world.repositories.plant(REPOSITORY, { files: Object.fromEntries(files) });
  return world;
}

test('a failed command ends the build with its output, line by line as time passes', async (t) => {
  const world = await worldWith(t, { 'build.js': '' });
  const { projects } = world.client.pages;
  const build_command = 'echo one; echo two >&2; echo three; exit 3';
  const config = { build_command, destination_dir: 'dist' };
  const built = await build(world, 'shop', config);
  assert.equal(built.stage, 'build/failure');
  const expected = [
    'build: started',
    `Executing user command: ${build_command}`,
    'one',
    'two',
    'three',
    'Failed: Error while executing user command. Exited with error code: 3',
    'build: failure',
  ];
  assert.deepEqual(built.lines.slice(-expected.length), expected);
  assert.equal((await built.page()).status, 404);

  const again = await projects.deployments.create('shop', account);
  world.clock.advance(3);
  assert.deepEqual((await linesOf(world, 'shop', again.id)).at(-1), 'build: started');
  world.clock.advance(3);
  const underWay = await linesOf(world, 'shop', again.id);
  assert.deepEqual(underWay.slice(-2), ['one', 'two']);
  assert.equal((await outcome(world, 'shop', again.id)).stage, 'build/active');
});

test('a missing output folder, and one outside of the commit, fail the build', async (t) => {
  const world = await worldWith(t, { 'a.txt': '' });
  const missing = await build(world, 'a', { build_command: 'true', destination_dir: 'dist' });
  assert.equal(missing.stage, 'build/failure');
  assert.deepEqual(missing.lines.slice(-3, -1), [
    'Error: Output directory "dist" not found.',
    'Failed: build output directory not found',
  ]);
  for (const [name, build_command] of [
    ['b', 'ln -s /etc dist'],
    ['c', 'mkdir ../../dist; ln -s ../dist dist'],
  ] as const) {
    const outside = await build(world, name, { build_command, destination_dir: 'dist' });
    assert.equal(outside.stage, 'build/failure', build_command);
  }
  const up = { build_command: 'true', destination_dir: 'x/../../..' };
  assert.equal((await build(world, 'd', up)).stage, 'build/failure');
  const root = { build_command: 'true', root_dir: 'nowhere', destination_dir: '' };
  const lost = await build(world, 'e', root);
  assert.equal(lost.lines.at(-2), 'Failed: root directory not found');
  const whole = await build(world, 'f', { build_command: 'echo hi > b.txt; ln -s /etc/passwd p' });
  assert.equal(await (await whole.page('/b.txt')).text(), 'hi\n');
  assert.equal((await whole.page('/p')).status, 404, 'links are not followed');
});

const hangs = { timeout: 120_000 };

test('a command that does not end is ended, with all that it started', hangs, async (t) => {
  const world = await worldWith(t, { 'a.txt': '' }, { limits: { build_timeout_ms: 300 } });
  const built = await build(world, 'shop', { build_command: 'echo on; sleep 3600 | sleep 3601' });
  assert.equal(built.stage, 'build/failure');
  assert.equal(built.lines.at(-2), 'Failed: the build took longer than 0.3 seconds');
  assert.ok(built.lines.includes('on'));
  const left = await build(world, 'left', { build_command: 'sleep 3602 & echo $! > pid.txt' });
  const pid = Number(await (await left.page('/pid.txt')).text());
  assert.ok(pid > 0);
  assert.ok(await ends(pid), 'what was left running has ended');
});

async function ends(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) {
    const status = existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'Z';
    if (/^(State:\s*)?Z/m.test(status)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

test('nothing is run for a skipped push or a failure before the build', async (t) => {
  const world = await worldWith(t, { 'a.txt': '' });
  const folder = mkdtempSync(join(tmpdir(), 'build-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const note = join(folder, 'runs');
  const build_command = `echo ran >> '${note}'; mkdir -p dist`;
  const runs = (): number => readFileSync(note, 'utf8').trim().split('\n').length;
  await build(world, 'shop', { build_command, destination_dir: 'dist' });
  assert.equal(runs(), 1);
  const { repositories, cloudflare } = world;
  const pushed = push({ github: { repositories }, cloudflare }, REPOSITORY, {
    message: '[skip ci] docs',
  });
  assert.equal(pushed[0]?.skip_reason, 'commit_message');
  assert.deepEqual(await linesOf(world, 'shop', pushed[0]?.deployment ?? ''), []);
  cloudflare.behave('shop', { outcome: 'failure', fails_at: 'initialize', times: 1 });
  const { deployments } = world.client.pages.projects;
  const early = await deployments.create('shop', account);
  world.clock.advance(WHOLE_ms);
  assert.equal((await outcome(world, 'shop', early.id)).stage, 'initialize/failure');
  assert.equal(runs(), 1);
  const retried = await deployments.retry(early.id, { ...account, project_name: 'shop' });
  world.clock.advance(WHOLE_ms);
  assert.equal((await outcome(world, 'shop', retried.id)).stage, 'deploy/success');
  assert.equal(runs(), 2);
});
