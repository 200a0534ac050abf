// What an isolate remembers from one invocation to the next: only what can be had again at any
// time. Everything else is opened anew for each invocation.
import { KeySet, type SigningAlgorithm } from './auth/key_set.ts';
import { InstallationTokens } from './upstream/installation_tokens.ts';

/** The memory of one isolate. */
export class Isolate {
  readonly installation_tokens = new InstallationTokens();
  readonly #key_sets = new Map<string, KeySet>();

  /** The key set at this address, for this algorithm. */
  keySet(url: string, algorithm: SigningAlgorithm = 'RS256'): KeySet {
    const id = `${algorithm} ${url}`;
    const known = this.#key_sets.get(id) ?? new KeySet(url, algorithm);
    this.#key_sets.set(id, known);
    return known;
  }
}
