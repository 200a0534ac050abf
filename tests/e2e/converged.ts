// What must be true when everything has settled, whatever was killed on the way.
import assert from 'node:assert/strict';
import { keyOf } from './dispatches.ts';
import { type Place, query } from './place.ts';
import type { GithubRun, SimulatedProject } from './support.ts';

/**
 * Every site of `sites` (such as `acme/dev`), and no other, has one project, is live as wished, and
 * has exactly one successful deployment; a failed one before it only with a code in `excused`.
 */
export function assertEachLiveOnce(
  place: Place,
  projects: readonly SimulatedProject[],
  sites: readonly string[],
  excused: readonly string[] = [],
): void {
  const names = projects.map(({ name }) => name).sort();
  assert.deepEqual(names, sites.map((site) => `${site.replace('/', '-')}-portal`).sort());
  for (const { kind, name } of projects) assert.equal(kind, 'direct_upload', name);

  const rows = query(place, 'SELECT id, "row" FROM site ORDER BY id');
  assert.deepEqual(rows.map(({ id }) => id).sort(), [...sites].sort());
  for (const { id, row } of rows) {
    const { active, blocked, desired, live } = JSON.parse(String(row));
    assert.deepEqual({ active, blocked }, { active: undefined, blocked: undefined }, String(id));
    assert.equal(live?.revision, desired.revision, `${id} serves its wish`);
    const deployments = deploymentsOf(place, String(id));
    const bad = deployments.filter(({ state }) => state !== 'live');
    assert.equal(deployments.length - bad.length, 1, `${id}: ${JSON.stringify(deployments)}`);
    const inexcusable = bad.filter(({ failure }) => !excused.includes(failure?.code ?? ''));
    assert.deepEqual(inexcusable, [], `${id}: only excused failures`);
  }
}

interface Deployment {
  readonly state: string;
  readonly failure?: { readonly code: string };
}

function deploymentsOf(place: Place, site: string): Deployment[] {
  return query(place, `SELECT "row" FROM deployment WHERE site = '${site}' ORDER BY id`).map(
    ({ row }) => JSON.parse(String(row)) as Deployment,
  );
}

/** No dispatch key has two runs at GitHub, none was claimed by two runs, all claims are of runs. */
export function assertKeysClaimedOnce(place: Place, runs: readonly GithubRun[]): void {
  const keys = runs.map((run) => keyOf(run.display_title));
  assert.equal(new Set(keys).size, keys.length, `a key with two runs: ${keys}`);
  const claims = claimsByKey(place);
  assert.ok(claims.size > 0, 'batches were claimed');
  for (const [key, claimants] of claims) {
    assert.equal(claimants.size, 1, `${key} was claimed by ${[...claimants]}`);
    assert.ok(keys.includes(key), `${key} is the key of a run`);
  }
}

// Runs by the key under which they claimed: the one that was written last before the claim.
function claimsByKey(place: Place): Map<string, Set<string>> {
  const claims = new Map<string, Set<string>>();
  const keys = new Map<unknown, string>();
  const batches = `SELECT aggregate, event FROM journal WHERE aggregate LIKE 'batch:%' ORDER BY id`;
  for (const { aggregate, event } of query(place, batches)) {
    const { type, dispatch_key, run_id } = JSON.parse(String(event));
    if (type === 'batch_dispatch_started') keys.set(aggregate, dispatch_key);
    if (type !== 'batch_claimed') continue;
    const key = keys.get(aggregate) ?? '';
    claims.set(key, (claims.get(key) ?? new Set()).add(run_id));
  }
  return claims;
}
