// Taking sites over by a new project: verified by its bytes before anything old is touched, domains
// one by one, and everything can go back until it is confirmed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { push } from '../../../simulator/push.ts';
import { account_id } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  ask,
  call,
  hour_ms,
  importAll,
  type Migration,
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
  writes,
} from './support.ts';

/** The third platform: its domain is kept at Cloudflare. */
const plain = 2;
/** The first platform: people keep the record of its domain by hand. */
const byHand = 0;

async function openImported(
  index: number,
  options: Parameters<typeof openOldWorld>[1] = {},
): Promise<OldWorld & { site: OldSite; domain: string }> {
  const world = openOldWorld(3, options);
  await importAll(world.fleet);
  const platform = world.platforms[index];
  assert.ok(platform);
  const site = sitesOf([platform]).find(({ environment }) => environment === 'prod');
  const domain = site?.domains[0]?.name;
  assert.ok(site && domain);
  return { ...world, site, domain };
}

test('a site moves to a new project with its domain; the old one goes when confirmed', async () => {
  const { fleet, site, domain } = await openImported(plain);
  await ask(fleet, site.id, 'migrate');
  const migrated = await reach(fleet, site.id, 'migrated');
  const project = `${site.platformId}-prod-site`;
  assert.deepEqual([migrated.mode, migrated.project], ['new_project', project]);
  assert.equal(migrated.url, `https://${project}.pages.dev`);
  assert.deepEqual(
    migrated.domains.map(({ name, place, status }) => [name, place, status]),
    [[domain, 'new', 'active']],
  );
  const [deployment] = rows<{ id: string }>(fleet, 'deployment');
  assert.equal(await servedBy(fleet, domain), deployment?.id);
  assert.equal(await servedBy(fleet, site.subdomain), 'old', 'the old address still serves');
  const [outcome] = push(fleet, `neutrino-io/${site.platformId}-platform-console`).filter(
    (each) => each.project === site.name,
  );
  assert.equal(outcome?.skip_reason, 'production_deployments_disabled');

  await ask(fleet, site.id, 'migrate/confirm');
  await reach(fleet, site.id, 'confirmed');
  assert.ok(!projects(fleet).has(site.name), 'the old project is gone');
  assert.equal(await servedBy(fleet, domain), deployment?.id);
  const late = await call(fleet, 'POST', pathOf(site.id, 'migrate/rollback'));
  assert.equal(late.status, 409);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('nothing old is touched before the replacement served its bytes', async () => {
  const { fleet, site, domain } = await openImported(plain);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  const touched = writes(fleet).find(({ path }) => path.includes(`/projects/${site.name}`));
  const verified = fleet.db.sqlite
    .prepare(`SELECT at_ms FROM journal WHERE json_extract(event, '$.type') = 'deployment_live'`)
    .get();
  assert.ok(touched && Number(verified?.at_ms) <= touched.at_ms);
  const read = fleet.cloudflare.log.filter(
    ({ path }) =>
      path === `sites.test/sites/${site.platformId}-prod-site.pages.dev/.well-known/slipway.json`,
  );
  assert.ok(read[0] && read[0].seq < touched.seq, 'its manifest was read before');
  assert.ok(domain);
});

test('a confirmed migration may keep the old project', async () => {
  const { fleet, site } = await openImported(plain);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate/confirm', { keepOld: true });
  await reach(fleet, site.id, 'confirmed');
  assert.ok(projects(fleet).has(site.name));
});

test('a rollback brings back domain, pushes and projects as they were', async () => {
  const { fleet, site, domain } = await openImported(plain);
  const before = projects(fleet).get(site.name);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate/rollback');
  const back = await reach(fleet, site.id, 'imported');
  assert.deepEqual([back.mode, back.project, back.failure], [undefined, undefined, undefined]);
  assert.deepEqual(projects(fleet).get(site.name), before);
  assert.ok(!projects(fleet).has(`${site.platformId}-prod-site`), 'the new project is gone');
  assert.equal(await servedBy(fleet, domain), 'old');
  const built = push(fleet, `neutrino-io/${site.platformId}-platform-console`);
  assert.ok(built.every(({ skip_reason }) => skip_reason === undefined));
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  assert.notEqual(await servedBy(fleet, domain), 'old', 'it can be migrated again');
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('a rollback on the way waits for what is under way, and leaves nothing', async () => {
  const { fleet, site } = await openImported(plain);
  for (const wait_ms of [0, 3_000, 20_000, minute_ms]) {
    const before = JSON.stringify(projects(fleet).get(site.name));
    await ask(fleet, site.id, 'migrate');
    const until_ms = fleet.clock.now() + wait_ms;
    await fleet.passTime(() => fleet.clock.now() >= until_ms, hour_ms);
    await ask(fleet, site.id, 'migrate/rollback');
    await reach(fleet, site.id, 'imported');
    await fleet.passTime(() => fleet.clock.now() >= until_ms + hour_ms, 2 * hour_ms);
    assert.ok(!projects(fleet).has(`${site.platformId}-prod-site`), `after ${wait_ms} ms`);
    assert.equal(JSON.stringify(projects(fleet).get(site.name)), before);
  }
});

test('a rollback while the domain is on its way brings it back', async () => {
  const { fleet, site, domain } = await openImported(plain);
  const before = projects(fleet).get(site.name);
  await ask(fleet, site.id, 'migrate');
  const isOnItsWay = (): boolean =>
    migrationRow(fleet, site.id)?.domains.some(({ place }) => place === 'moving') === true;
  assert.ok(await fleet.passTime(isOnItsWay, 2 * hour_ms));
  await ask(fleet, site.id, 'migrate/rollback');
  await reach(fleet, site.id, 'imported');
  assert.deepEqual(projects(fleet).get(site.name), before);
  assert.equal(await servedBy(fleet, domain), 'old');
});

test('a dry run touches nothing and says what would be done', async () => {
  const { fleet, site, domain } = await openImported(plain);
  const journal = (): unknown =>
    fleet.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n;
  const before = journal();
  const { status, body } = await call<Migration>(
    fleet,
    'POST',
    pathOf(site.id, 'migrate?dryRun=true'),
  );
  assert.equal(status, 200);
  assert.deepEqual([body.state, body.mode], ['imported', 'new_project']);
  assert.equal(body.plan?.length, 4);
  assert.ok(body.plan?.some((step) => step.includes(domain)));
  assert.deepEqual(writes(fleet), []);
  assert.equal(journal(), before);
});

test('a domain whose record is kept outside stays where it is until that changes', async () => {
  const { fleet, site, domain } = await openImported(byHand);
  await ask(fleet, site.id, 'migrate');
  const migrated = await reach(fleet, site.id, 'migrated');
  const [kept] = migrated.domains;
  assert.deepEqual([kept?.place, kept?.status], ['kept', 'active']);
  assert.equal(kept?.failure?.code, 'migration.domain_pending');
  assert.ok(kept?.failure?.detail.includes(`${site.platformId}-prod-site.pages.dev`));
  assert.equal(await servedBy(fleet, domain), 'old');
  const times = writes(fleet)
    .filter(({ operation }) => operation.startsWith('cloudflare.domain.'))
    .map(({ at_ms }) => at_ms);
  const away_ms = Math.max(...times) - Math.min(...times);
  assert.ok(times.length === 4 && away_ms < minute_ms, `it was away for ${away_ms} ms`);
  const early = await call<{ code: string }>(fleet, 'POST', pathOf(site.id, 'migrate/confirm'));
  assert.deepEqual([early.status, early.body.code], [409, 'migration.domains_left']);

  fleet.cloudflare.domain(domain, { cname: `${site.platformId}-prod-site.pages.dev` });
  const moved = (): boolean =>
    migrationRow(fleet, site.id)?.domains[0]?.place === 'new' &&
    migrationRow(fleet, site.id)?.state === 'migrated';
  assert.ok(
    await fleet.passTime(moved, hour_ms),
    JSON.stringify(await migrationOf(fleet, site.id)),
  );
  assert.notEqual(await servedBy(fleet, domain), 'old');
  await ask(fleet, site.id, 'migrate/confirm');
  await reach(fleet, site.id, 'confirmed');
});

test('a domain that Cloudflare refuses to validate goes back', async () => {
  const { fleet, site, domain } = await openImported(plain);
  fleet.cloudflare.domain(domain, { outcome: 'active' });
  await ask(fleet, site.id, 'migrate');
  const added = (): boolean => migrationRow(fleet, site.id)?.state === 'moving';
  await fleet.passTime(added, hour_ms);
  fleet.cloudflare.domain(domain, { outcome: 'error' });
  const back = (): boolean => migrationRow(fleet, site.id)?.domains[0]?.place === 'putting_back';
  assert.ok(await fleet.passTime(back, hour_ms));
  fleet.cloudflare.domain(domain, { outcome: 'active' });
  const migrated = await reach(fleet, site.id, 'migrated');
  assert.deepEqual(
    migrated.domains.map(({ place }) => place),
    ['kept'],
  );
  assert.equal(projects(fleet).get(site.name)?.domains[0]?.name, domain);
});

test('a project that is not connected to the repository is refused before anything', async () => {
  const { fleet, site } = await openImported(plain);
  const other = sitesOf((await openImported(plain)).platforms)[0];
  const dry = await call<Migration>(fleet, 'POST', pathOf(site.id, 'migrate?dryRun=true'), {
    oldProject: other?.name,
  });
  assert.equal(dry.body.failure?.code, 'migration.project_foreign');
  await ask(fleet, site.id, 'migrate', { oldProject: 'nobody' });
  const refused = await fleet.passTime(
    () => migrationRow(fleet, site.id)?.failure !== undefined,
    hour_ms,
  );
  assert.ok(refused);
  assert.equal(migrationRow(fleet, site.id)?.failure?.code, 'migration.project_missing');
  assert.deepEqual(writes(fleet), []);
});

test('a build that fails stops the migration, which goes on when it is asked again', async () => {
  let broken = true;
  const failures = (): string | undefined => (broken ? 'build_failed' : undefined);
  const { fleet, site } = await openImported(plain, { runner: { failures } });
  await ask(fleet, site.id, 'migrate');
  const stopped = (): boolean => migrationRow(fleet, site.id)?.failure !== undefined;
  assert.ok(await fleet.passTime(stopped, hour_ms));
  assert.equal(migrationRow(fleet, site.id)?.failure?.code, 'build.failed');
  assert.equal(await servedBy(fleet, site.subdomain), 'old');
  broken = false;
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
});

test('an old project with many deployments is deleted, bit by bit', async () => {
  const { fleet, site } = await openImported(plain);
  const repository = `neutrino-io/${site.platformId}-platform-console`;
  for (let index = 0; index < 110; index += 1) push(fleet, repository);
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
  await ask(fleet, site.id, 'migrate/confirm');
  await reach(fleet, site.id, 'confirmed');
  assert.ok(!projects(fleet).has(site.name));
});

test('a wall in front of the new project stops it before anything old is touched', async () => {
  const { fleet, site } = await openImported(plain);
  const project = `${site.platformId}-prod-site`;
  fleet.cloudflare.behave(project, { serves: 'access' });
  await ask(fleet, site.id, 'migrate');
  const stopped = (): boolean => migrationRow(fleet, site.id)?.failure !== undefined;
  assert.ok(await fleet.passTime(stopped, hour_ms));
  assert.equal(migrationRow(fleet, site.id)?.failure?.code, 'migration.unverified');
  assert.ok(writes(fleet).every(({ path }) => !path.includes(`/projects/${site.name}`)));
  fleet.cloudflare.behave(project, {});
  await ask(fleet, site.id, 'migrate');
  await reach(fleet, site.id, 'migrated');
});

test('an imported site is not deployed by anything else', async () => {
  const { fleet, site } = await openImported(plain);
  const asked = await call<{ code: string }>(fleet, 'POST', pathOf(site.id, 'deployments'));
  assert.deepEqual([asked.status, asked.body.code], [409, 'site.imported']);
  const unknown = await call<{ code: string }>(
    fleet,
    'GET',
    '/api/v1/platforms/nobody/environments/prod/migration',
  );
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'platform.unknown']);
  await fleet.api('POST', '/api/v1/platforms', { platformId: 'fresh', environments: ['dev'] });
  const fresh = await call<{ code: string }>(fleet, 'POST', pathOf('fresh/dev', 'migrate'));
  assert.deepEqual([fresh.status, fresh.body.code], [404, 'migration.unknown']);
  assert.equal(account_id.length, 32);
});
