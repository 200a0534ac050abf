// The only place that sends the core's requests outside. It joins addresses, attaches the named
// credential and reads the answer up to its cap; nothing here follows or interprets. A request is
// sent once, and again only where its token was refused and there is another: an App's new one
// after 401, an account's second one after 401 or 403. Then nothing was done.
import type { Spend, UpstreamRequest } from '../../bindings/js/control.ts';
import {
  addressBelow,
  type Exchange,
  exchangeOnce,
  knownHeaders,
  type Outgoing,
  user_agent,
} from '../../bindings/js/exchange.ts';
import { bytesOf, segmentAt } from '../../bindings/js/frame.ts';
import type { Ports } from '../ports.ts';
import type { Credential, Upstreams } from '../settings.ts';
import { spend } from '../storage/ledgers.ts';
import { TokenPair } from './token_pair.ts';
import type { TokenOutcome, TokenSource } from './token_source.ts';

/** A request that the shim cannot build: a credential or an address that does not exist. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** A request that is ready to be sent once. */
export interface Prepared extends Outgoing {
  /** The units of a budget that it uses; absent: none. */
  readonly spend?: Spend;
  /** Where its bearer token comes from; absent where it has one, or needs none. */
  readonly source?: TokenSource | TokenPair;
}

// A site's host, its project's or a domain of the tenant, comes from an answer of an upstream: it
// is a name of the public DNS. One that is an address, or could smuggle in a port or a path,
// would choose another server, and so would a name that means another machine everywhere.
const site_host =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,57}[a-z0-9])$/;
const private_host = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|arpa|onion)$/;
const host_chars_max = 253;

/** Where a path has the credential itself, instead of a header. */
const credential_in_path = '{credential}';

/** Where a path has a sealed value, opened. */
const sealed_in_path = '{sealed}';

/**
 * Builds the request, with the body from `segments` and the opened value that it has sealed in its
 * path. Nothing is sent.
 * @throws RequestError for a credential that is not configured, or a path or host that would leave
 * the target's address.
 */
export function prepare(
  upstreams: Upstreams,
  request: UpstreamRequest,
  segments: readonly Uint8Array[],
  sealed = '',
): Prepared {
  const headers = new Headers({ ...request.headers, 'user-agent': user_agent });
  const credential = credentialOf(upstreams, request);
  const inPath = request.path.includes(credential_in_path);
  if (typeof credential === 'string' && !inPath) {
    headers.set('authorization', `Bearer ${credential}`);
  }
  const init: RequestInit = { method: request.method, headers, redirect: 'manual' };
  if (request.segment !== undefined) {
    init.body = segmentAt(segments, request.segment).slice();
  }
  const { timeout_ms, body_max } = request;
  const secret = inPath && typeof credential === 'string' ? credential : '';
  const path = request.path
    .replace(credential_in_path, () => encodeURIComponent(secret))
    .replace(sealed_in_path, () => encodeURIComponent(sealed));
  const url = addressOf(upstreams, request, path);
  const source = typeof credential === 'object' ? { source: credential } : {};
  const units = request.spend === undefined ? {} : { spend: request.spend };
  const own = typeof credential === 'string' ? [credential, sealed] : [sealed];
  const secrets = own.filter((each) => each !== '');
  return { url, init, timeout_ms, body_max, secrets, ...units, ...source };
}

/**
 * The same with the values that were opened for it, by id; undefined where its own is not among
 * them.
 */
export function prepareOpened(
  upstreams: Upstreams,
  request: UpstreamRequest,
  segments: readonly Uint8Array[],
  opened: ReadonlyMap<string, string>,
): Prepared | undefined {
  if (request.sealed === undefined) {
    return prepare(upstreams, request, segments);
  }
  const sealed = opened.get(request.sealed);
  return sealed === undefined ? undefined : prepare(upstreams, request, segments, sealed);
}

/**
 * Sends it once, where its budget has room. Without a whole answer in time the outcome is `lost`,
 * never an exception. A token is asked for first where one is needed, in time of its own.
 * @throws StorageFailure where the budget could not be asked: then nothing was sent.
 */
export async function send(ports: Ports, prepared: Prepared): Promise<Exchange> {
  const { source } = prepared;
  if (prepared.spend !== undefined) {
    const spent = await spend(ports, prepared.spend);
    if (spent.outcome === 'deferred') {
      return { fact: spent };
    }
  }
  if (source === undefined) {
    return await sendOnce(ports, prepared);
  }
  if (source instanceof TokenPair) {
    return await sendWithPair(ports, prepared, source);
  }
  const first = await source.token(ports);
  if (first.outcome !== 'token') {
    return unsent(first);
  }
  const exchange = await sendOnce(ports, prepared, first.token);
  if (exchange.fact.outcome !== 'answered' || exchange.fact.status !== 401) {
    return exchange;
  }
  const second = await source.token(ports, first.token);
  return second.outcome === 'token' ? await sendOnce(ports, prepared, second.token) : exchange;
}

// Where both are refused, what the current one was told is the answer.
async function sendWithPair(ports: Ports, prepared: Prepared, pair: TokenPair): Promise<Exchange> {
  const [first, second] = pair.order();
  const exchange = await sendOnce(ports, prepared, first);
  if (!isRefused(exchange)) {
    return exchange;
  }
  const other = await sendOnce(ports, prepared, second);
  if (isRefused(other)) {
    return first === pair.current ? exchange : other;
  }
  if (other.fact.outcome === 'answered' && other.fact.status < 400) {
    pair.worked(second);
  }
  return other;
}

function isRefused({ fact }: Exchange): boolean {
  return fact.outcome === 'answered' && (fact.status === 401 || fact.status === 403);
}

// What is known of a request that had no token to go with.
function unsent(why: Exclude<TokenOutcome, { outcome: 'token' }>): Exchange {
  if (why.outcome === 'unavailable') {
    return { fact: { outcome: 'lost', detail: 'unsent' } };
  }
  const { status, message } = why;
  const headers = knownHeaders(why.headers);
  const bytes = bytesOf(JSON.stringify({ message }));
  return { fact: { outcome: 'answered', status, headers, truncated: false }, bytes };
}

function sendOnce(ports: Ports, prepared: Prepared, token?: string): Promise<Exchange> {
  return exchangeOnce(ports.fetch, prepared, token);
}

function credentialOf(
  upstreams: Upstreams,
  { credential }: UpstreamRequest,
): Credential | undefined {
  const found = credential === undefined ? undefined : upstreams.credentials.get(credential);
  if (credential !== undefined && found === undefined) {
    throw new RequestError(`the credential ${credential} is not configured`);
  }
  return found;
}

// `path` may hold a secret: what is said names the request's own.
function addressOf(upstreams: Upstreams, request: UpstreamRequest, path: string): string {
  const url = addressBelow(baseOf(upstreams, request), path);
  if (url === undefined) {
    throw new RequestError(`the path ${request.path} leaves its target`);
  }
  return url;
}

function baseOf(upstreams: Upstreams, request: UpstreamRequest): string {
  switch (request.target) {
    case 'github':
      return upstreams.github_url;
    case 'cloudflare':
      return upstreams.cloudflare_url;
    case 'site': {
      const host = request.host ?? '';
      if (host.length > host_chars_max || !site_host.test(host) || private_host.test(host)) {
        throw new RequestError(`"${host.slice(0, host_chars_max)}" is no host name of a site`);
      }
      return upstreams.pages_origin.replaceAll('{host}', host);
    }
  }
}
