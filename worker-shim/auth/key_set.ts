// The public keys by which someone signs tokens (a JSON Web Key Set), fetched when they are needed
// and kept for an hour. However many tokens name keys that do not exist, the set is fetched once a
// minute at most.
import { readCapped } from '../../bindings/js/capped.ts';
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

/** How tokens may be signed: one of these, and the set holds keys for it alone. */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

// Base64url of 2048 bits.
const modulus_chars_min = 342;

/** The set at one address. One isolate keeps one of these for each. */
export class KeySet {
  readonly #url: string;
  readonly #algorithm: SigningAlgorithm;
  #keys = new Map<string, WebKey>();
  #fetched_ms = Number.NEGATIVE_INFINITY;
  #asked_ms = Number.NEGATIVE_INFINITY;
  #flight: Promise<void> | undefined;

  constructor(url: string, algorithm: SigningAlgorithm = 'RS256') {
    this.#url = url;
    this.#algorithm = algorithm;
  }

  /**
   * The key with this id, for checking signatures; undefined where there is none.
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
        this.#keys = await importAll(keys.slice(0, keys_max), this.#algorithm);
        this.#fetched_ms = ports.now();
      }
    } catch {
      // No answer, or none that makes sense: the next attempt is a minute away.
    }
  }
}

async function importAll(
  given: readonly unknown[],
  algorithm: SigningAlgorithm,
): Promise<Map<string, WebKey>> {
  const keys = new Map<string, WebKey>();
  for (const value of given) {
    const { kid, ...members } = membersOf(value);
    const key = await imported(members, algorithm);
    if (typeof kid === 'string' && key !== undefined) {
      keys.set(kid, key);
    }
  }
  return keys;
}

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
const ed25519 = { name: 'Ed25519' };

// Undefined for what is no key for signatures by the algorithm, or a weak one.
async function imported(
  members: Members,
  algorithm: SigningAlgorithm,
): Promise<WebKey | undefined> {
  const { use = 'sig', alg = algorithm } = members;
  const named = alg === algorithm || (algorithm === 'EdDSA' && alg === 'Ed25519');
  const jwk = use === 'sig' && named ? publicKeyOf(members, algorithm) : undefined;
  if (jwk === undefined) {
    return undefined;
  }
  const parameters = { RS256: rsa, ES256: ecdsa, EdDSA: ed25519 }[algorithm];
  try {
    return await crypto.subtle.importKey('jwk', jwk, parameters, false, ['verify']);
  } catch {
    return undefined;
  }
}

// Only what a public key of that kind has: neither a private part nor an operation goes on.
function publicKeyOf(
  { kty, crv, n, e, x, y }: Members,
  algorithm: SigningAlgorithm,
): { kty: string } | undefined {
  if (algorithm === 'RS256') {
    const strong = typeof n === 'string' && n.length >= modulus_chars_min;
    return kty === 'RSA' && strong && typeof e === 'string' ? { kty, ...{ n, e } } : undefined;
  }
  if (algorithm === 'ES256') {
    const whole = typeof x === 'string' && typeof y === 'string';
    return kty === 'EC' && crv === 'P-256' && whole ? { kty, ...{ crv, x, y } } : undefined;
  }
  const whole = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string';
  return whole ? { kty, ...{ crv, x } } : undefined;
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
