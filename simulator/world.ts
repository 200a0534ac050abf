// The whole simulated world behind one Fetch: which service stands under which address. Every
// service shares one clock, one store and one fault plan.

import type { Clock, Fetch, Store } from './base/contract.ts';
import { change, controlApi } from './base/control.ts';
import { faultPlans } from './base/fault_bodies.ts';
import { type FaultPlan, type PlannedFaults, plannedFaults } from './base/faults.ts';
import { number, object, type Reader } from './base/strict.ts';
import { type Cloudflare, createCloudflare } from './cloudflare/index.ts';
import {
  accountChange,
  behaviourChange,
  type CloudflareSettings,
  cloudflareSettings,
} from './cloudflare/settings.ts';
import { createGithub, type Github } from './github/index.ts';
import { type GithubSettings, githubSettings, runnerChange } from './github/settings.ts';
import { modelledRunner } from './runner/modelled.ts';
import { realRunner } from './runner/real.ts';
import { type SwitchedRunner, switchedRunner } from './runner/switch.ts';

/** A configuration file. */
export interface WorldConfig {
  cloudflare: CloudflareSettings;
  /** Absent: no GitHub. */
  github?: GithubSettings;
  /** Seed of identifiers and of random faults; 1 when absent. */
  seed?: number;
  faults?: FaultPlan[];
}

/** Accepts a configuration file. */
export const worldConfig: Reader<WorldConfig> = object(
  { cloudflare: cloudflareSettings },
  { github: githubSettings, seed: number(0, 2 ** 32 - 1), faults: faultPlans },
);

/** The running world. */
export interface World {
  fetch: Fetch;
  cloudflare: Cloudflare;
  /** Absent without GitHub in the configuration. */
  github: Github | undefined;
  faults: PlannedFaults;
  /** Moves what only moves when it is told to; to be called a few times a second. */
  advance(): Promise<void>;
  /** Stops the real runner's subprocesses. */
  close(): Promise<void>;
}

/**
 * Addresses: `/cloudflare/client/v4/...` and `/github/...` (the APIs), `/sites/<host>/...` and any
 * path with a Host of `<name>.pages.localhost` (the sites), `/_sim/...` (control), and the pages of
 * GitHub's runs under their own paths.
 */
export function createWorld(clock: Clock, store: Store, config: WorldConfig): World {
  const seed = config.seed ?? 1;
  const faults = plannedFaults(seed, config.faults);
  const cloudflare = createCloudflare({ ...config.cloudflare, clock, store, faults, seed });
  const builds =
    config.github && openBuilds(clock, store, { cloudflare, faults, seed }, config.github);
  const control = controlApi({
    faults,
    state: () => ({ now_ms: clock.now(), cloudflare: cloudflare.state() }),
    calls: () => ({ cloudflare: cloudflare.log, github: builds?.github.log ?? [] }),
    changes: {
      behaviour: change(behaviourChange, ({ project, behaviour }) =>
        cloudflare.behave(project, behaviour),
      ),
      account: change(accountChange, (body) => cloudflare.configure(body.id, body.change)),
      runner: change(runnerChange, ({ mode }) => builds?.runner.choose(mode)),
    },
  });
  const fetch: Fetch = async (request) => {
    const url = new URL(request.url);
    if (url.hostname.endsWith('.pages.localhost')) return cloudflare.site(request);
    if (url.pathname.startsWith('/sites/')) return cloudflare.site(request);
    if (url.pathname.startsWith('/_sim/')) return control(request);
    if (url.pathname.startsWith('/cloudflare/')) {
      return cloudflare.fetch(withoutPrefix(request, '/cloudflare'));
    }
    if (builds === undefined) return new Response('nothing is simulated here\n', { status: 404 });
    if (url.pathname.startsWith('/github/')) {
      return builds.github.fetch(withoutPrefix(request, '/github'));
    }
    return builds.github.pages(request);
  };
  return {
    fetch,
    cloudflare,
    github: builds?.github,
    faults,
    advance: async () => builds?.advance(),
    close: async () => builds?.close(),
  };
}

interface Builds {
  github: Github;
  runner: SwitchedRunner;
  advance(): Promise<void>;
  close(): Promise<void>;
}

// GitHub with both runners. What the modelled one uploads goes straight to the simulated
// Cloudflare; what it asks of Slipway goes over the network, as from the real one.
function openBuilds(
  clock: Clock,
  store: Store,
  around: { cloudflare: Cloudflare; faults: PlannedFaults; seed: number },
  settings: GithubSettings,
): Builds {
  const { tokens, repositories, runner: first, directory = 'runner', ...shared } = settings;
  const { listLag_ms = 0, publicUrl, ...job } = shared;
  const real = realRunner({ ...job, clock, directory });
  const modelled = modelledRunner({
    clock,
    store,
    seed: around.seed,
    environments: settings.environments,
    slipway: (request) => fetch(request),
    cloudflare: around.cloudflare.fetch,
    cloudflareUrl: 'http://cloudflare.invalid/client/v4',
  });
  const runner = switchedRunner(store, { real, modelled }, first);
  const places = Object.entries(repositories).map(
    ([name, place]) => [name, { directory: place }] as const,
  );
  const github = createGithub({
    clock,
    store,
    runner,
    tokens,
    listLag_ms,
    faults: around.faults,
    seed: around.seed,
    ...(publicUrl === undefined ? {} : { apiUrl: `${publicUrl}/github`, webUrl: publicUrl }),
    repositories: Object.fromEntries(places),
  });
  return { github, runner, advance: () => modelled.advance(), close: () => real.close() };
}

function withoutPrefix(request: Request, prefix: string): Request {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length);
  return new Request(url, request);
}
