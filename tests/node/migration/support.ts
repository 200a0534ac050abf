// A fleet with the world before Slipway around it: planted repositories, git-connected projects and
// custom domains, and what a person does to bring them over.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadCore } from '../../../bindings/js/load_node.ts';
import type { CallRecord } from '../../../simulator/cloudflare/index.ts';
import type { Phase1Platform, Phase1Project } from '../../../simulator/phase1/plant.ts';
import { plantPhase1 } from '../../../simulator/phase1/plant.ts';
import { account_id, Crash, Fleet, type FleetOptions } from '../crash/fleet.ts';
import { type CrashPoint, rows } from '../crash/scenario.ts';

const core = loadCore(join(import.meta.dirname, '../../../build/core.wasm'));

/** One minute and one hour of virtual time. */
export const minute_ms = 60_000;
/** See `minute_ms`. */
export const hour_ms = 60 * minute_ms;

/** The old world and the fleet that stands in it. */
export interface OldWorld {
  readonly fleet: Fleet;
  readonly platforms: readonly Phase1Platform[];
  /** Names of the outside calls so far. */
  readonly calls: readonly string[];
}

/** A reply of the API about an import. */
export interface ImportReport {
  readonly importId: string;
  readonly state: string;
  readonly read: number;
  readonly imported: number;
  readonly existing: number;
  readonly refused: number;
  readonly failure?: Problem;
  readonly items: readonly ImportLine[];
  readonly nextCursor?: string;
}

/** One line of it. */
export interface ImportLine {
  readonly repository: string;
  readonly platformId?: string;
  readonly outcome: string;
  readonly environments: readonly string[];
  readonly config?: string;
  readonly notes: readonly Problem[];
}

/** Why something rests. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
}

/** A reply of the API about a migration. */
export interface Migration {
  readonly state: string;
  readonly mode?: string;
  readonly project?: string;
  readonly url?: string;
  readonly failure?: Problem;
  readonly plan?: readonly string[];
  readonly domains: readonly {
    readonly name: string;
    readonly place: string;
    readonly status: string;
    readonly failure?: Problem;
  }[];
}

/** A site of the old world. */
export interface OldSite extends Phase1Project {
  readonly platformId: string;
  /** `acme/prod`. */
  readonly id: string;
}

/** Opens a fleet in a world with `count` planted platforms; the process dies at each point. */
export function openOldWorld(
  count: number,
  options: Partial<FleetOptions> = {},
  points: readonly CrashPoint[] = [],
): OldWorld {
  const calls: string[] = [];
  const seen = { before: 0, after: 0 };
  const fleet = new Fleet({
    core,
    ...options,
    account: { projectLimit: 1000, ...options.account },
    onCall: (name, phase) => {
      seen[phase] += 1;
      if (phase === 'before') calls.push(name);
      if (points.some((point) => point.k === seen[phase] && point.phase === phase)) {
        throw new Crash(`at ${name}`);
      }
    },
  });
  const planted = plantPhase1(fleet, { count, account: account_id, seed: options.seed ?? 1 });
  return { fleet, platforms: planted, calls };
}

/** Every site of these platforms. */
export function sitesOf(platforms: readonly Phase1Platform[]): OldSite[] {
  return platforms.flatMap(({ platformId, projects }) =>
    projects.map((project) => ({
      ...project,
      platformId,
      id: `${platformId}/${project.environment}`,
    })),
  );
}

/** Calls the API until it answers below 500: a client whose connection is cut tries again. */
export async function call<T>(
  fleet: Fleet,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: T; readonly text: string }> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      const { status, text } = await fleet.api(method, path, body);
      if (status < 500) return { status, text, body: JSON.parse(text) as T };
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
    }
  }
  return assert.fail(`${method} ${path} is not answered`);
}

/** Imports everything and waits for the report; all of its lines. */
export async function importAll(fleet: Fleet, body: object = { all: true }): Promise<ImportReport> {
  const begun = await call<ImportReport>(fleet, 'POST', '/api/v1/platforms/import', body);
  assert.equal(begun.status, 202, begun.text);
  const path = `/api/v1/imports/${begun.body.importId}`;
  let report = begun.body;
  const done = async (): Promise<boolean> => {
    report = (await call<ImportReport>(fleet, 'GET', path)).body;
    return report.state !== 'running';
  };
  assert.ok(await fleet.passTime(done, 6 * hour_ms), JSON.stringify(report));
  const items: ImportLine[] = [];
  for (let cursor = ''; ; ) {
    const page = await call<ImportReport>(fleet, 'GET', `${path}?limit=100${cursor}`);
    items.push(...page.body.items);
    if (page.body.nextCursor === undefined) return { ...report, items };
    cursor = `&cursor=${encodeURIComponent(page.body.nextCursor)}`;
  }
}

/** The path of a site's migration, with what follows. */
export function pathOf(site: string, below: string): string {
  const [platformId = '', environment = ''] = site.split('/');
  return `/api/v1/platforms/${platformId}/environments/${environment}/${below}`;
}

/** How far a site's migration is. */
export async function migrationOf(fleet: Fleet, site: string): Promise<Migration> {
  return (await call<Migration>(fleet, 'GET', pathOf(site, 'migration'))).body;
}

/** Asks for a site's migration, or for the end of it. */
export async function ask(
  fleet: Fleet,
  site: string,
  step: 'migrate' | 'migrate/confirm' | 'migrate/rollback',
  body?: object,
): Promise<Migration> {
  const {
    status,
    text,
    body: migration,
  } = await call<Migration>(fleet, 'POST', pathOf(site, step), body);
  assert.ok(status === 202 || status === 200, text);
  return migration;
}

/** Lets time pass until the site's migration is in the state; fails when it does not get there. */
export async function reach(
  fleet: Fleet,
  site: string,
  state: string,
  limit_ms = 2 * hour_ms,
): Promise<Migration> {
  const there = (): boolean => migrationRow(fleet, site)?.state === state;
  const reached = await fleet.passTime(there, limit_ms);
  const now = await migrationOf(fleet, site);
  assert.ok(reached, `${site} is ${JSON.stringify(now)}`);
  return now;
}

/** The part of a migration's row that tests read. */
export interface MigrationRow {
  readonly state: string;
  readonly failure?: Problem;
  readonly platform_id: string;
  readonly environment: string;
  readonly domains: readonly { readonly name: string; readonly place: string }[];
}

/** The stored rows of all migrations. */
export function migrationRows(fleet: Fleet): MigrationRow[] {
  return rows<MigrationRow>(fleet, 'migration');
}

/** The stored row of a site's migration. */
export function migrationRow(fleet: Fleet, site: string): MigrationRow | undefined {
  const found = fleet.db.sqlite.prepare('SELECT "row" FROM migration WHERE id = ?').get(site);
  return found && (JSON.parse(String(found.row)) as MigrationRow);
}

/** What a host serves: the deployment of Slipway, or the old world's build. */
export async function servedBy(fleet: Fleet, host: string): Promise<string> {
  const page = (path: string): Promise<Response> =>
    fleet.cloudflare.site(new Request(`http://sites.test/sites/${host}${path}`));
  const manifest = await page('/.well-known/slipway.json');
  const text = await manifest.text();
  if (manifest.status === 200 && text.startsWith('{')) {
    return (JSON.parse(text) as { deployment: string }).deployment;
  }
  const build = await page('/build.json');
  const old = build.status === 200 && (await build.text()).includes('"repository"');
  return old ? 'old' : `status ${manifest.status}`;
}

/** Calls that change something at Cloudflare, in their order. */
export function writes(fleet: Fleet): CallRecord[] {
  return fleet.cloudflare.log.filter(
    ({ method, path }) => method !== 'GET' && path.startsWith('/'),
  );
}

/** A simulated project. */
export interface SimulatedProject {
  readonly name: string;
  readonly subdomain: string;
  readonly kind: string;
  readonly domains: readonly { readonly name: string; readonly status: string }[];
  readonly canonical: string | null;
}

/** The projects at Cloudflare, by name. */
export function projects(fleet: Fleet): Map<string, SimulatedProject> {
  const state = fleet.cloudflare.state() as { accounts: { projects: SimulatedProject[] }[] };
  const all = state.accounts.flatMap((account) => account.projects);
  return new Map(all.map((project) => [project.name, project]));
}
