// How the simulated GitHub is told to behave while it runs.

import type { Store } from '../base/contract.ts';

/** How GitHub is to behave from now on; what is left out stays as it is. */
export interface GithubBehaviour {
  /** So many of the next dispatches make two runs each. */
  readonly duplicates?: number | undefined;
  /** How long a new run is missing from lists, in milliseconds. */
  readonly listLag_ms?: number | undefined;
}

/** The behaviour, kept in the store. */
export interface BehaviourBook {
  change(behaviour: GithubBehaviour): void;
  /** How long a new run is missing from lists; undefined where nobody said. */
  listLag_ms(): number | undefined;
  /** Whether the dispatch that is being answered makes a second run. */
  takeDuplicate(): boolean;
}

const KEY = 'github/behaviour';

/** Opens the behaviour kept in `store`. */
export function openBehaviour(store: Store): BehaviourBook {
  const now = (): GithubBehaviour => store.get(KEY) ?? {};
  const change = (behaviour: GithubBehaviour): void => store.put(KEY, { ...now(), ...behaviour });
  return {
    change,
    listLag_ms: () => now().listLag_ms,
    takeDuplicate() {
      const { duplicates = 0 } = now();
      if (duplicates > 0) change({ duplicates: duplicates - 1 });
      return duplicates > 0;
    },
  };
}
