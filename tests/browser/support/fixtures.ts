// What the API can say of an org, state by state.
import type {
  Failure,
  Publication,
  Publishing,
  Stage,
  Step,
} from '../../../worker-shim/pages/api_types.ts';

const minute_ms = 60_000;
const step_names = ['project', 'hook', 'build', 'served'] as const;
const stage_names = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'] as const;

/** A time so many minutes ago. */
export const ago = (minutes: number): string =>
  new Date(Date.now() - minutes * minute_ms).toISOString();

/** Steps of which so many are done, and the next one is in this state. */
export const steps = (done: number, next: Step['state'] = 'active'): Step[] =>
  step_names.map((name, index) => ({
    name,
    state: index < done ? 'done' : index === done ? next : 'pending',
  }));

/** Stages of which so many succeeded, and the next one has this status. */
export const stages = (done: number, next: Stage['status'] = 'active'): Stage[] =>
  stage_names.map((name, index) => ({
    name,
    status: index < done ? 'success' : index === done ? next : 'idle',
  }));

/** A publication. */
export function publication(some: Partial<Publication> = {}): Publication {
  return {
    publicationId: 'pub_01K0000000000000000000000A',
    state: 'live',
    followed: true,
    by: 'ada@aurora.example',
    label: 'live',
    stages: stages(5),
    pagesDeploymentUrl: 'https://3f2a91c4.aurora-ark.pages.dev',
    createdAt: ago(3),
    updatedAt: ago(1),
    ...some,
  };
}

/** A publication whose build has so many stages behind it. */
export const building = (done: number, some: Partial<Publication> = {}): Publication =>
  publication({ state: 'building', label: 'building', stages: stages(done), ...some });

const hook = {
  source: 'auto',
  masked: 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/\u20261a2b',
  setAt: ago(3),
  setBy: 'ada@aurora.example',
} as const;

/** A hook's address in full. */
export const hook_url =
  'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/' +
  '8d1f6a52-marker-4c55-9a3e-77c0b1e91a2b';

const project = {
  projectName: 'aurora-ark',
  projectUrl: 'https://aurora-ark.pages.dev',
  dashboardUrl: 'https://dash.cloudflare.com/0123456789abcdef/pages/view/aurora-ark',
};

/** Nothing is set. */
export function unset(some: Partial<Publishing> = {}): Publishing {
  return {
    orgId: 'org-aurora',
    slug: 'aurora',
    name: 'Aurora Books',
    role: 'admin',
    canProvision: true,
    state: 'unset',
    steps: steps(0, 'pending'),
    orphanedHooks: 0,
    seq: 1,
    ...some,
  };
}

/** The site is there. */
export function ready(some: Partial<Publishing> = {}): Publishing {
  return unset({
    state: 'ready',
    steps: steps(4),
    ...project,
    hook,
    publication: publication(),
    seq: 9,
    ...some,
  });
}

/** It is being set up: so many steps are done. */
export function settingUp(done: number, some: Partial<Publishing> = {}): Publishing {
  const state = (['creating', 'connecting', 'ready'] as const)[Math.min(done, 2)] ?? 'ready';
  const { publication: _, hook: __, ...rest } = ready();
  return { ...rest, state, steps: steps(done), ...(done > 1 && { hook }), seq: 4, ...some };
}

/** It stopped at this step. */
export function blocked(failure: Failure, done = 0): Publishing {
  const { hook: _, publication: __, projectUrl: ___, ...rest } = ready();
  return { ...rest, state: 'blocked', steps: steps(done, 'failed'), failure };
}

/** The failures that end a set-up. */
export const failures = {
  name_taken: {
    code: 'publishing.name_taken',
    detail: 'A Pages project named aurora-ark exists already, and it is not ours',
    next: 'Delete it in the Cloudflare dashboard, or paste its deploy hook URL.',
  },
  not_connected: {
    code: 'git.not_connected',
    detail: 'GitHub is not connected to the Cloudflare account',
    next: 'Connect GitHub once: /help/connect-github.',
  },
  limit: {
    code: 'project.limit_reached',
    detail: 'The Cloudflare account has no room for another Pages project',
    next: 'Ask Cloudflare to raise the limit or delete unused projects, then try again.',
  },
} as const;

/** Why a build failed, with the end of its log. */
export const build_failure: Failure = {
  code: 'build.failed',
  detail: 'The build command ended with exit code 1.',
  next: 'Read the end of the log, mend the site, then publish again.',
  logTail: [
    '14:02:11  Cloning repository...',
    '14:02:14  Success: Finished cloning repository files',
    '14:02:20  Executing user command: node build.js',
    '14:02:21  Error: PUBLIC_SHOP_URL is not a URL: "htps://shop.aurora.example"',
    '14:02:21      at check (/opt/buildhome/repo/build.js:41:11)',
    '14:02:21  Failed: Error while executing user command. Exited with error code: 1',
  ].join('\n'),
};

/** A history of several ends. */
export const history: readonly Publication[] = [
  publication(),
  publication({
    publicationId: 'pub_2',
    state: 'failed',
    label: 'failed',
    stages: stages(3, 'failure'),
    failure: build_failure,
    by: 'ben@aurora.example',
    createdAt: ago(95),
  }),
  publication({
    publicationId: 'pub_3',
    state: 'superseded',
    label: 'superseded',
    createdAt: ago(60 * 26),
  }),
  publication({
    publicationId: 'pub_4',
    state: 'triggered',
    followed: false,
    label: 'triggered (not followed)',
    stages: [],
    createdAt: ago(60 * 24 * 9),
  }),
].map((one) => {
  if (one.state !== 'triggered') return one;
  const { pagesDeploymentUrl: _, ...rest } = one;
  return rest;
});
