// The demo orgs: who they are, who may publish them, and how they are told to the Worker.
import type { Api, OrgStatus, SiteProgress } from './api.ts';
import type { OnProgress, SiteStatus } from './follow.ts';
import type { Instance } from './instance.ts';

/** An org as PUT /api/v1/orgs/{slug} takes it, with its slug. */
export interface DemoOrg {
  readonly slug: string;
  readonly orgId: string;
  readonly name: string;
  /** The whole list; `cleo`, who can sign in, too, belongs to no org. */
  readonly members: readonly { readonly userId: string; readonly role: 'admin' | 'member' }[];
}

/** The repository that every org's site is built from. */
export const org_repository = 'ark-site';

/** Created at every start; creating again changes nothing. */
export const demo_orgs: readonly DemoOrg[] = [
  {
    slug: 'aurora',
    orgId: 'org-aurora',
    name: 'Aurora Books',
    members: [
      { userId: 'ada', role: 'admin' },
      { userId: 'ben', role: 'member' },
    ],
  },
  {
    slug: 'borealis',
    orgId: 'org-borealis',
    name: 'Borealis Bikes',
    members: [{ userId: 'ada', role: 'admin' }],
  },
];

/** Creates the demo orgs with their members. @throws Error with the problem's text */
export async function createOrgs(api: Pick<Api, 'putOrg'>): Promise<void> {
  for (const org of demo_orgs) await api.putOrg(org);
}

/** The org whose site is taken live; the other one waits for a click on its settings page. */
export const published_org = 'borealis';

/** Provisions the org's site and follows its first build to its end. */
export async function takeOrgLive(
  api: Pick<Api, 'provision' | 'publishing'>,
  slug: string,
  onProgress: OnProgress,
): Promise<SiteStatus> {
  await api.provision(slug);
  for (;;) {
    const status = statusOf(slug, await api.publishing(slug, 30));
    onProgress(status);
    if (status.progress.state !== 'running') return status;
  }
}

const moving = new Set(['planned', 'starting', 'unknown', 'building', 'verifying']);

// The org's site among the others.
function statusOf(slug: string, { projectUrl, failure, publication }: OrgStatus): SiteStatus {
  const why = failure ?? publication?.failure;
  const runs = failure === undefined && moving.has(publication?.state ?? 'planned');
  const ended = publication?.state === 'live' ? 'succeeded' : 'failed';
  const progress: SiteProgress = {
    environment: 'org',
    state: runs ? 'running' : ended,
    step: publication?.label ?? 'provisioning',
    ...(projectUrl === undefined ? {} : { url: projectUrl }),
    ...(why === undefined ? {} : { failure: why }),
  };
  return { platformId: slug, environment: 'org', progress };
}

/** The lines of the printed table: each org's settings page, and who can sign in there. */
export function orgLines(instance: Instance): string[] {
  const pages = demo_orgs.map(({ name, orgId }) => {
    const page = `${instance.worker_url}/orgs/${orgId}/settings/publishing`;
    return `${name.padEnd(17)} ${page}`;
  });
  return [
    ...pages,
    `${'Sign in as'.padEnd(17)} ada (admin of both), ben (member of Aurora Books), cleo (neither)`,
  ];
}

/** What the Worker is told of publishing and of sign-in. */
export function orgVariables(instance: Instance, owner: string): Record<string, string> {
  const issuer = `${instance.simulator_url}/issuer`;
  return {
    SEALING_KEY: instance.secrets.sealing_key,
    PUBLISHING_GITHUB_OWNER: owner,
    PUBLISHING_GITHUB_REPOSITORY: org_repository,
    PUBLISHING_BUILD_COMMAND: 'node build.js',
    PUBLISHING_BUILD_OUTPUT: 'dist',
    SIGN_IN_ISSUER: issuer,
    SIGN_IN_AUDIENCE: 'slipway',
    SIGN_IN_URL: `${issuer}/sign-in?return={return}`,
  };
}
