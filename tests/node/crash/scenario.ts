// A scenario is a few API calls and the state that they must lead to, however often the process
// dies on the way. `countCalls` finds out how many outside calls it makes; `crashAt` kills it at
// one of them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadCore } from '../../../bindings/js/load_node.ts';
import type { Faults } from '../../../simulator/base/contract.ts';
import type { CallPhase } from '../support/countable.ts';
import { Crash, Fleet, type FleetOptions } from './fleet.ts';

const core = loadCore(join(import.meta.dirname, '../../../build/core.wasm'));
const hour_ms = 3_600_000;

/** What is done, and when it is finished. */
export interface Scenario {
  /** Repeated until the API accepts each call: a client whose connection is cut tries again. */
  readonly requests: readonly { method: string; path: string; body: unknown }[];
  /** Ids of the sites that must end up serving what they should. */
  readonly sites: readonly string[];
}

/** One outside call at which the process dies. */
export interface CrashPoint {
  /** Counts the beginnings (`before`) or the ends (`after`) of outside calls from 1. */
  readonly k: number;
  readonly phase: CallPhase;
}

/** A fleet with a plan of crashes; `calls` is what was called so far. */
export function openFleet(
  points: readonly CrashPoint[] = [],
  faults?: Faults,
  options: Partial<FleetOptions> = {},
): OpenFleet {
  const calls: string[] = [];
  const seen = { before: 0, after: 0 };
  const onCall = (name: string, phase: CallPhase): void => {
    seen[phase] += 1;
    if (phase === 'before') calls.push(name);
    if (points.some((point) => point.k === seen[phase] && point.phase === phase)) {
      throw new Crash(`at ${name}`);
    }
  };
  const fleet = new Fleet({
    ...options,
    core,
    onCall,
    ...(faults === undefined ? {} : { faults }),
  });
  return { fleet, calls };
}

/** A fleet and the names of the outside calls it has made. */
export interface OpenFleet {
  readonly fleet: Fleet;
  readonly calls: readonly string[];
}

/** Runs the scenario to its end, whatever happens on the way; fails when it does not get there. */
export async function play(fleet: Fleet, scenario: Scenario): Promise<void> {
  for (const { method, path, body } of scenario.requests) {
    await accepted(fleet, method, path, body);
  }
  const settled = await fleet.passTime(() => isSettled(fleet), 2 * hour_ms);
  assert.ok(settled, `not settled: ${JSON.stringify(siteRows(fleet))}`);
}

async function accepted(fleet: Fleet, method: string, path: string, body: unknown): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      const { status } = await fleet.api(method, path, body);
      if (status === 202) return;
      assert.ok(status >= 500, `unexpected answer ${status}`);
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
    }
  }
  assert.fail(`${method} ${path} is not accepted`);
}

function isSettled(fleet: Fleet): boolean {
  const pending = fleet.db.sqlite
    .prepare('SELECT count(*) AS count FROM outbox WHERE due_at_ms IS NOT NULL')
    .get();
  return pending?.count === 0;
}

/** The stored rows of a table, parsed. */
export function rows<Row = Record<string, unknown>>(fleet: Fleet, table: string): Row[] {
  const found = fleet.db.sqlite.prepare(`SELECT "row" FROM ${table} ORDER BY id`).all();
  return found.map(({ row }) => JSON.parse(String(row)) as Row);
}

function siteRows(fleet: Fleet): unknown {
  return rows(fleet, 'site');
}

/** Everything that must hold when all is settled, whatever happened before. */
export async function assertConverged(fleet: Fleet, scenario: Scenario): Promise<void> {
  const sites = new Map(
    rows<SiteRow>(fleet, 'site').map((row) => [`${row.platform_id}/${row.environment}`, row]),
  );
  assert.deepEqual([...sites.keys()].sort(), [...scenario.sites].sort());
  for (const [id, site] of sites) {
    const { live, desired, active, blocked } = site;
    assert.equal(blocked, undefined, id);
    assert.equal(active, undefined, id);
    assert.equal(live?.revision, desired.revision, `${id} serves its wish`);
  }
  assertOneProjectEach(fleet, scenario);
  assertOneSuccessEach(fleet, scenario);
  assertKeysUsedOnce(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
}

interface SiteRow {
  platform_id: string;
  environment: string;
  live?: { revision: number };
  desired: { revision: number };
  active?: unknown;
  blocked?: unknown;
}

function assertOneProjectEach(fleet: Fleet, scenario: Scenario): void {
  const state = fleet.cloudflare.state() as { accounts: { projects: SimulatedProject[] }[] };
  const projects = state.accounts.flatMap((account) => account.projects);
  const wanted = scenario.sites.map((site) => `${site.replace('/', '-')}-portal`).sort();
  assert.deepEqual(projects.map((project) => project.name).sort(), wanted);
  for (const { name, kind } of projects) assert.equal(kind, 'direct_upload', name);
}

interface SimulatedProject {
  name: string;
  kind: string;
}

function assertOneSuccessEach(fleet: Fleet, scenario: Scenario): void {
  for (const site of scenario.sites) {
    const states = rows(fleet, 'deployment')
      .filter((row) => row.site === site)
      .map((row) => row.state);
    assert.deepEqual(states, ['live'], `${site} has one deployment, and it is live`);
  }
}

/** No key was sent twice: that would be two runs of one name. */
export function assertKeysUsedOnce(fleet: Fleet): void {
  const sent = fleet.db.sqlite
    .prepare(
      `SELECT json_extract(event, '$.dispatch_key') AS key, count(*) AS count FROM journal
       WHERE json_extract(event, '$.type') = 'batch_dispatch_started' GROUP BY key`,
    )
    .all();
  for (const { key, count } of sent) assert.equal(count, 1, `key ${key}`);
  const posts = fleet.github.log.filter(
    (call) => call.operation === 'github.dispatch' && call.status < 300,
  );
  assert.ok(posts.length <= sent.length, 'no key was posted twice');
}
