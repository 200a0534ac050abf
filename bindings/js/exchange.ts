// One exchange with the outside: an address below a base, a request that is sent once, an answer
// that is read up to its cap. Nothing here follows, repeats or interprets.
import { readCapped } from './capped.ts';
import type { FactOutcome } from './control.ts';
import { struckBytes, struckText } from './strike.ts';

/** What became of a request, and the body that came with an answer. */
export interface Exchange {
  readonly fact: Extract<FactOutcome, { outcome: 'answered' | 'lost' | 'deferred' }>;
  readonly bytes?: Uint8Array;
}

/** A request that is ready to be sent. */
export interface Outgoing {
  readonly url: string;
  readonly init: RequestInit;
  /** For the whole exchange. */
  readonly timeout_ms: number;
  /** Bytes of the answer to keep. */
  readonly body_max: number;
  /** What the request has in it and its answer may not repeat, beside the token. */
  readonly secrets?: readonly string[];
}

/** Who asks, as every request says. */
export const user_agent = 'slipway';

const known_headers = [
  'retry-after',
  'etag',
  'content-type',
  'link',
  'location',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
];

/**
 * Sends it once, with the token where there is one. Without a whole answer in time the outcome is
 * `lost`, never an exception; so it is when `stop` is aborted. An answer that repeats the token has
 * stars in its place: what is said of a failure is stored and shown.
 */
export async function exchangeOnce(
  fetch: (request: Request) => Promise<Response>,
  outgoing: Outgoing,
  token?: string,
  stop?: AbortSignal,
): Promise<Exchange> {
  const { url, init, secrets = [] } = outgoing;
  const struck = token === undefined ? secrets : [...secrets, token];
  const headers = new Headers(init.headers);
  if (token !== undefined) {
    headers.set('authorization', `Bearer ${token}`);
  }
  const late = AbortSignal.timeout(outgoing.timeout_ms);
  const signal = stop === undefined ? late : AbortSignal.any([late, stop]);
  try {
    const response = await fetch(new Request(url, { ...init, headers, signal }));
    const { bytes, cut } = await readCapped(response.body, outgoing.body_max);
    const { status } = response;
    struckBytes(bytes, struck);
    const known = knownHeaders(response.headers, struck);
    return { fact: { outcome: 'answered', status, headers: known, truncated: cut }, bytes };
  } catch (error) {
    const timed_out = signal.aborted || (error instanceof Error && error.name === 'TimeoutError');
    return { fact: { outcome: 'lost', detail: timed_out ? 'timeout' : 'network' } };
  }
}

/** Those headers of an answer that the core knows, lower case, without these secrets. */
export function knownHeaders(
  given: Headers,
  secrets: readonly string[] = [],
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of known_headers) {
    const value = given.get(name);
    if (value !== null) {
      headers[name] = struckText(value, secrets);
    }
  }
  return headers;
}

/**
 * `base` and `path` as one address; undefined where that would become another one: a path that is
 * not whole, or that climbs, be it only to another resource below the base.
 */
export function addressBelow(base: string, path: string): string | undefined {
  const url = base + path;
  return path.startsWith('/') && URL.parse(url)?.href === url ? url : undefined;
}
