// What an isolate remembers from one invocation to the next: only what can be had again at any
// time. Everything else is opened anew for each invocation.
import { KeySet } from './auth/key_set.ts';
import { InstallationTokens } from './upstream/installation_tokens.ts';

/** The memory of one isolate. */
export class Isolate {
  readonly installation_tokens = new InstallationTokens();
  readonly #key_sets = new Map<string, KeySet>();

  /** The key set at this address. */
  keySet(url: string): KeySet {
    const known = this.#key_sets.get(url) ?? new KeySet(url);
    this.#key_sets.set(url, known);
    return known;
  }
}
