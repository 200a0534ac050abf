// The whole simulated world behind one Fetch: which service stands under which address. Every
// service shares one clock, one store and one fault plan.

import type { Clock, Fetch, Store } from './base/contract.ts';
import { type Change, type Controlled, change, controlApi } from './base/control.ts';
import { faultPlans } from './base/fault_bodies.ts';
import { type FaultPlan, type PlannedFaults, plannedFaults } from './base/faults.ts';
import { number, object, type Reader } from './base/strict.ts';
import { type Cloudflare, createCloudflare, type PushOutcome } from './cloudflare/index.ts';
import {
  accountChange,
  behaviourChange,
  type CloudflareSettings,
  cloudflareSettings,
  domainChange,
  hooksChange,
  overwriteChange,
} from './cloudflare/settings.ts';
import { createGithub, type Github } from './github/index.ts';
import { openRepositories } from './github/repositories.ts';
import {
  type GithubSettings,
  githubChange,
  githubSettings,
  pushChange,
  repositoryChange,
  runnerChange,
} from './github/settings.ts';
import type { RepositoryChange } from './github/stored_repositories.ts';
import { createIssuer, type IssuerSettings, issuerSettings } from './issuer/index.ts';
import {
  type Phase1Options,
  type Phase1Platform,
  phase1Options,
  plantPhase1,
} from './phase1/plant.ts';
import { push } from './push.ts';
import { type WorkersBuildsSettings, workersBuildsSettings } from './runner/build_settings.ts';
import { type Cost, modelledRunner } from './runner/modelled.ts';
import { realRunner } from './runner/real.ts';
import { type SwitchedRunner, switchedRunner } from './runner/switch.ts';
import { type WorkersBuilds, workersBuilds } from './runner/workers_builds.ts';

/** A configuration file. */
export interface WorldConfig {
  cloudflare: CloudflareSettings;
  /** Absent: no GitHub. */
  github?: GithubSettings;
  /** The issuers of development; absent: the ordinary ones. */
  issuer?: IssuerSettings;
  /** Absent: Workers Builds has no deploy hooks. */
  workersBuilds?: WorkersBuildsSettings;
  /** Seed of identifiers and of random faults; 1 when absent. */
  seed?: number;
  faults?: FaultPlan[];
  /** Planted when the world is new. Needs GitHub. */
  phase1?: Phase1Options;
}

/** Accepts a configuration file. */
export const worldConfig: Reader<WorldConfig> = object(
  { cloudflare: cloudflareSettings },
  {
    github: githubSettings,
    issuer: issuerSettings,
    workersBuilds: workersBuildsSettings,
    seed: number(0, 2 ** 32 - 1),
    faults: faultPlans,
    phase1: phase1Options,
  },
);

/** The running world. */
export interface World {
  fetch: Fetch;
  cloudflare: Cloudflare;
  /** Absent without GitHub in the configuration. */
  github: Github | undefined;
  workersBuilds: WorkersBuilds;
  faults: PlannedFaults;
  /** Moves what only moves when it is told to; to be called a few times a second. */
  advance(): Promise<void>;
  /**
   * Commits to a repository, where the change holds anything, and tells Cloudflare of it. Returns
   * what each connected project made of it. Without GitHub: RangeError.
   */
  push(repository: string, change?: RepositoryChange): PushOutcome[];
  /** Plants the platforms of Phase 1. Without GitHub: RangeError. */
  phase1(options: Phase1Options): Phase1Platform[];
  /** Stops the real runner's subprocesses. */
  close(): Promise<void>;
}

/**
 * Addresses: `/cloudflare/client/v4/...` and `/github/...` (the APIs), `/sites/<host>/...` and any
 * path with a Host of `<name>.pages.localhost` (the sites), `/_sim/...` (control), `/issuer/...`
 * and `/access/...` (who signs people in), and the pages of GitHub's runs under their own paths.
 */
export function createWorld(clock: Clock, store: Store, config: WorldConfig): World {
  const seed = config.seed ?? 1;
  const faults = plannedFaults(seed, config.faults);
  const directories = directoriesOf(config);
  const git = openRepositories(directories, store, clock);
  const { hooks = [], ...pace } = config.workersBuilds ?? {};
  const cloudflare: Cloudflare = createCloudflare({
    ...config.cloudflare,
    buildHooks: {
      hooks,
      start: ({ id }, build_uuid) => onBuilds.start(id, build_uuid),
    },
    clock,
    store,
    faults,
    seed,
    ...(config.github === undefined ? {} : { git }),
  });
  const onBuilds = workersBuilds({
    ...pace,
    ...outsideOf(cloudflare),
    hooks,
    clock,
    store,
    seed,
  });
  const builds =
    config.github &&
    openBuilds(clock, store, { cloudflare, faults, seed, directories }, config.github);
  const both = (): { cloudflare: Cloudflare; github: Github } => {
    if (builds === undefined) throw new RangeError('there is no GitHub in this world');
    return { cloudflare, github: builds.github };
  };
  const grow: Growth = {
    push: (repository, change) => push(both(), repository, change),
    phase1: (options) => plantPhase1(both(), options),
  };
  if (config.phase1 !== undefined && store.get('phase1') === undefined) {
    store.put('phase1', grow.phase1(config.phase1));
  }
  const issuer = createIssuer({ ...config.issuer, clock, store });
  const control = controlApi({
    faults,
    ...shownOf(clock, cloudflare, builds),
    builds: () => onBuilds.builds().map(({ hook: _, ...build }) => build),
    changes: {
      ...growthChanges(grow, both),
      ...cloudflareChanges(cloudflare),
      github: change(githubChange, (behaviour) => both().github.behave(behaviour)),
      runner: change(runnerChange, ({ mode }) => builds?.runner.choose(mode)),
    },
  });
  return {
    fetch: addressed(cloudflare, builds, { _sim: control, issuer, access: issuer }),
    cloudflare,
    github: builds?.github,
    workersBuilds: onBuilds,
    faults,
    ...grow,
    advance: async () => {
      await Promise.all([builds?.advance(), onBuilds.advance()]);
    },
    close: async () => builds?.close(),
  };
}

function shownOf(
  clock: Clock,
  cloudflare: Cloudflare,
  builds: Builds | undefined,
): Pick<Controlled, 'state' | 'calls' | 'budgets'> {
  return {
    state: () => ({ now_ms: clock.now(), cloudflare: cloudflare.state() }),
    calls: () => ({ cloudflare: cloudflare.log, github: builds?.github.log ?? [] }),
    budgets: () => ({
      cloudflare: cloudflare.budgets(),
      github: builds?.github.budgets() ?? [],
      jobs: builds?.cost() ?? null,
    }),
  };
}

type Growth = Pick<World, 'push' | 'phase1'>;

function growthChanges(grow: Growth, both: () => { github: Github }): Record<string, Change> {
  return {
    push: change(pushChange, ({ repository, ...pushed }) => grow.push(repository, pushed)),
    phase1: change(phase1Options, (options) => grow.phase1(options)),
    repository: change(repositoryChange, ({ repository, ...planted }) => {
      both().github.repositories.plant(repository, planted);
    }),
  };
}

function cloudflareChanges(cloudflare: Cloudflare): Record<string, Change> {
  return {
    behaviour: change(behaviourChange, ({ project, behaviour }) =>
      cloudflare.behave(project, behaviour),
    ),
    overwrite: change(overwriteChange, ({ project }) => cloudflare.overwrite(project)),
    account: change(accountChange, (body) => cloudflare.configure(body.id, body.change)),
    hooks: change(hooksChange, (hooks) => cloudflare.hooks(hooks)),
    domain: change(domainChange, ({ name, plan }) => cloudflare.domain(name, plan)),
  };
}

function directoriesOf(config: WorldConfig): Record<string, { directory: string }> {
  const places = Object.entries(config.github?.repositories ?? {});
  return Object.fromEntries(places.map(([name, directory]) => [name, { directory }] as const));
}

function addressed(
  cloudflare: Cloudflare,
  builds: Builds | undefined,
  others: Record<string, Fetch>,
): Fetch {
  return async (request) => {
    const url = new URL(request.url);
    if (url.hostname.endsWith('.pages.localhost')) return cloudflare.site(request);
    if (url.pathname.startsWith('/sites/')) return cloudflare.site(request);
    const folder = /^\/([^/]+)\//.exec(url.pathname)?.[1] ?? '';
    const other = Object.hasOwn(others, folder) ? others[folder] : undefined;
    if (other !== undefined) return other(request);
    if (url.pathname.startsWith('/cloudflare/')) {
      return cloudflare.fetch(withoutPrefix(request, '/cloudflare'));
    }
    if (builds === undefined) return new Response('nothing is simulated here\n', { status: 404 });
    if (url.pathname.startsWith('/github/')) {
      return builds.github.fetch(withoutPrefix(request, '/github'));
    }
    return builds.github.pages(request);
  };
}

interface Builds {
  github: Github;
  runner: SwitchedRunner;
  cost(): Cost;
  advance(): Promise<void>;
  close(): Promise<void>;
}

// What modelled builds upload goes straight to the simulated Cloudflare; what they ask of Slipway
// goes over the network, as from the real runner.
function outsideOf(cloudflare: Cloudflare): {
  slipway: Fetch;
  cloudflare: Fetch;
  cloudflareUrl: string;
} {
  return {
    slipway: (request) => fetch(request),
    cloudflare: cloudflare.fetch,
    cloudflareUrl: 'http://cloudflare.invalid/client/v4',
  };
}

// GitHub with both runners.
function openBuilds(
  clock: Clock,
  store: Store,
  around: {
    cloudflare: Cloudflare;
    faults: PlannedFaults;
    seed: number;
    directories: Record<string, { directory: string }>;
  },
  settings: GithubSettings,
): Builds {
  const { tokens, repositories: _, runner: first, directory = 'runner', ...shared } = settings;
  const { listLag_ms = 0, publicUrl, modelled: timings = {}, ...job } = shared;
  const real = realRunner({ ...job, clock, directory });
  const modelled = modelledRunner({
    clock,
    store,
    seed: around.seed,
    environments: settings.environments,
    timings,
    ...outsideOf(around.cloudflare),
  });
  const runner = switchedRunner(store, { real, modelled }, first);
  const github = createGithub({
    clock,
    store,
    runner,
    tokens,
    listLag_ms,
    faults: around.faults,
    seed: around.seed,
    ...(publicUrl === undefined ? {} : { apiUrl: `${publicUrl}/github`, webUrl: publicUrl }),
    repositories: around.directories,
  });
  return {
    github,
    runner,
    cost: () => modelled.cost(),
    advance: () => modelled.advance(),
    close: () => real.close(),
  };
}

function withoutPrefix(request: Request, prefix: string): Request {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length);
  return new Request(url, request);
}
