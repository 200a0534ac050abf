// Imports and migrations: what is read and what is not, both ways over, the end and the way back,
// and every refusal on the way.

import type { Core } from '../../../bindings/js/core.ts';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import type { FleetOptions } from '../crash/fleet.ts';
import {
  ask,
  call,
  hour_ms,
  importAll,
  migrationRow,
  type OldSite,
  type OldWorld,
  openOldWorld,
  pathOf,
  reach,
  sitesOf,
} from '../migration/support.ts';

const imports = '/api/v1/platforms/import';
const suffix = '-platform-console';

interface Story extends OldWorld {
  /** The third platform's production site, which has a domain. */
  readonly site: OldSite;
}

async function open(core: Core, account: FleetOptions['account'] & object = {}): Promise<Story> {
  const world = openOldWorld(3, { core, account });
  const [first, , third] = world.platforms;
  const site = third && sitesOf([third]).find(({ environment }) => environment === 'prod');
  if (!first || !third || !site) throw new Error('the planted world is another one');
  await importAll(world.fleet, { repositories: [`${third.platformId}${suffix}`] });
  return { ...world, site };
}

async function playImports(core: Core): Promise<void> {
  const { fleet } = openOldWorld(12, { core });
  const text = "export const authConfig = { provider: 'none' };\n";
  const files = { 'auth.config.ts': text, 'env.config.ts': `//${'x'.repeat(300_000)}` };
  const { repositories } = fleet.github;
  repositories.plant(`neutrino-io/large${suffix}`, { files });
  repositories.plant(`neutrino-io/hooli${suffix}`, { files: { 'auth.config.ts': text } });
  repositories.plant(`neutrino-io/Upper${suffix}`, { files: {} });
  await importAll(fleet, { repositories: [`nobody${suffix}`], dryRun: true });
  await importAll(fleet);
  await importAll(fleet, { all: true, prefix: 'h' });
  for (const body of [undefined, '{', {}, { all: true, owner: '/', environments: [] }]) {
    await fleet.api('POST', imports, body);
  }
  await fleet.api('POST', imports, { all: true }, 'wrong');
  await fleet.api('GET', '/api/v1/imports/imp_none');
  await fleet.api('GET', '/api/v1/imports/imp_none', undefined, 'wrong');
  const stopped = openOldWorld(1, { core, variables: { GITHUB_TOKEN: 'wrong' } });
  await importAll(stopped.fleet);
}

async function playRefusals({ fleet, site, platforms }: Story): Promise<void> {
  const other = platforms[1] && sitesOf([platforms[1]])[0]?.name;
  const steps = ['migrate', 'migrate/confirm', 'migrate/rollback'];
  for (const step of steps) await fleet.api('POST', pathOf(site.id, step), undefined, 'wrong');
  await fleet.api('GET', pathOf(site.id, 'migration'), undefined, 'wrong');
  await fleet.api('GET', pathOf('nobody/prod', 'migration'));
  await fleet.api('GET', pathOf(`${site.platformId}/none`, 'migration'));
  await fleet.api('POST', pathOf(site.id, 'deployments'));
  await fleet.api('POST', pathOf(site.id, 'migrate'), { mode: 'best' });
  await fleet.api('POST', pathOf(site.id, 'migrate/confirm'));
  await fleet.api('POST', pathOf('nobody/prod', 'migrate/rollback'));
  for (const body of [{}, { oldProject: other }, { oldProject: 'nobody' }, { mode: 'in_place' }]) {
    await fleet.api('POST', pathOf(site.id, 'migrate?dryRun=true'), body);
  }
  await fleet.api('POST', '/api/v1/platforms', { platformId: 'fresh', environments: ['dev'] });
  await fleet.api('POST', pathOf('fresh/dev', 'migrate'));
}

async function playThrough({ fleet, site }: Story): Promise<void> {
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate');
  await ask(fleet, site.id, 'migrate/rollback');
  await reach(fleet, site.id, 'imported');
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate/confirm');
  await reach(fleet, site.id, 'confirmed');
  await call(fleet, 'POST', pathOf(site.id, 'migrate/rollback'));
}

async function playKept({ fleet, site }: Story): Promise<void> {
  const [domain] = site.domains;
  fleet.cloudflare.domain(domain?.name ?? '', { cname: site.subdomain });
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await call(fleet, 'POST', pathOf(site.id, 'migrate/confirm'));
}

async function playWalled({ fleet, site }: Story): Promise<void> {
  fleet.cloudflare.behave(`${site.platformId}-prod-site`, { serves: 'access' });
  await ask(fleet, site.id, 'migrate');
  await fleet.passTime(() => migrationRow(fleet, site.id)?.failure !== undefined, hour_ms);
}

// A person stops the builds, then deletes the platform on the way.
async function playHeld({ fleet, site }: Story): Promise<void> {
  const platform = `/api/v1/platforms/${site.platformId}`;
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'deploying');
  await fleet.api('POST', `${platform}/builds/pause`, {});
  await fleet.passTime(() => migrationRow(fleet, site.id)?.failure !== undefined, hour_ms);
  await fleet.api('POST', `${platform}/builds/resume`, {});
  await fleet.passTime(() => migrationRow(fleet, site.id)?.failure === undefined, hour_ms);
  await fleet.api('DELETE', platform);
  await reach(fleet, site.id, 'imported');
  await call(fleet, 'POST', pathOf(site.id, 'migrate'));
}

// Answers of GitHub and Cloudflare that say nothing while a repository is read.
async function playGarbled(core: Core): Promise<void> {
  const fault = { when: 'before', answer: 200, body: '{}' } as const;
  const reads = ['github.list_repositories', 'github.get_repository', 'github.get_contents'];
  const operations = [...reads, 'cloudflare.project.get'];
  const plans = operations.map((operation) => ({ operation, times: 1, fault }));
  const { fleet } = openOldWorld(1, { core, faults: plannedFaults(1, plans) });
  await importAll(fleet);
  // A file where the folder of the configuration should be.
  const { fleet: odd } = openOldWorld(0, { core });
  const text = "export const authConfig = { provider: 'none' };\n";
  const files = { 'src/config': 'none', 'auth.config.ts': text };
  odd.github.repositories.plant(`neutrino-io/odd${suffix}`, { files });
  await importAll(odd, { repositories: [`odd${suffix}`], environments: ['dev'] });
}

/** Plays all of it. */
export async function playMigration(core: Core): Promise<void> {
  await playImports(core);
  const first = await open(core);
  await playRefusals(first);
  await playThrough(first);
  await playThrough(await open(core, { gitUploads: 'served' }));
  await playThrough(await open(core, { gitUploads: 'served', gitSwitches: 'forgotten' }));
  await playKept(await open(core));
  await playWalled(await open(core));
  await playHeld(await open(core));
  await playGarbled(core);
}
