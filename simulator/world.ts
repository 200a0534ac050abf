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

/** A configuration file. */
export interface WorldConfig {
  cloudflare: CloudflareSettings;
  /** Seed of identifiers and of random faults; 1 when absent. */
  seed?: number;
  faults?: FaultPlan[];
}

/** Accepts a configuration file. */
export const worldConfig: Reader<WorldConfig> = object(
  { cloudflare: cloudflareSettings },
  { seed: number(0, 2 ** 32 - 1), faults: faultPlans },
);

/** The running world. */
export interface World {
  fetch: Fetch;
  cloudflare: Cloudflare;
  faults: PlannedFaults;
}

/**
 * Addresses: `/cloudflare/client/v4/...` (the API), `/sites/<host>/...` and any path with a Host
 * of `<name>.pages.localhost` (the sites), `/_sim/...` (control).
 */
export function createWorld(clock: Clock, store: Store, config: WorldConfig): World {
  const seed = config.seed ?? 1;
  const faults = plannedFaults(seed, config.faults);
  const cloudflare = createCloudflare({ ...config.cloudflare, clock, store, faults, seed });
  const control = controlApi({
    faults,
    state: () => ({ now_ms: clock.now(), cloudflare: cloudflare.state() }),
    calls: () => ({ cloudflare: cloudflare.log }),
    changes: {
      behaviour: change(behaviourChange, ({ project, behaviour }) =>
        cloudflare.behave(project, behaviour),
      ),
      account: change(accountChange, (body) => cloudflare.configure(body.id, body.change)),
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
    return new Response('nothing is simulated here\n', { status: 404 });
  };
  return { fetch, cloudflare, faults };
}

function withoutPrefix(request: Request, prefix: string): Request {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length);
  return new Request(url, request);
}
