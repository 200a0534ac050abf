// What the tests of platforms share: platforms that are live, calls that are repeated as a client
// repeats them, and what is left at Cloudflare and in the storage.
import assert from 'node:assert/strict';
import type { Answer, Fleet } from '../crash/fleet.ts';
import { type CrashPoint, openFleet, rows } from '../crash/scenario.ts';

/** One hour of virtual time, in milliseconds. */
export const hour_ms = 3_600_000;
/** Where platforms are. */
export const platforms = '/api/v1/platforms';
const account = '0123456789abcdef0123456789abcdef';
const projects_url = `http://cloudflare.test/client/v4/accounts/${account}/pages/projects`;
const authorization = 'Bearer cloudflare-token';

/** The answer's body. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export function json(answer: Answer): any {
  return JSON.parse(answer.text);
}

/** The status and, of a problem document, its code. */
export function told(answer: Answer): string {
  return answer.status < 400 ? String(answer.status) : `${answer.status} ${json(answer).code}`;
}

/** Calls until an answer comes that is not a failure of ours. */
export async function insist(
  fleet: Fleet,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    try {
      const answer = await fleet.api(method, path, body);
      if (answer.status < 500) return answer;
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
    }
  }
  return assert.fail(`${method} ${path} is not answered`);
}

/** Lets time pass until nothing is promised any more. */
export async function settle(fleet: Fleet, limit_ms = 3 * hour_ms): Promise<void> {
  const pending = 'SELECT count(*) AS n FROM outbox WHERE due_at_ms IS NOT NULL';
  const settled = await fleet.passTime(
    () => fleet.db.sqlite.prepare(pending).get()?.n === 0,
    limit_ms,
  );
  assert.ok(settled, `not settled: ${JSON.stringify(rows(fleet, 'site'))}`);
}

/** Creates the platform and lets it become live. */
export async function live(
  fleet: Fleet,
  platformId: string,
  environments: readonly string[] = ['dev'],
): Promise<void> {
  const answer = await insist(fleet, 'POST', platforms, { platformId, environments });
  assert.equal(answer.status, 202, answer.text);
  await settle(fleet);
}

/** A fleet on which `acme` is live. */
export async function acmeFleet(environments: readonly string[] = ['dev']): Promise<Fleet> {
  const { fleet } = openFleet();
  await live(fleet, 'acme', environments);
  return fleet;
}

/** The part of a site's row that tests read. */
export interface SiteRow {
  readonly seq: number;
  readonly state: string;
  readonly deleted_ms?: number;
  readonly blocked?: { readonly code: string; readonly detail: string; readonly next: string };
  readonly desired: { readonly revision: number };
  readonly live?: { readonly revision: number };
  readonly active?: { readonly state: string };
  readonly last?: { readonly state: string; readonly failure?: { readonly code: string } };
  readonly removal?: { readonly project?: string; readonly step?: string; readonly left?: number };
}

/** The site's row. */
export function siteOf(fleet: Fleet, id = 'acme/dev'): SiteRow {
  const row = fleet.db.sqlite.prepare('SELECT "row" FROM site WHERE id = ?').get(id);
  assert.ok(row !== undefined, `there is a site ${id}`);
  return JSON.parse(String(row.row));
}

/** A call of the Cloudflare API as a person in the dashboard makes it. */
export async function dashboard(
  fleet: Fleet,
  method: string,
  below: string,
  body?: unknown,
): Promise<Response> {
  const headers = { authorization, 'content-type': 'application/json' };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return fleet.cloudflare.fetch(
    new Request(`${projects_url}/${below}`, { method, headers, ...text }),
  );
}

/** Adds deployments past Slipway, `count` of them, as uploads of a preview branch. */
export async function uploadMany(fleet: Fleet, project: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const body = new FormData();
    body.set('manifest', '{}');
    body.set('branch', `try-${index % 40}`);
    const request = new Request(`${projects_url}/${project}/deployments`, {
      method: 'POST',
      headers: { authorization },
      body,
    });
    assert.equal((await fleet.cloudflare.fetch(request)).status, 200);
  }
}

/** Names of the projects at Cloudflare. */
export function projectNames(fleet: Fleet): string[] {
  const state = fleet.cloudflare.state() as { accounts: { projects: { name: string }[] }[] };
  return state.accounts.flatMap(({ projects }) => projects.map(({ name }) => name)).sort();
}

/** How many rows a table has. */
export function countOf(fleet: Fleet, table: string): number {
  return Number(fleet.db.sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
}

/** The kinds of events of an aggregate, in order. */
export function eventsOf(fleet: Fleet, aggregate: string): string[] {
  const found = fleet.db.sqlite
    .prepare(`SELECT json_extract(event, '$.type') AS type FROM journal
      WHERE aggregate = ? ORDER BY seq`)
    .all(aggregate);
  return found.map(({ type }) => String(type));
}

/** A story that a crash must not change: what is done, and what must hold at its end. */
export interface Story {
  readonly begin: (fleet: Fleet) => Promise<void>;
  readonly go: (fleet: Fleet) => Promise<void>;
  readonly check: (fleet: Fleet) => Promise<void>;
}

/** Which outside calls are killed: each `every`-th, the first after `offset` others. */
export interface Sample {
  readonly every: number;
  readonly offset: number;
}

/**
 * Plays the story once in peace, then once for each sampled outside call that `go` makes, and kills
 * the process before or after that call. Resolves to the number of calls that `go` makes in peace.
 */
export async function crashEverywhere(
  story: Story,
  phase: CrashPoint['phase'],
  { every, offset }: Sample,
): Promise<number> {
  const peace = openFleet();
  await story.begin(peace.fleet);
  const from = peace.calls.length;
  await story.go(peace.fleet);
  await story.check(peace.fleet);
  const total = peace.calls.length;
  for (let k = from + 1 + (offset % every); k <= total; k += every) {
    const { fleet, calls } = openFleet([{ k, phase }]);
    try {
      await story.begin(fleet);
      await story.go(fleet);
      await story.check(fleet);
      assert.equal(fleet.crashes, 1);
      assert.deepEqual(await fleet.unequalAggregates(), []);
    } catch (error) {
      const at = `killed ${phase} call ${k} of ${from}..${total} (${calls[k - 1]})`;
      throw new Error(at, { cause: error });
    }
  }
  return total - from;
}
