// The simulator's own control API, under `/_sim/`: look at the world, and change it while it runs.

import type { Fetch } from './contract.ts';
import { faultPlans } from './fault_bodies.ts';
import type { PlannedFaults } from './faults.ts';
import { object, type Reader, Refusal, readJson } from './strict.ts';

/** What the control API shows and changes. */
export interface Controlled {
  faults: PlannedFaults;
  /** The JSON of `GET /_sim/state`. */
  state(): unknown;
  /** The JSON of `GET /_sim/calls`: the calls to each service. */
  calls(): unknown;
  /** The JSON of `GET /_sim/budgets`: what was spent of the calls of each user. */
  budgets(): unknown;
  /** The JSON of `GET /_sim/builds`: the builds of Workers Builds. */
  builds(): unknown;
  /** Further changes: `POST /_sim/<name>`, each with the reader of its body. */
  changes: Record<string, Change>;
}

/** One change that can be posted. */
export interface Change {
  /** Returns what is answered as JSON; undefined for `{"done": true}`. */
  apply(text: string): unknown;
}

/** A change whose JSON body `reader` accepts. */
export function change<T>(reader: Reader<T>, apply: (body: T) => unknown): Change {
  return { apply: (text) => apply(readJson(text, reader)) };
}

/**
 * `GET` of `state`, `calls`, `budgets` and `builds`, `GET` and `POST` of `faults`
 * (`{plans: [...]}`), and the given changes.
 */
export function controlApi(controlled: Controlled): Fetch {
  const { faults } = controlled;
  const reads: Record<string, () => unknown> = {
    state: () => controlled.state(),
    calls: () => controlled.calls(),
    budgets: () => controlled.budgets(),
    builds: () => controlled.builds(),
    faults: () => ({ plans: faults.plans(), taken: faults.taken() }),
  };
  const changes: Record<string, Change> = {
    faults: change(object({ plans: faultPlans }), ({ plans }) => faults.set(plans)),
    ...controlled.changes,
  };
  return async (request) => {
    // A browser names the origin of the page that posts: none may change this world.
    if (request.headers.has('origin')) {
      return Response.json({ error: 'no web page may do that' }, { status: 403 });
    }
    const name = new URL(request.url).pathname.slice('/_sim/'.length);
    if (request.method === 'GET' && Object.hasOwn(reads, name)) {
      return Response.json(reads[name]?.());
    }
    if (request.method !== 'POST' || !Object.hasOwn(changes, name)) {
      return Response.json({ error: 'no such control' }, { status: 404 });
    }
    try {
      return Response.json(changes[name]?.apply(await request.text()) ?? { done: true });
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof RangeError)) throw error;
      const pointer = error instanceof Refusal ? error.pointer : '';
      return Response.json({ error: error.message, pointer }, { status: 400 });
    }
  };
}
