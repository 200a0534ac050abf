// What the tests of the fleet share: live platforms that change together and so become one batch,
// and what must hold when all is settled.
import assert from 'node:assert/strict';
import type { FaultPlan } from '../../../simulator/base/faults.ts';
import type { Fleet, FleetOptions } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  assertInvariants,
  type DeploymentRow,
  deployments,
  type FaultyFleet,
  isSettled,
  minute_ms,
  openFleet,
  settle,
} from '../faults/support.ts';
import { plantTenants, tenant } from './plant.ts';

/** The part of a site's row that these tests read. */
export interface Site {
  readonly platform_id: string;
  readonly environment: string;
  readonly project_name: string;
  readonly live?: { readonly deployment_id: string; readonly config_version: number };
  readonly active?: DeploymentRow;
  readonly last?: DeploymentRow;
}

/** The part of a batch's row that these tests read. */
export interface Batch {
  readonly id: string;
  readonly state: string;
  readonly environment: string;
  readonly shards: number;
  readonly members: readonly { readonly site: string; readonly shard: number }[];
  readonly interactive: boolean;
  readonly created_ms: number;
  readonly run_id?: string;
  readonly dispatch_key?: string;
}

/** A fleet with `count` live platforms; the faults are planned only when all are live. */
export async function liveTenants(
  count: number,
  options: Partial<FleetOptions> = {},
  plans: readonly FaultPlan[] = [],
): Promise<FaultyFleet> {
  const fleet = openFleet({ account: { projectLimit: 10_000 }, ...options });
  await plantTenants(fleet, count);
  // What was spent on planting is back.
  await fleet.passTime(() => false, 6 * minute_ms);
  fleet.faults.set([...plans]);
  return fleet;
}

/** Changes the configuration of each of these platforms: a build that nobody waits for. */
export async function change(
  fleet: Fleet,
  indices: readonly number[],
  featureId = 'quotes',
): Promise<void> {
  for (const index of indices) {
    const path = `/api/v1/platforms/${tenant(index)}/features/activate`;
    const answer = await fleet.api('POST', path, { featureId });
    assert.equal(answer.status, 202, answer.text);
  }
}

/** The numbers from 0 up to `count`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The sites by the id of their platform. */
export function sitesOf(fleet: Fleet): Map<string, Site> {
  return new Map(rows<Site>(fleet, 'site').map((site) => [site.platform_id, site]));
}

/** All batches but the first `known`, oldest first. */
export function batchesAfter(fleet: Fleet, known: number): Batch[] {
  return rows<Batch>(fleet, 'batch').slice(known);
}

/** How many batches there are. */
export function batchCount(fleet: Fleet): number {
  return rows(fleet, 'batch').length;
}

/** The ends of the deployments of a platform of the fleet, its planted one left out. */
export function attemptsOf(fleet: Fleet, index: number): string[] {
  return deployments(fleet)
    .filter(({ site }) => site.startsWith(`${tenant(index)}/`))
    .slice(1)
    .map(({ state }) => state);
}

/** What the platform's site serves: the manifest of a deployment. */
export async function servedBy(
  fleet: Fleet,
  platformId: string,
  environment = 'dev',
): Promise<{ deployment?: string; version?: number } | undefined> {
  const host = `${platformId}-${environment}-portal.pages.dev`;
  const url = `http://sites.test/sites/${host}/.well-known/slipway.json`;
  const answer = await fleet.cloudflare.site(new Request(url));
  if (answer.status !== 200) return undefined;
  return (await answer.json()) as { deployment: string; version: number };
}

/** Asserts that each of these platforms serves the version, and that Slipway says so. */
export async function assertServing(
  fleet: Fleet,
  indices: readonly number[],
  version: number,
): Promise<void> {
  const sites = sitesOf(fleet);
  for (const index of indices) {
    const site = sites.get(tenant(index));
    assert.equal(site?.active, undefined, tenant(index));
    assert.equal(site?.live?.config_version, version, JSON.stringify(site));
    const served = await servedBy(fleet, tenant(index));
    assert.equal(served?.version, version, tenant(index));
    assert.equal(served?.deployment, site?.live?.deployment_id, tenant(index));
  }
}

/** Goes on until all is settled; then the journals fold, and no secret is stored. */
export async function settleWell(fleet: FaultyFleet): Promise<void> {
  await settle(fleet, 6 * 60 * minute_ms);
  assert.ok(isSettled(fleet));
  await assertInvariants(fleet);
}

/** Uploads that Pages took since `from_ms`. */
export function uploadsSince(fleet: Fleet, from_ms: number): number {
  return fleet.cloudflare.log.filter(
    ({ operation, status, at_ms }) =>
      operation === 'cloudflare.deployment.create' && status < 300 && at_ms >= from_ms,
  ).length;
}
