// What the tests of orgs share: a fleet that can publish, its people and their tokens, and what is
// left at Cloudflare and in the storage.
import assert from 'node:assert/strict';
import type { Faults } from '../../../simulator/base/contract.ts';
import { type Answer, account_id, type Fleet, type FleetOptions } from '../crash/fleet.ts';
import { type CrashPoint, type OpenFleet, openFleet, rows } from '../crash/scenario.ts';
import { json } from '../platforms/support.ts';

export { json, told } from '../platforms/support.ts';

/** One hour of virtual time, in milliseconds. */
export const hour_ms = 3_600_000;
/** How a deploy hook's address begins. */
export const hook_address = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/';
/** The variables of an instance that publishes orgs. */
export const publishing = {
  SEALING_KEY: '5ea1'.repeat(16),
  PUBLISHING_GITHUB_OWNER: 'neutrino-io',
  PUBLISHING_GITHUB_REPOSITORY: 'ark-site',
  PUBLISHING_BUILD_COMMAND: 'node build.js',
  PUBLISHING_BUILD_OUTPUT: 'dist',
  SIGN_IN_ISSUER: 'http://issuer.test/issuer',
  SIGN_IN_AUDIENCE: 'slipway',
};
/** The orgs: ada is admin of both, ben a member of the first. */
export const orgs = {
  aurora: {
    orgId: 'org-aurora',
    name: 'Aurora Books',
    members: [
      { userId: 'ada', role: 'admin' },
      { userId: 'ben', role: 'member' },
    ],
  },
  borealis: {
    orgId: 'org-borealis',
    name: 'Borealis Bikes',
    members: [{ userId: 'ada', role: 'admin' }],
  },
};
/** Where ada finds the first org's publishing. */
export const mine = '/me/orgs/org-aurora/publishing';
/** Where operators find it. */
export const theirs = '/api/v1/orgs/aurora/publishing';

/** A fleet that knows both orgs. */
export async function orgFleet(
  options: Partial<FleetOptions> = {},
  points: readonly CrashPoint[] = [],
  faults?: Faults,
): Promise<OpenFleet> {
  const variables = { ...publishing, ...options.variables };
  const open = openFleet(points, faults, { ...options, variables });
  for (const [slug, org] of Object.entries(orgs)) {
    const answer = await insist(open.fleet, 'PUT', `/api/v1/orgs/${slug}`, org);
    assert.ok(answer.status < 300, answer.text);
  }
  return open;
}

/** A token of this person, an hour long. */
export async function tokenOf(fleet: Fleet, user: string): Promise<string> {
  const request = new Request('http://issuer.test/issuer/token', {
    method: 'POST',
    body: JSON.stringify({ user }),
  });
  const response = await fleet.issuer(request);
  assert.equal(response.status, 200);
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

/** Calls the API as this person. */
export async function as(
  fleet: Fleet,
  user: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return fleet.api(method, path, body, await tokenOf(fleet, user));
}

/** Calls until an answer comes that is not a failure of ours. */
export async function insist(
  fleet: Fleet,
  method: string,
  path: string,
  body?: unknown,
  user?: string,
): Promise<Answer> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    try {
      const answer = await (user === undefined
        ? fleet.api(method, path, body)
        : as(fleet, user, method, path, body));
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
  assert.ok(settled, `not settled: ${JSON.stringify(rows(fleet, 'org'))}`);
}

/** The part of an org's row that tests read. */
export interface OrgRow {
  readonly slug: string;
  readonly state: string;
  readonly project_name: string;
  readonly host?: string;
  readonly orphans: readonly string[];
  readonly hook?: { readonly name: string; readonly sealed_id: string };
  readonly retiring?: unknown;
  readonly manual?: { readonly sealed_id: string };
  readonly failure?: { readonly code: string; readonly detail: string; readonly next: string };
  readonly active?: { readonly state: string };
  readonly last?: {
    readonly id: string;
    readonly state: string;
    readonly verified?: string;
    readonly detail?: string;
    readonly pages_deployment_id?: string;
    readonly failure?: { readonly code: string; readonly log_tail?: string };
  };
}

/** The org's row. */
export function orgOf(fleet: Fleet, slug = 'aurora'): OrgRow {
  const row = rows<OrgRow>(fleet, 'org').find((each) => each.slug === slug);
  assert.ok(row !== undefined, `there is an org ${slug}`);
  return row;
}

/** A project at Cloudflare as the simulator's state shows it. */
export interface Project {
  readonly name: string;
  readonly kind: string;
  readonly canonical: string | null;
}

/** The projects of the account. */
export function projectsOf(fleet: Fleet): Project[] {
  const state = fleet.cloudflare.state() as { accounts: { projects: Project[] }[] };
  return state.accounts.flatMap((account) => account.projects);
}

/** The text that a host serves at this path. */
export async function served(fleet: Fleet, host: string, path = '/'): Promise<string> {
  const response = await fleet.cloudflare.site(
    new Request(`http://sites.test/sites/${host}${path}`),
  );
  return response.text();
}

/** Provisions as ada, and lets the site become live. */
export async function provisioned(fleet: Fleet, orgId = 'org-aurora'): Promise<string> {
  const path = `/me/orgs/${orgId}/publishing/auto-provision`;
  const answer = await as(fleet, 'ada', 'POST', path);
  assert.equal(answer.status, 200, answer.text);
  await settle(fleet);
  return String(json(answer).deployHookUrl);
}

/** Makes a Direct Upload project past Slipway, as a person in the dashboard does. */
export async function makeProject(fleet: Fleet, name: string): Promise<void> {
  const request = new Request(
    `http://cloudflare.test/client/v4/accounts/${account_id}/pages/projects`,
    {
      method: 'POST',
      headers: { authorization: 'Bearer cloudflare-token', 'content-type': 'application/json' },
      body: JSON.stringify({ name, production_branch: 'main' }),
    },
  );
  assert.equal((await fleet.cloudflare.fetch(request)).status, 200);
}
