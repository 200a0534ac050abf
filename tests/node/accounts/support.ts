// What the tests of accounts share: fleets over several Cloudflare accounts, and what is stored and
// shown of them.
import assert from 'node:assert/strict';
import type { Fleet, FleetAccount } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import type { Failure } from '../faults/support.ts';

/** The id of the account `main` at Cloudflare, which every fleet has. */
export const main_id = '0123456789abcdef0123456789abcdef';

/** A further account, its id made of one hex digit. */
export function accountOf(name: string, digit: string, more: object = {}): FleetAccount {
  return { name, id: digit.repeat(32), token: `token-of-${name}`, ...more };
}

/** The part of a site's row that these tests read. */
export interface PlacedSite {
  readonly platform_id: string;
  readonly environment: string;
  readonly account: string;
  readonly state: string;
  readonly project_name: string;
  readonly adopted: boolean;
  readonly waiting?: { readonly code: string; readonly until_ms: number };
  readonly blocked?: Failure;
  readonly live?: { readonly at_ms: number };
}

/** The part of an account's row that these tests read. */
export interface StoredAccount {
  readonly name: string;
  readonly state: string;
  readonly sites: number;
  readonly capacity: number;
  readonly reason?: Failure;
}

/** All sites, by id. */
export function sitesOf(fleet: Fleet): PlacedSite[] {
  return rows<PlacedSite>(fleet, 'site');
}

/** The site `<platform>/dev`. */
export function siteOf(fleet: Fleet, platform: string): PlacedSite {
  const site = sitesOf(fleet).find((one) => one.platform_id === platform);
  assert.ok(site !== undefined, `there is a site of ${platform}`);
  return site;
}

/** The stored account of this name. */
export function storedAccount(fleet: Fleet, name: string): StoredAccount {
  const account = rows<StoredAccount>(fleet, 'account').find((one) => one.name === name);
  assert.ok(account !== undefined, `there is an account ${name}`);
  return account;
}

/** Registers an account, or changes it; the answer must be 200. */
export async function put(fleet: Fleet, name: string, body: object): Promise<unknown> {
  const { status, text } = await fleet.api('PUT', `/api/v1/accounts/${name}`, body);
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

/** Asks for a platform with one site, `<platform>/dev`. */
export async function createPlatform(fleet: Fleet, platformId: string): Promise<void> {
  const body = { platformId, environments: ['dev'] };
  const { status, text } = await fleet.api('POST', '/api/v1/platforms', body);
  assert.equal(status, 202, text);
}

/** The names of the projects at Cloudflare, by the id of their account. */
export function projectsAt(fleet: Fleet): Map<string, string[]> {
  const state = fleet.cloudflare.state() as {
    accounts: { id: string; projects: { name: string }[] }[];
  };
  return new Map(
    state.accounts.map(({ id, projects }) => [id, projects.map(({ name }) => name).sort()]),
  );
}

/** Asserts that each account counts as many sites as stand in it, and not more than it holds. */
export function assertPlacesAgree(fleet: Fleet): void {
  const sites = sitesOf(fleet);
  for (const { name, sites: counted, capacity } of rows<StoredAccount>(fleet, 'account')) {
    const there = sites.filter((site) => site.account === name).length;
    assert.equal(counted, there, `places of ${name}`);
    assert.ok(counted <= capacity, `${name} holds ${counted} of ${capacity}`);
  }
}

/** Asserts that every live site has its one project, in its own account, and that is all. */
export function assertProjectsAgree(fleet: Fleet, ids: ReadonlyMap<string, string>): void {
  const wanted = new Map([...projectsAt(fleet).keys()].map((id) => [id, [] as string[]]));
  for (const site of sitesOf(fleet)) {
    if (site.live === undefined) continue;
    wanted.get(ids.get(site.account) ?? '')?.push(site.project_name);
  }
  for (const names of wanted.values()) names.sort();
  assert.deepEqual(projectsAt(fleet), wanted);
}
