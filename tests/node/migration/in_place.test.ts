// Taking sites over in place: uploads into the git-connected project, where Cloudflare takes them;
// where it does not, or does not mean it, a new project instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { push } from '../../../simulator/push.ts';
import { account_id, type FleetOptions } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  ask,
  call,
  hour_ms,
  importAll,
  type Migration,
  migrationRow,
  type OldSite,
  type OldWorld,
  openOldWorld,
  pathOf,
  projects,
  reach,
  servedBy,
  sitesOf,
  writes,
} from './support.ts';

const served = { gitUploads: 'served' } as const;

/** The production site of the third platform, which has a domain, or the one on `master`. */
async function openImported(
  account: FleetOptions['account'] & object,
  branch = 'main',
): Promise<OldWorld & { site: OldSite; repository: string }> {
  const world = openOldWorld(12, { account });
  const platform = world.platforms.find(
    ({ default_branch, archived, projects }, index) =>
      default_branch === branch && !archived && (branch !== 'main' || index === 2) && projects[0],
  );
  assert.ok(platform);
  await importAll(world.fleet, {
    repositories: [`${platform.platformId}-platform-console`],
  });
  const site = sitesOf([platform]).find(({ environment }) => environment === 'prod');
  assert.ok(site);
  return { ...world, site, repository: platform.repository };
}

function outcomesOf(
  world: OldWorld & { site: OldSite; repository: string },
): (string | undefined)[] {
  return push(world.fleet, world.repository)
    .filter(({ project }) => project === world.site.name)
    .map(({ skip_reason }) => skip_reason);
}

test('a project that takes uploads keeps its name, address and domains', async () => {
  const world = await openImported(served);
  const { fleet, site } = world;
  await ask(fleet, site.id, 'migrate');
  const migrated = await reach(fleet, site.id, 'migrated');
  assert.deepEqual([migrated.mode, migrated.project], ['in_place', site.name]);
  const [deployment] = rows<{ id: string }>(fleet, 'deployment');
  assert.equal(await servedBy(fleet, site.subdomain), deployment?.id);
  for (const { name } of site.domains) assert.equal(await servedBy(fleet, name), deployment?.id);
  assert.ok(site.domains.length > 0);
  assert.deepEqual(outcomesOf(world), ['production_deployments_disabled']);
  assert.ok(writes(fleet).every(({ operation }) => !operation.startsWith('cloudflare.domain')));
  await ask(fleet, site.id, 'migrate/confirm');
  await reach(fleet, site.id, 'confirmed');
  assert.ok(projects(fleet).has(site.name), 'it is the project');
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('a project whose production branch is master is uploaded to that branch', async () => {
  const { fleet, site } = await openImported(served, 'master');
  await ask(fleet, site.id, 'migrate', { mode: 'in_place' });
  await reach(fleet, site.id, 'migrated');
  assert.notEqual(await servedBy(fleet, site.subdomain), 'old');
});

test('later changes of the configuration are deployed to it', async () => {
  const { fleet, site } = await openImported(served);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  const before = await servedBy(fleet, site.subdomain);
  const answer = await call(fleet, 'POST', pathOf(site.id, 'deployments'));
  assert.equal(answer.status, 202, answer.text);
  const again = async (): Promise<boolean> => (await servedBy(fleet, site.subdomain)) !== before;
  assert.ok(await fleet.passTime(again, hour_ms));
});

test('a rollback serves the old bytes and builds pushes again', async () => {
  const world = await openImported(served);
  const { fleet, site } = world;
  const before = projects(fleet).get(site.name);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate/rollback');
  await reach(fleet, site.id, 'imported');
  assert.equal(await servedBy(fleet, site.subdomain), 'old');
  assert.equal(projects(fleet).get(site.name)?.canonical, before?.canonical);
  assert.deepEqual(outcomesOf(world), [undefined]);
  assert.ok(!(await variables(world)).includes('SLIPWAY_SITE'), 'the marker is gone');
});

test('the variables that were there stay', async () => {
  const world = await openImported(served);
  const { fleet, site } = world;
  const before = await variables(world);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  const after = await variables(world);
  assert.deepEqual(after, [...before, 'SLIPWAY_SITE'].sort());
});

test('a project that refuses uploads is not touched by in_place', async () => {
  const { fleet, site } = await openImported({ gitUploads: 'refused' });
  await ask(fleet, site.id, 'migrate', { mode: 'in_place' });
  const refused = (): boolean => migrationRow(fleet, site.id)?.failure !== undefined;
  assert.ok(await fleet.passTime(refused, hour_ms));
  const { state, failure } = migrationRow(fleet, site.id) ?? {};
  assert.deepEqual([state, failure?.code], ['imported', 'migration.uploads_refused']);
  assert.deepEqual(writes(fleet), []);
  const dry = await call<Migration>(fleet, 'POST', pathOf(site.id, 'migrate?dryRun=true'), {
    mode: 'in_place',
  });
  assert.equal(dry.body.failure?.code, 'migration.uploads_refused');
});

test('uploads that are taken and not served end in a new project', async () => {
  const world = await openImported({ gitUploads: 'not_served' });
  const { fleet, site } = world;
  await ask(fleet, site.id, 'migrate');
  const migrated = await reach(fleet, site.id, 'migrated');
  assert.equal(migrated.mode, 'new_project');
  const [domain] = site.domains;
  assert.ok(domain);
  assert.notEqual(await servedBy(fleet, domain.name), 'old');
  assert.ok(!(await variables(world)).includes('SLIPWAY_SITE'), 'in place was undone');
});

test('with in_place alone that is undone and told', async () => {
  const world = await openImported({ gitUploads: 'not_served' });
  const { fleet, site } = world;
  await ask(fleet, site.id, 'migrate', { mode: 'in_place' });
  const failed = (): boolean => migrationRow(fleet, site.id)?.failure !== undefined;
  assert.ok(await fleet.passTime(failed, hour_ms));
  const { state, failure } = migrationRow(fleet, site.id) ?? {};
  assert.deepEqual([state, failure?.code], ['imported', 'deployment.content_mismatch']);
  assert.equal(await servedBy(fleet, site.subdomain), 'old');
  assert.deepEqual(outcomesOf(world), [undefined]);
});

test('switches that Cloudflare forgets end in a new project, and are told', async () => {
  const { fleet, site } = await openImported({ ...served, gitSwitches: 'forgotten' });
  await ask(fleet, site.id, 'migrate');
  const migrated = await reach(fleet, site.id, 'migrated');
  assert.equal(migrated.mode, 'new_project');
  assert.equal(migrated.failure?.code, 'migration.switches_kept');
  await ask(fleet, site.id, 'migrate/confirm');
  await reach(fleet, site.id, 'confirmed');
});

async function variables({ fleet, site }: OldWorld & { site: OldSite }): Promise<string[]> {
  const path = `/client/v4/accounts/${account_id}/pages/projects/${site.name}`;
  const url = `http://cloudflare.test${path}`;
  const headers = { authorization: 'Bearer cloudflare-token' };
  const answer = await fleet.cloudflare.fetch(new Request(url, { headers }));
  const { result } = (await answer.json()) as {
    result: { deployment_configs: { production: { env_vars: Record<string, unknown> } } };
  };
  return Object.keys(result.deployment_configs.production.env_vars).sort();
}
