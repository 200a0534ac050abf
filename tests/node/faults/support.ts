// What the fault tests share: a fleet whose outside misbehaves as planned, the end of a scenario,
// and the invariants that hold at every instant and at the end, whatever went wrong.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadCore } from '../../../bindings/js/load_node.ts';
import {
  type FaultPlan,
  type PlannedFaults,
  plannedFaults,
} from '../../../simulator/base/faults.ts';
import { type Answer, Fleet, type FleetOptions } from '../crash/fleet.ts';
import { rows, type Scenario } from '../crash/scenario.ts';
import type { SqliteDb } from '../support/sqlite_db.ts';
import { dueKeys, waitingBatches, waitingSites } from './waiting.ts';

/** The core under test. */
export const core = loadCore(join(import.meta.dirname, '../../../build/core.wasm'));

/** One minute and one hour of virtual time, in milliseconds. */
export const minute_ms = 60_000;
export const hour_ms = 60 * minute_ms;

/** The platform that most tests create: one site. */
export const acme: Scenario = {
  requests: [
    {
      method: 'POST',
      path: '/api/v1/platforms',
      body: { platformId: 'acme', name: 'Acme', environments: ['dev'] },
    },
  ],
  sites: ['acme/dev'],
};

/** Where the site of `acme` is deployed again. */
export const deployments_path = '/api/v1/platforms/acme/environments/dev/deployments';

/** Why something rests. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
}

/** The part of a deployment's row that tests read. */
export interface DeploymentRow {
  readonly id: string;
  readonly site: string;
  readonly state: string;
  readonly batch_id: string;
  readonly run_id?: string;
  readonly config_version: number;
  readonly reasons: readonly string[];
  readonly attempt: number;
  readonly verified?: string;
  readonly manifest_digest?: string;
  readonly failure?: Failure;
}

/** The part of a site's row that tests read. */
export interface SiteRow {
  readonly platform_id: string;
  readonly environment: string;
  readonly state: string;
  readonly subdomain?: string;
  readonly adopted: boolean;
  readonly account: string;
  readonly queued?: { readonly queue: string };
  readonly create_attempts: number;
  readonly blocked?: Failure;
  readonly desired: { readonly revision: number; readonly reasons: readonly string[] };
  readonly live?: { readonly deployment_id: string; readonly revision: number };
  readonly active?: DeploymentRow;
  readonly last?: DeploymentRow;
}

/** The part of a batch's row that tests read. */
export interface BatchRow {
  readonly id: string;
  readonly state: string;
  readonly run_id?: string;
  readonly dispatch_key?: string;
  readonly failure?: Failure;
}

/** A fleet with planned faults of both upstreams. */
export class FaultyFleet extends Fleet {
  readonly faults: PlannedFaults;
  readonly #pause: { on: boolean };

  constructor(options: FleetOptions, plans: readonly FaultPlan[]) {
    const faults = plannedFaults(options.seed ?? 1, [...plans]);
    const pause = { on: false };
    const take = (operation: string) => (pause.on ? undefined : faults.take(operation));
    super({ ...options, faults: { take } });
    this.faults = faults;
    this.#pause = pause;
  }

  /**
   * Asks the simulated GitHub below the builder's repository; no fault strikes, none is used up.
   */
  async askGithub(method: string, below: string): Promise<Response> {
    const url = `http://github.test/repos/neutrino-io/nno-platform-builder${below}`;
    const headers = { authorization: 'Bearer github-token', 'user-agent': 'test' };
    this.#pause.on = true;
    const answer = await this.github.fetch(new Request(url, { method, headers }));
    this.#pause.on = false;
    return answer;
  }
}

/** A fleet; `plans` are the faults of both upstreams. */
export function openFleet(
  options: Partial<FleetOptions> = {},
  plans: readonly FaultPlan[] = [],
): FaultyFleet {
  return new FaultyFleet({ core, ...options }, plans);
}

/** The one site's row; fails when there is another number of sites. */
export function onlySite(fleet: Fleet): SiteRow {
  const [site, ...others] = rows<SiteRow>(fleet, 'site');
  assert.ok(site !== undefined && others.length === 0, 'there is one site');
  return site;
}

/** All deployments, oldest first. */
export function deployments(fleet: Fleet): DeploymentRow[] {
  return rows<DeploymentRow>(fleet, 'deployment');
}

/** All batches, oldest first. */
export function batches(fleet: Fleet): BatchRow[] {
  return rows<BatchRow>(fleet, 'batch');
}

/** Asks for the platform; the answer must be 202. */
export async function create(fleet: Fleet, scenario: Scenario = acme): Promise<void> {
  for (const { method, path, body } of scenario.requests) {
    const { status, text } = await fleet.api(method, path, body);
    assert.equal(status, 202, text);
  }
}

/** Whether nothing is promised any more. */
export function isSettled(fleet: Fleet): boolean {
  return dueKeys(fleet.db).size === 0;
}

/** Lets time pass until all is settled; at every instant nothing may be without a due time. */
export async function settle(fleet: Fleet, limit_ms = 2 * hour_ms): Promise<void> {
  const done = (): boolean => {
    assertNothingStuck(fleet);
    return isSettled(fleet);
  };
  const settled = await fleet.passTime(done, limit_ms);
  assert.ok(settled, `not settled: ${JSON.stringify(rows(fleet, 'site'))}`);
}

/** Lets `ms` of virtual time pass. */
export async function pass(fleet: Fleet, ms: number): Promise<void> {
  const end_ms = fleet.clock.now() + ms;
  await fleet.passTime(() => {
    assertNothingStuck(fleet);
    return fleet.clock.now() >= end_ms;
  }, 2 * ms);
}

/** Creates the platform and goes on to its end. */
export async function playToEnd(fleet: FaultyFleet, limit_ms = 3 * hour_ms): Promise<void> {
  await create(fleet);
  await settle(fleet, limit_ms);
  await assertInvariants(fleet);
}

/** The calls of one operation, or of all that begin with it and end in `*`, so far. */
export function callsOf(fleet: Fleet, operation: string): { at_ms: number; status: number }[] {
  const prefix = operation.endsWith('*') ? operation.slice(0, -1) : undefined;
  const all = [...fleet.github.log, ...fleet.cloudflare.log];
  return all.filter((call) =>
    prefix === undefined ? call.operation === operation : call.operation.startsWith(prefix),
  );
}

/** Asserts that two more hours bring no call to any upstream: nothing is retried. */
export async function assertQuiet(fleet: Fleet): Promise<void> {
  const before = callsOf(fleet, '*').length;
  await pass(fleet, 2 * hour_ms);
  assert.equal(callsOf(fleet, '*').length - before, 0, 'no upstream is called again');
}

/** Asserts that the site's one attempt rests as failed with this code and a next step. */
export function assertFailed(fleet: Fleet, code: string, state = 'failed'): Failure {
  const { active, last } = onlySite(fleet);
  assert.equal(active, undefined);
  assert.equal(last?.state, state, JSON.stringify(last));
  return assertFailure(last.failure, code);
}

/** Asserts that the site is blocked with this code and a next step. */
export function assertBlocked(fleet: Fleet, code: string): Failure {
  const { state, blocked } = onlySite(fleet);
  assert.equal(state, 'blocked');
  return assertFailure(blocked, code);
}

function assertFailure(failure: Failure | undefined, code: string): Failure {
  assert.ok(failure !== undefined, 'there is a reason');
  assert.equal(failure.code, code, JSON.stringify(failure));
  assert.ok(failure.next.length > 10, 'a person is told what to do');
  return failure;
}

/** Asserts that the site serves its wish. */
export function assertLive(fleet: Fleet): DeploymentRow {
  const { desired, live, active, blocked, last } = onlySite(fleet);
  const seen = JSON.stringify({ active, last, blocked });
  assert.equal(active, undefined, seen);
  assert.equal(live?.revision, desired.revision, seen);
  assert.ok(last !== undefined);
  assert.equal(last.state, 'live');
  return last;
}

/** So much had been written when nothing was stuck. */
const sound = new WeakMap<SqliteDb, number>();

/** Asserts that whatever is not at rest will be looked at: nobody waits for what never comes. */
export function assertNothingStuck(fleet: Fleet): void {
  const { changes } = fleet.db.sqlite.prepare('SELECT total_changes() AS changes').get() ?? {};
  if (sound.get(fleet.db) === changes) return;
  const due = dueKeys(fleet.db);
  for (const { id, keys } of [...waitingSites(fleet.db), ...waitingBatches(fleet.db)]) {
    const looked = keys.length === 0 || keys.some((key) => due.has(key));
    assert.ok(looked, `${id} is forgotten: ${keys.join(', ')} has no due time`);
  }
  sound.set(fleet.db, Number(changes));
}

/** Asserts what holds at every end, good or bad. */
export async function assertInvariants(fleet: FaultyFleet): Promise<void> {
  assert.deepEqual(await fleet.unequalAggregates(), [], 'the journals fold to the rows');
  await assertOneRunEach(fleet);
  assertNoSecret(fleet);
  const failures = fleet.logged.filter(({ event }) => /failed/.test(event));
  assert.deepEqual(failures, [], 'no run broke off');
}

/** The titles of all runs at GitHub. */
export async function runTitles(fleet: FaultyFleet): Promise<string[]> {
  const answer = await fleet.askGithub('GET', '/actions/runs?per_page=100');
  const { workflow_runs } = (await answer.json()) as { workflow_runs: { display_title: string }[] };
  return workflow_runs.map((run) => run.display_title);
}

async function assertOneRunEach(fleet: FaultyFleet): Promise<void> {
  const keys = (await runTitles(fleet)).map((title) => title.split(' ')[0] ?? '');
  const dispatched = keys.filter((key) => key !== 'manual');
  assert.equal(new Set(dispatched).size, dispatched.length, 'no key started two runs');
}

// Everything that is stored or logged, searched for the secrets of the instance.
function assertNoSecret(fleet: Fleet): void {
  const tables = ['journal', 'platform', 'config_version', 'site', 'deployment', 'batch'];
  const stored = [...tables, 'operation', 'account', 'document', 'outbox'].map((table) =>
    JSON.stringify(fleet.db.sqlite.prepare(`SELECT * FROM ${table}`).all()),
  );
  const text = stored.join('\n') + JSON.stringify(fleet.logged);
  for (const secret of ['cloudflare-token', 'github-token', 'admin-key', 'internal-key']) {
    assert.ok(!text.includes(secret), `${secret} is stored or logged`);
  }
}

/** The reply's body, which must be a problem document of this status and code. */
export function problemOf(answer: Answer, status: number, code: string): Record<string, unknown> {
  assert.equal(answer.status, status, answer.text);
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  assert.equal(problem.code, code);
  return problem;
}
