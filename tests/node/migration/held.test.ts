// A migration whose site is deleted, lives anew, is suspended or is not built: it goes back, waits
// with a reason, or goes on; it neither traps nor asks for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { push } from '../../../simulator/push.ts';
import { settle, siteOf } from '../platforms/support.ts';
import {
  ask,
  call,
  hour_ms,
  importAll,
  migrationOf,
  migrationRow,
  minute_ms,
  type OldSite,
  type OldWorld,
  openOldWorld,
  pathOf,
  projects,
  reach,
  servedBy,
  sitesOf,
} from './support.ts';

type Opened = OldWorld & { readonly site: OldSite; readonly platform: string };

/** The third platform's production site, which has a domain. */
async function openImported(options: Parameters<typeof openOldWorld>[1] = {}): Promise<Opened> {
  const world = openOldWorld(3, options);
  const third = world.platforms[2];
  const site = third && sitesOf([third]).find(({ environment }) => environment === 'prod');
  assert.ok(site);
  await importAll(world.fleet, { repositories: [`${site.platformId}-platform-console`] });
  return { ...world, site, platform: `/api/v1/platforms/${site.platformId}` };
}

async function pass({ fleet }: Opened, wait_ms: number): Promise<void> {
  const until_ms = fleet.clock.now() + wait_ms;
  await fleet.passTime(() => fleet.clock.now() >= until_ms, hour_ms);
}

/** Nothing is promised, folded rows are the stored ones, and no effect was given up. */
async function assertAtRest({ fleet }: Opened): Promise<void> {
  await settle(fleet, 12 * hour_ms);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const given_up = fleet.db.sqlite.prepare('SELECT count(*) AS n FROM dead_letter').get();
  assert.equal(given_up?.n, 0);
}

// Asks for the deletion, whatever the migration is at, and waits for its end.
async function deletePlatform(world: Opened): Promise<void> {
  const begun = await call(world.fleet, 'DELETE', world.platform);
  assert.equal(begun.status, 202, begun.text);
  await assertAtRest(world);
  assert.equal(siteOf(world.fleet, world.site.id).state, 'deleted');
}

async function assertOldServes({ fleet, site }: Opened): Promise<void> {
  const old = projects(fleet).get(site.name);
  assert.deepEqual(
    old?.domains.map(({ name }) => name),
    site.domains.map(({ name }) => name),
  );
  for (const { name } of site.domains) assert.equal(await servedBy(fleet, name), 'old');
  const built = push(fleet, `neutrino-io/${site.platformId}-platform-console`);
  assert.ok(built.every(({ skip_reason }) => skip_reason === undefined));
}

const moments = [0, 1_000, 3_000, 20_000, minute_ms, 90_000, 2 * minute_ms, 3 * minute_ms];

for (const way of ['new_project', 'in_place'] as const) {
  const account = way === 'in_place' ? ({ gitUploads: 'served' } as const) : {};
  test(`a platform is deleted at any moment of a migration, ${way}`, async () => {
    const states = new Set<string>();
    for (const wait_ms of moments) {
      const world = await openImported({ account });
      await ask(world.fleet, world.site.id, 'migrate');
      await pass(world, wait_ms);
      const before = migrationRow(world.fleet, world.site.id)?.state ?? '';
      states.add(before);
      await deletePlatform(world);
      const after = migrationRow(world.fleet, world.site.id);
      assert.equal(after?.state, before === 'migrated' ? 'migrated' : 'imported', before);
      assert.equal(after?.failure, undefined);
      const kept = way === 'new_project' || projects(world.fleet).has(world.site.name);
      if (kept && before !== 'migrated') await assertOldServes(world);
    }
    assert.ok(states.has('deploying') && states.size > 2, [...states].join());
  });

  test(`a platform is deleted while its migration is rolled back, ${way}`, async () => {
    for (const wait_ms of [0, 1_000, 5_000, 30_000]) {
      const world = await openImported({ account });
      await ask(world.fleet, world.site.id, 'migrate');
      await reach(world.fleet, world.site.id, wait_ms === 0 ? 'deploying' : 'migrated');
      await ask(world.fleet, world.site.id, 'migrate/rollback');
      await pass(world, wait_ms);
      await deletePlatform(world);
      assert.equal(migrationRow(world.fleet, world.site.id)?.state, 'imported');
    }
  });
}

test('a platform that was deleted and is made again is no part of the old migration', async () => {
  const world = await openImported({ account: { gitUploads: 'served' } });
  const { fleet, site } = world;
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate/rollback');
  await call(fleet, 'DELETE', world.platform);
  const gone = (): boolean => siteOf(fleet, site.id).state === 'deleted';
  await fleet.passTime(gone, hour_ms);
  const platform = { platformId: site.platformId, environments: ['prod'] };
  await settle(fleet);
  const made = await call(fleet, 'POST', '/api/v1/platforms', platform);
  assert.equal(made.status, 202, made.text);
  await assertAtRest(world);
  assert.equal(migrationRow(fleet, site.id)?.state, 'imported');
  const again = await call<{ code: string }>(fleet, 'POST', pathOf(site.id, 'migrate'));
  assert.deepEqual([again.status, again.body.code], [409, 'migration.state']);
});

for (const [verb, back, code] of [
  ['builds/pause', 'builds/resume', 'builds.paused'],
  ['suspend', 'resume', 'platform.suspended'],
] as const) {
  test(`a migration waits and says why: ${code}; then it goes on`, async () => {
    const world = await openImported();
    const { fleet, site, platform } = world;
    await ask(fleet, site.id, 'migrate');
    await reach(fleet, site.id, 'deploying');
    const held = await call(fleet, 'POST', `${platform}/${verb}`, { reason: 'a freeze' });
    assert.ok(held.status < 300, held.text);
    const told = (): boolean => migrationRow(fleet, site.id)?.failure !== undefined;
    assert.ok(await fleet.passTime(told, hour_ms));
    const { state, failure } = await migrationOf(fleet, site.id);
    assert.deepEqual([state, failure?.code], ['deploying', code]);
    assert.ok(failure?.next);
    const looks = fleet.github.log.length + fleet.cloudflare.log.length;
    await pass(world, hour_ms);
    assert.equal(fleet.github.log.length + fleet.cloudflare.log.length, looks, 'nobody is asked');
    await call(fleet, 'POST', `${platform}/${back}`, {});
    const migrated = await reach(fleet, site.id, 'migrated');
    assert.equal(migrated.failure, undefined);
    await assertAtRest(world);
  });

  test(`a migration that waits goes back when it is asked to: ${code}`, async () => {
    const world = await openImported();
    const { fleet, site, platform } = world;
    await ask(fleet, site.id, 'migrate');
    await reach(fleet, site.id, 'deploying');
    await fleet.passTime(() => siteOf(fleet, site.id).state === 'ready', hour_ms);
    await call(fleet, 'POST', `${platform}/${verb}`, {});
    await pass(world, 10 * minute_ms);
    await ask(fleet, site.id, 'migrate/rollback');
    await reach(fleet, site.id, 'imported');
    await call(fleet, 'POST', `${platform}/${back}`, {});
    await assertAtRest(world);
    assert.equal(siteOf(fleet, site.id).state, 'imported');
    await assertOldServes(world);
    assert.ok(!projects(fleet).has(`${site.platformId}-prod-site`));
  });
}

// The simulation found it: a project that was taken over keeps its repository, and is ours.
test('migrated in place, suspended and resumed, a site is ready again', async () => {
  const world = await openImported({ account: { gitUploads: 'served' } });
  const { fleet, site, platform } = world;
  await ask(fleet, site.id, 'migrate', { mode: 'in_place' });
  await reach(fleet, site.id, 'migrated');
  for (const below of ['suspend', 'resume']) {
    assert.ok((await call(fleet, 'POST', `${platform}/${below}`, {})).status < 300);
    await pass(world, 5 * minute_ms);
  }
  assert.equal(siteOf(fleet, site.id).state, 'ready');
});
