// Twenty-five platforms of the old world come over while the process is killed twice on the way:
// all are served from Slipway's deployments, nothing old was touched before its replacement was
// verified, and every custom domain is still there.
import assert from 'node:assert/strict';
import type { CallRecord } from '../../../simulator/cloudflare/index.ts';
import type { Fleet, FleetOptions } from '../crash/fleet.ts';
import { type CrashPoint, rows } from '../crash/scenario.ts';
import {
  ask,
  call,
  hour_ms,
  importAll,
  type Migration,
  migrationRow,
  migrationRows,
  type OldSite,
  type OldWorld,
  openOldWorld,
  servedBy,
  sitesOf,
  writes,
} from './support.ts';

/** So many platforms come over. */
export const count = 25;

async function importEverything({ fleet, platforms }: OldWorld): Promise<OldSite[]> {
  const report = await importAll(fleet);
  assert.equal(report.refused, 0);
  assert.equal(rows(fleet, 'platform').length, count);
  return sitesOf(platforms);
}

/** Imports and migrates all. */
export async function migrateEverything(world: OldWorld): Promise<OldSite[]> {
  const { fleet } = world;
  const sites = await importEverything(world);
  for (const { id } of sites) await ask(fleet, id, 'migrate');
  await allReach(fleet, sites, 'migrated');
  await changeRecords(fleet, sites);
  return sites;
}

/** Waits until all are in the state. */
export async function allReach(
  fleet: Fleet,
  sites: readonly OldSite[],
  state: string,
): Promise<void> {
  const wanted = new Set(sites.map(({ id }) => id));
  const waiting = (): string[] =>
    migrationRows(fleet)
      .filter((row) => row.state !== state && wanted.has(`${row.platform_id}/${row.environment}`))
      .map((row) => JSON.stringify(row));
  const reached = await fleet.passTime(() => waiting().length === 0, 6 * hour_ms);
  assert.ok(reached, `not ${state}: ${waiting().join('\n')}`);
}

// What a person does about domains whose record is kept outside: change it to the new host.
async function changeRecords(fleet: Fleet, sites: readonly OldSite[]): Promise<void> {
  const kept = sites.flatMap(({ id, platformId }) =>
    (migrationRow(fleet, id)?.domains ?? [])
      .filter(({ place }) => place === 'kept')
      .map(({ name }) => ({ id, name, host: `${platformId}-prod-site.pages.dev` })),
  );
  for (const { name, host } of kept) {
    assert.equal(await servedBy(fleet, name), 'old', `${name} is served meanwhile`);
    fleet.cloudflare.domain(name, { cname: host });
  }
  if (kept.length === 0) return;
  const moved = (): boolean =>
    migrationRows(fleet).every(
      ({ state, domains }) => state === 'migrated' && domains.every(({ place }) => place === 'new'),
    );
  assert.ok(await fleet.passTime(moved, 6 * hour_ms), 'the domains follow their records');
}

/** Every site, at its own host and at each of its domains, is served by its own deployment. */
export async function assertServed(fleet: Fleet, sites: readonly OldSite[]): Promise<void> {
  const live = new Map(
    rows<{ platform_id: string; environment: string; live?: { deployment_id: string } }>(
      fleet,
      'site',
    ).map((row) => [`${row.platform_id}/${row.environment}`, row.live?.deployment_id]),
  );
  for (const { id, domains } of sites) {
    const { body } = await call<Migration>(
      fleet,
      'GET',
      `/api/v1/platforms/${id.replace('/', '/environments/')}/migration`,
    );
    const hosts = [String(body.url).slice('https://'.length), ...domains.map(({ name }) => name)];
    for (const host of hosts) assert.equal(await servedBy(fleet, host), live.get(id), host);
    assert.equal(body.domains.length, domains.length, `${id} keeps its domains`);
  }
  assert.equal(new Set(live.values()).size, sites.length);
}

/** Of each old project: the first write to it came after its replacement's bytes were read. */
function assertVerifiedFirst(fleet: Fleet, sites: readonly OldSite[]): void {
  const log = fleet.cloudflare.log;
  const changed = writes(fleet);
  const aims = (path: string, project: string): boolean =>
    new RegExp(`/projects/${project}(/|$|\\?)`).test(path);
  for (const { name, platformId, environment } of sites) {
    const first = changed.find(({ path }) => aims(path, name));
    const host = `${platformId}-${environment}-site.pages.dev`;
    const read = log.findLast(
      ({ path, seq, status }: CallRecord) =>
        path.includes(`/${host}/.well-known/slipway.json`) &&
        status === 200 &&
        (first === undefined || seq < first.seq),
    );
    assert.ok(first, `${name} was switched off in the end`);
    assert.ok(read, `${name} was touched before ${host} had served`);
  }
}

async function play(
  options: Partial<FleetOptions>,
  points: readonly CrashPoint[],
): Promise<OldWorld> {
  const world = openOldWorld(count, options, points);
  const sites = await migrateEverything(world);
  await assertServed(world.fleet, sites);
  assertVerifiedFirst(world.fleet, sites);
  assert.deepEqual(await world.fleet.unequalAggregates(), []);
  assert.equal(world.fleet.crashes, points.length);
  return world;
}

/**
 * Two kills, as parts of the smooth run's calls: after a kill there are fewer of them, because what
 * was queued is lost and comes back all at once.
 */
function killsOf(seed: number, calls: number): CrashPoint[] {
  const first = Math.floor(calls * (0.08 + 0.06 * seed));
  const second = Math.floor(calls * (0.3 + 0.06 * seed));
  return [
    { k: first, phase: seed % 2 === 0 ? 'before' : 'after' },
    { k: second, phase: seed % 2 === 0 ? 'after' : 'before' },
  ];
}

/** Once without and once with two kills, which the seed places. */
export async function killedTwice(seed: number): Promise<void> {
  const smooth = await play({ seed }, []);
  await play({ seed }, killsOf(seed, smooth.calls.length));
}
