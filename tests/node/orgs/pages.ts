// What there is at Pages and in the storage when an org's story has come to its end: its hooks, its
// builds, and whether all of it is known to the org's row.
import assert from 'node:assert/strict';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import type { Fleet, FleetOptions } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import { dashboard } from '../platforms/support.ts';
import { hook_address, json, orgFleet, orgOf, projectsOf, served, theirs } from './support.ts';

/** Whether deploy hooks can be listed and deleted: nobody documents it. */
export type HookOptions = FleetOptions['deployHooks'] & object;
/** Every way in which Pages may treat its hooks. */
export const treatments: readonly HookOptions[] = [
  { listed: true, deletable: true },
  { listed: false, deletable: true },
  { listed: false, deletable: false },
];
/** A build that is not run but modelled: a page with the project's variables. */
export const modelled = { PUBLISHING_BUILD_COMMAND: '', PUBLISHING_BUILD_OUTPUT: '' };

/** A treatment in words. */
export function inWords({ listed, deletable }: HookOptions): string {
  return `hooks ${listed ? '' : 'not '}listed, ${deletable ? '' : 'not '}deletable`;
}

/** A fleet with both orgs whose faults a test plans as it goes. */
export async function faultyFleet(options: Partial<FleetOptions> = {}) {
  const faults = plannedFaults(1);
  const variables = { ...modelled, ...options.variables };
  const { fleet } = await orgFleet({ ...options, variables }, [], faults);
  return { fleet, faults };
}

/** A hook as Pages has it. */
export interface HookAtPages {
  readonly hook_id: string;
  readonly name: string;
}

/** The hooks of a project, whether Pages lists them or not. */
export async function hooksAt(
  fleet: Fleet,
  treatment: HookOptions = { listed: false, deletable: true },
  project = 'aurora-ark',
): Promise<HookAtPages[]> {
  fleet.cloudflare.hooks({ listed: true });
  try {
    const response = await dashboard(fleet, 'GET', `${project}/deploy_hooks`);
    if (response.status === 404) return [];
    assert.equal(response.status, 200);
    return ((await response.json()) as { result: HookAtPages[] }).result;
  } finally {
    fleet.cloudflare.hooks(treatment);
  }
}

/** Makes a hook past Slipway, as a person in the dashboard does; its address. */
export async function hookByHand(fleet: Fleet, project: string): Promise<string> {
  const body = { name: 'by-hand', branch: 'main' };
  const response = await dashboard(fleet, 'POST', `${project}/deploy_hooks`, body);
  assert.equal(response.status, 200);
  const { result } = (await response.json()) as { result: { hook_id: string } };
  return hook_address + result.hook_id;
}

/** So many builds does the project have at Pages. */
export function buildsAt(fleet: Fleet, project = 'aurora-ark'): number {
  const found = projectsOf(fleet).find(({ name }) => name === project);
  return (found as { deployments?: number } | undefined)?.deployments ?? 0;
}

/** Calls a hook as anybody can who knows its address. */
export async function call(fleet: Fleet, address: string): Promise<number> {
  const url = address.replace('https://api.cloudflare.com', 'http://cloudflare.test');
  return (await fleet.cloudflare.fetch(new Request(url, { method: 'POST' }))).status;
}

/** The ids of the sealed rows. */
export function sealedIds(fleet: Fleet): string[] {
  const found = fleet.db.sqlite.prepare('SELECT id FROM sealed ORDER BY id').all();
  return found.map(({ id }) => String(id));
}

/** The states of all publications, oldest first. */
export function publicationStates(fleet: Fleet): string[] {
  return rows<{ state: string }>(fleet, 'publication').map(({ state }) => state);
}

/** How things stand with the hooks of the org. */
export async function hooksPicture(fleet: Fleet, treatment: HookOptions, slug = 'aurora') {
  const row = orgOf(fleet, slug);
  const known = [...row.orphans, row.hook?.name, 'by-hand'];
  const hooks = await hooksAt(fleet, treatment, `${slug}-ark`);
  return {
    projects: projectsOf(fleet).filter(({ name }) => name === `${slug}-ark`).length,
    isAtPages: hooks.filter(({ name }) => name === row.hook?.name).length,
    nobodyKnows: hooks.map(({ name }) => name).filter((name) => !known.includes(name)),
    sealed: sealedIds(fleet).filter((id) => id.startsWith(`hook:${slug}/`)).length,
    isSealed: row.hook !== undefined && sealedIds(fleet).includes(row.hook.sealed_id),
    retiring: row.retiring,
  };
}

/** One project, one stored hook that works, no hook that nobody knows, and the site is served. */
export async function assertWhole(fleet: Fleet, treatment: HookOptions): Promise<void> {
  assert.deepEqual(await hooksPicture(fleet, treatment), {
    projects: 1,
    isAtPages: 1,
    nobodyKnows: [],
    sealed: 1,
    isSealed: true,
    retiring: undefined,
  });
  const row = orgOf(fleet);
  assert.deepEqual([row.state, row.active, row.failure], ['ready', undefined, undefined]);
  assert.equal(row.last?.state, 'live', JSON.stringify(row.last));
  assert.match(await served(fleet, 'aurora-ark.pages.dev'), /Aurora Books/);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const dead = fleet.db.sqlite.prepare('SELECT count(*) AS n FROM dead_letter').get();
  assert.equal(dead?.n, 0);
  const revealed = json(await fleet.api('POST', `${theirs}/reveal`));
  const hooks = await hooksAt(fleet, treatment);
  const own = hooks.find(({ name }) => name === row.hook?.name);
  assert.equal(revealed.deployHookUrl, hook_address + own?.hook_id);
  assert.equal(await call(fleet, revealed.deployHookUrl), 200, 'its address builds');
}
