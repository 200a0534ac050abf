// The public keys by which someone signs tokens (a JSON Web Key Set), fetched when they are needed
// and kept for an hour. However many tokens name keys that do not exist, the set is fetched once a
// minute at most.
import { readCapped } from '../capped.ts';
import { inTime } from '../in_time.ts';
import type { Ports } from '../ports.ts';
import type { WebKey } from './web_key.ts';

type Members = Readonly<Record<string, unknown>>;

/** The keys could not be had: whether a token is sound is not known now. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const kept_ms = 60 * 60_000;
const asked_again_ms = 60_000;
const timeout_ms = 5_000;
const body_bytes_max = 65_536;
const keys_max = 32;
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
// Base64url of 2048 bits.
const modulus_chars_min = 342;

/** The set at one address. One isolate keeps one of these for each. */
export class KeySet {
  readonly #url: string;
  #keys = new Map<string, WebKey>();
  #fetched_ms = Number.NEGATIVE_INFINITY;
  #asked_ms = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * The key with this id, for checking RS256; undefined where there is none.
   * @throws KeysUnavailable when the set is not known and cannot be had now
   */
  async find(ports: Ports, kid: string): Promise<WebKey | undefined> {
    const known = this.#isFresh(ports) ? this.#keys.get(kid) : undefined;
    if (known !== undefined) {
      return known;
    }
    if (ports.now() - this.#asked_ms >= asked_again_ms) {
      this.#asked_ms = ports.now();
      this.#flight = this.#renew(ports);
      await this.#flight;
      this.#flight = undefined;
    } else if (this.#flight !== undefined) {
      await inTime(this.#flight, timeout_ms);
    }
    if (!this.#isFresh(ports)) {
      throw new KeysUnavailable(`no keys from ${this.#url}`);
    }
    return this.#keys.get(kid);
  }

  #isFresh(ports: Ports): boolean {
    return ports.now() - this.#fetched_ms < kept_ms;
  }

  // What goes wrong leaves the keys as they are.
  async #renew(ports: Ports): Promise<void> {
    try {
      const init = { headers: { 'user-agent': 'slipway' }, redirect: 'manual' } as const;
      const signal = AbortSignal.timeout(timeout_ms);
      const response = await ports.fetch(new Request(this.#url, { ...init, signal }));
      const { bytes, cut } = await readCapped(response.body, body_bytes_max);
      const { keys } = JSON.parse(new TextDecoder().decode(bytes)) as { keys?: unknown };
      if (response.ok && !cut && Array.isArray(keys)) {
        this.#keys = await importAll(keys.slice(0, keys_max));
        this.#fetched_ms = ports.now();
      }
    } catch {
      // No answer, or none that makes sense: the next attempt is a minute away.
    }
  }
}

async function importAll(given: readonly unknown[]): Promise<Map<string, WebKey>> {
  const keys = new Map<string, WebKey>();
  for (const value of given) {
    const { kid, ...members } = membersOf(value);
    const key = await imported(members);
    if (typeof kid === 'string' && key !== undefined) {
      keys.set(kid, key);
    }
  }
  return keys;
}

// Undefined for what is no RSA key for signatures, or a weak one.
async function imported({ kty, n, e, use, alg }: Members): Promise<WebKey | undefined> {
  const usable = kty === 'RSA' && (use ?? 'sig') === 'sig' && (alg ?? 'RS256') === 'RS256';
  if (!usable || typeof n !== 'string' || typeof e !== 'string' || n.length < modulus_chars_min) {
    return undefined;
  }
  try {
    const jwk = { kty: 'RSA', n, e };
    return await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
