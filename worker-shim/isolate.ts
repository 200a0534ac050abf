// What an isolate remembers from one invocation to the next: only what can be had again at any
// time. Everything else is opened anew for each invocation.
import { KeySet, type SigningAlgorithm } from './auth/key_set.ts';
import { InstallationTokens } from './upstream/installation_tokens.ts';
import { TokenPair } from './upstream/token_pair.ts';

/** The memory of one isolate. */
export class Isolate {
  readonly installation_tokens = new InstallationTokens();
  readonly #token_pairs = new Map<string, TokenPair>();
  readonly #key_sets = new Map<string, KeySet>();

  /** The tokens of this credential, with the memory of which one worked. */
  tokenPair(credential: string, current: string, previous: string): TokenPair {
    const known = this.#token_pairs.get(credential);
    if (known?.current === current && known.previous === previous) {
      return known;
    }
    const pair = new TokenPair(current, previous);
    this.#token_pairs.set(credential, pair);
    return pair;
  }

  /** The key set at this address, for this algorithm. */
  keySet(url: string, algorithm: SigningAlgorithm = 'RS256'): KeySet {
    const id = `${algorithm} ${url}`;
    const known = this.#key_sets.get(id) ?? new KeySet(url, algorithm);
    this.#key_sets.set(id, known);
    return known;
  }
}
