// Git-connected projects by the official client: connecting, building, pushing, switching off.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { AccountOptions, CloudflareOptions } from '../../../simulator/cloudflare/index.ts';
import { push } from '../../../simulator/push.ts';
import { refusedWith, type SdkWorld, sdkWorld } from './sdk_world.ts';
import { ACCOUNT, call, deploymentForm, projectPath, TOKEN, upload, visit } from './support.ts';

const REPOSITORY = 'neutrino-io/acme-platform-console';
const account = { account_id: ACCOUNT };
const at = { ...account, project_name: 'acme' };
const config = { owner: 'neutrino-io', repo_name: 'acme-platform-console' };
const source = { type: 'github' as const, config };
const minimal = { ...account, name: 'acme', production_branch: 'main', source };
const limits = { queued_ms: 1, initialize_ms: 1, clone_repo_ms: 1, build_ms: 1, deploy_ms: 1 };

// A world with the repository, and the settings of the account.
async function gitWorld(
  t: TestContext,
  settings: Partial<AccountOptions> = {},
  more: Partial<CloudflareOptions> = {},
): Promise<SdkWorld> {
  const accounts = [{ id: ACCOUNT, tokens: [TOKEN], ...settings }];
  const world = await sdkWorld(t, { accounts, limits, ...more });
  const files = {
    'src/config/env.config.ts': 'export const envConfig = { A: "<1>" };\n',
    'public/robots.txt': 'User-agent: *\n',
  };
  world.repositories.plant(REPOSITORY, { files });
  return world;
}

const pushTo = ({ repositories, cloudflare }: SdkWorld, change = {}) =>
  push({ github: { repositories }, cloudflare }, REPOSITORY, change);

async function text(world: SdkWorld, path = '/', host = 'acme.pages.dev'): Promise<string> {
  return (await visit(world, host, path)).text();
}

test('a connection is complete in the answer, and refused where it cannot be made', async (t) => {
  const world = await gitWorld(t, { githubRepositories: [REPOSITORY, 'neutrino-io/gone'] });
  const { projects } = world.client.pages;
  const made = await projects.create(minimal);
  assert.equal(made.source?.config.owner, 'neutrino-io');
  assert.match(made.source?.config.repo_id ?? '', /^\d+$/);
  assert.equal(made.source?.config.production_deployments_enabled, true);
  assert.equal(made.latest_deployment, null, 'connecting builds nothing');
  const other = (repo_name: string) =>
    projects.create({
      ...minimal,
      name: 'other',
      source: { ...source, config: { ...config, repo_name } },
    });
  await refusedWith(other('secret'), 404, 8000012);
  await refusedWith(other('gone'), 404, 8000012);
  world.cloudflare.configure(ACCOUNT, { githubConnected: false });
  const message = await refusedWith(other('acme-platform-console'), 400, 8000011);
  assert.match(message, /^There is an internal issue with your Cloudflare Pages Git installation/);
  await refusedWith(projects.deployments.create('acme', account), 404, 8000008);
  assert.deepEqual(pushTo(world), []);
});

test('a queued build gives way to a newer one of its branch, a begun one does not', async (t) => {
  const world = await gitWorld(t, {}, { limits: { ...limits, queued_ms: 100 } });
  const { deployments } = world.client.pages.projects;
  await world.client.pages.projects.create(minimal);
  const start = () => deployments.create('acme', { ...account, branch: 'main' });
  const first = await start();
  world.clock.advance(99);
  const second = await start();
  world.clock.advance(101);
  await start();
  const skipOf = async (id: string) => {
    const { is_skipped, latest_stage, skip_reason } = await deployments.get(id, at);
    return [is_skipped, latest_stage.status, skip_reason];
  };
  assert.deepEqual(await skipOf(first.id), [true, 'skipped', 'superseded_queued_build']);
  assert.equal((await skipOf(second.id))[0], false);
});

test('a build takes its stages and serves the repository and the variables', async (t) => {
  const world = await gitWorld(t);
  const { projects } = world.client.pages;
  const env_vars = {
    ORG_SLUG: { type: 'plain_text' as const, value: 'acme & sons' },
    API_KEY: { type: 'secret_text' as const, value: 'never shown' },
  };
  await projects.create({ ...minimal, deployment_configs: { production: { env_vars } } });
  const made = await projects.deployments.create('acme', { ...account, branch: 'main' });
  assert.equal(made.latest_stage.name, 'queued');
  assert.match(await text(world), /nothing here/);
  world.clock.advance(5);
  const done = await projects.deployments.get(made.id, at);
  assert.deepEqual([done.latest_stage.name, done.latest_stage.status], ['deploy', 'success']);
  const { sha } = world.repositories.head(REPOSITORY);
  assert.equal(done.deployment_trigger.metadata.commit_hash, sha);
  const page = await text(world);
  assert.match(page, /<dt>ORG_SLUG<\/dt><dd>acme &amp; sons<\/dd>/);
  assert.match(page, /env\.config\.ts<\/h2><pre>export const envConfig = { A: &quot;&lt;1>/);
  assert.match(page, new RegExp(`https://${made.short_id}\\.acme\\.pages\\.dev`));
  assert.doesNotMatch(page, /never shown/);
  assert.equal(await text(world, '/robots.txt'), 'User-agent: *\n');
  const facts = JSON.parse(await text(world, '/build.json'));
  assert.deepEqual([facts.repository, facts.environment], [REPOSITORY, 'production']);
});

test('a finished folder is served as it is, and a lost branch fails to be cloned', async (t) => {
  const world = await gitWorld(t);
  const { projects } = world.client.pages;
  const build_config = { root_dir: 'site', destination_dir: 'dist' };
  await projects.create({ ...minimal, build_config });
  const files = { 'site/dist/index.html': 'finished', 'site/dist/_redirects': '/a / 302\n' };
  pushTo(world, { files });
  world.clock.advance(5);
  assert.equal(await text(world), 'finished');
  assert.equal((await visit(world, 'acme.pages.dev', '/a')).status, 302);
  const lost = await projects.deployments.create('acme', { ...account, branch: 'nowhere' });
  world.clock.advance(5);
  const { latest_stage } = await projects.deployments.get(lost.id, at);
  assert.deepEqual([latest_stage.name, latest_stage.status], ['clone_repo', 'failure']);
});

test('a hook builds its branch for whoever knows it, and never stands in the log', async (t) => {
  const world = await gitWorld(t);
  const { client, cloudflare } = world;
  await client.pages.projects.create(minimal);
  const hooks = `/accounts/${ACCOUNT}/pages/projects/acme/deploy_hooks`;
  type Made = { result: { hook_id: string } };
  const make = async (): Promise<string> => {
    const body = { name: 'slipway', branch: 'main' };
    return ((await client.post(hooks, { body })) as Made).result.hook_id;
  };
  const [first, second] = [await make(), await make()];
  assert.notEqual(first, second, 'the same name makes another hook');
  const trigger = async (hook: string): Promise<Response> => {
    const url = `http://127.0.0.1/client/v4/pages/webhooks/deploy_hooks/${hook}`;
    return cloudflare.fetch(new Request(url, { method: 'POST' }));
  };
  const { result } = (await (await trigger(first)).json()) as { result: { id: string } };
  assert.deepEqual(Object.keys(result), ['id']);
  const made = await client.pages.projects.deployments.get(result.id, at);
  assert.equal(made.deployment_trigger.type, 'deploy_hook');
  assert.equal((await trigger('nonsense')).status, 404);
  await refusedWith(client.get(hooks), 404, 7003);
  await client.delete(`${hooks}/${first}`);
  assert.equal((await trigger(first)).status, 404);
  cloudflare.behave('acme', { blocked: true, times: 1 });
  const refused = async (): Promise<number | undefined> => {
    const answer = (await (await trigger(second)).json()) as { errors: { code: number }[] };
    return answer.errors[0]?.code;
  };
  assert.equal(await refused(), 8000119);
  cloudflare.configure(ACCOUNT, { githubConnected: false });
  assert.equal(await refused(), 8000008);
  assert.ok(!JSON.stringify(cloudflare.log).includes(second), 'the address is a secret');
  await client.pages.projects.delete('acme', account);
  assert.equal((await trigger(second)).status, 404);
});

test('hooks are listed where the options say so, and no upload project has one', async (t) => {
  const deployHooks = { listed: true, deletable: false };
  const { client } = await gitWorld(t, {}, { deployHooks });
  await client.pages.projects.create(minimal);
  const { source: _, ...uploads } = minimal;
  await client.pages.projects.create({ ...uploads, name: 'uploads' });
  const hooks = (name: string): string =>
    `/accounts/${ACCOUNT}/pages/projects/${name}/deploy_hooks`;
  const body = { name: 'slipway', branch: 'main' };
  await refusedWith(client.post(hooks('uploads'), { body }), 400, 10001);
  await refusedWith(client.post(hooks('acme'), { body: { name: 'x' } }), 400, 10001);
  await client.post(hooks('acme'), { body });
  const { result } = (await client.get(hooks('acme'))) as { result: Record<string, string>[] };
  assert.deepEqual([result.length, result[0]?.name, result[0]?.branch], [1, 'slipway', 'main']);
  await refusedWith(client.delete(`${hooks('acme')}/${result[0]?.hook_id}`), 404, 7003);
});

test('a push builds, unless a switch, a path or its message keeps it out', async (t) => {
  const world = await gitWorld(t);
  const { projects } = world.client.pages;
  await projects.create(minimal);
  const set = (change: object): Promise<unknown> =>
    projects.edit('acme', { ...account, source: { type: 'github', config: change } });
  const pushed = (change: object): string | undefined => pushTo(world, change)[0]?.skip_reason;
  const preview = { branch: 'try/it', files: { 'a.txt': 'x' } };
  assert.equal(pushed({}), undefined);
  assert.equal(pushed(preview), undefined);
  assert.equal(pushed({ message: '[CI Skip] docs' }), 'commit_message');
  await set({ production_deployments_enabled: false });
  assert.equal(pushed({}), 'production_deployments_disabled');
  assert.equal(pushed(preview), undefined);
  await set({ preview_deployment_setting: 'none' });
  assert.equal(pushed(preview), 'preview_deployments_disabled');
  await set({ preview_deployment_setting: 'custom', preview_branch_includes: ['try/*'] });
  assert.equal(pushed(preview), undefined);
  await set({ preview_branch_excludes: ['*/it'] });
  assert.equal(pushed(preview), 'branch_config');
  await set({ production_deployments_enabled: true, path_includes: ['src/*'] });
  assert.equal(pushed({ files: { 'README.md': 'x' } }), 'path_config');
  assert.equal(pushed({ files: { 'README.md': 'x', 'src/a.ts': '' } }), undefined);
  await set({ deployments_enabled: false });
  assert.equal(pushed({}), 'production_deployments_disabled');
  world.clock.advance(5);
  const { result } = await projects.deployments.list('acme', { ...account, env: 'production' });
  const [skipped] = result;
  assert.deepEqual(
    [skipped?.is_skipped, skipped?.skip_reason, skipped?.latest_stage.status],
    [true, 'production_deployments_disabled', 'skipped'],
  );
  const canonical = (await projects.get('acme', account)).canonical_deployment;
  assert.equal(canonical?.id, result.find(({ is_skipped }) => !is_skipped)?.id);
  const byHand = await projects.deployments.create('acme', account);
  assert.equal(byHand.is_skipped, false, 'whoever asks for a build gets one');
});

test('switching off may be forgotten, or kept and ignored', async (t) => {
  const off = {
    production_deployments_enabled: false,
    preview_deployment_setting: 'none' as const,
  };
  for (const [gitSwitches, shown] of [
    ['forgotten', true],
    ['ignored', false],
  ] as const) {
    const world = await gitWorld(t, { gitSwitches });
    const { projects } = world.client.pages;
    await projects.create(minimal);
    const change = { type: 'github' as const, config: { ...off, pr_comments_enabled: false } };
    const edited = await projects.edit('acme', { ...account, source: change });
    assert.equal(edited.source?.config.production_deployments_enabled, shown, gitSwitches);
    assert.equal(edited.source?.config.pr_comments_enabled, false);
    assert.equal(pushTo(world)[0]?.skip_reason, undefined, gitSwitches);
  }
});

test('an upload into a git project is refused, served, or succeeds in vain', async (t) => {
  const files = { '/index.html': 'uploaded' };
  const path = projectPath('acme', 'deployments');
  for (const [gitUploads, expected] of [
    ['served', 'uploaded'],
    ['not_served', 'from git'],
  ] as const) {
    const world = await gitWorld(t, { gitUploads });
    await world.client.pages.projects.create(minimal);
    pushTo(world, { files: { 'public/index.html': 'from git' } });
    world.clock.advance(5);
    const form = deploymentForm(await upload(world, 'acme', files), 'main');
    const { result } = await call(world, 'POST', path, form);
    world.clock.advance(5);
    const { canonical_deployment } = await world.client.pages.projects.get('acme', account);
    assert.equal(canonical_deployment?.id, result.id);
    assert.equal(canonical_deployment?.deployment_trigger.type, 'ad_hoc');
    assert.equal(await text(world), expected, gitUploads);
  }
  const world = await gitWorld(t);
  await world.client.pages.projects.create(minimal);
  const token = world.client.pages.projects.getUploadToken('acme', account);
  await refusedWith(token, 400, 10001);
  const change = { ...account, source };
  const { source: _, ...uploads } = minimal;
  await world.client.pages.projects.create({ ...uploads, name: 'uploads' });
  await refusedWith(world.client.pages.projects.edit('uploads', change), 400, 8000069);
});

test('a retry builds the same commit with the present variables', async (t) => {
  const world = await gitWorld(t);
  const { projects } = world.client.pages;
  await projects.create(minimal);
  const first = await projects.deployments.create('acme', account);
  pushTo(world, { files: { 'public/robots.txt': 'changed' } });
  const env_vars = { LATE: { type: 'plain_text' as const, value: 'yes' } };
  await projects.edit('acme', { ...account, deployment_configs: { production: { env_vars } } });
  world.clock.advance(5);
  const again = await projects.deployments.retry(first.id, at);
  world.clock.advance(5);
  assert.deepEqual(
    again.deployment_trigger.metadata.commit_hash,
    first.deployment_trigger.metadata.commit_hash,
  );
  assert.match(await text(world), /<dt>LATE<\/dt><dd>yes<\/dd>/);
  assert.equal(await text(world, '/robots.txt'), 'User-agent: *\n');
});
