// The only place that sends a request outside. It joins addresses, attaches the named credential
// and reads the answer up to its cap; nothing here retries, follows or interprets.
import type { FactOutcome, UpstreamRequest } from '../../bindings/js/control.ts';
import { segmentAt } from '../../bindings/js/frame.ts';
import { readCapped } from '../capped.ts';
import type { Ports } from '../ports.ts';
import type { Upstreams } from '../settings.ts';

/** A request that the shim cannot build: a credential or an address that does not exist. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** A request that is ready to be sent once. */
export interface Prepared {
  readonly url: string;
  readonly init: RequestInit;
  readonly timeout_ms: number;
  readonly body_max: number;
}

/** What became of it, and the body that came with an answer. */
export interface Exchange {
  readonly fact: Extract<FactOutcome, { outcome: 'answered' | 'lost' }>;
  readonly bytes?: Uint8Array;
}

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
 * Builds the request, with the body from `segments`. Nothing is sent.
 * @throws RequestError for a credential that is not configured, or a path or host that would leave
 * the target's address.
 */
export function prepare(
  upstreams: Upstreams,
  request: UpstreamRequest,
  segments: readonly Uint8Array[],
): Prepared {
  const headers = new Headers({ ...request.headers, 'user-agent': 'slipway' });
  if (request.credential !== undefined) {
    const token = upstreams.credentials.get(request.credential);
    if (token === undefined) {
      throw new RequestError(`the credential ${request.credential} is not configured`);
    }
    headers.set('authorization', `Bearer ${token}`);
  }
  const init: RequestInit = { method: request.method, headers, redirect: 'manual' };
  if (request.segment !== undefined) {
    init.body = segmentAt(segments, request.segment).slice();
  }
  const { timeout_ms, body_max } = request;
  return { url: addressOf(upstreams, request), init, timeout_ms, body_max };
}

/** Sends it once. Without a whole answer in time the outcome is `lost`, never an exception. */
export async function send(ports: Ports, prepared: Prepared): Promise<Exchange> {
  const signal = AbortSignal.timeout(prepared.timeout_ms);
  try {
    const response = await ports.fetch(new Request(prepared.url, { ...prepared.init, signal }));
    const { bytes, cut } = await readCapped(response.body, prepared.body_max);
    const headers: Record<string, string> = {};
    for (const name of known_headers) {
      const value = response.headers.get(name);
      if (value !== null) {
        headers[name] = value;
      }
    }
    const { status } = response;
    return { fact: { outcome: 'answered', status, headers, truncated: cut }, bytes };
  } catch (error) {
    const timed_out = signal.aborted || (error instanceof Error && error.name === 'TimeoutError');
    return { fact: { outcome: 'lost', detail: timed_out ? 'timeout' : 'network' } };
  }
}

function addressOf(upstreams: Upstreams, request: UpstreamRequest): string {
  const base = baseOf(upstreams, request);
  const url = new URL(base + request.path).href;
  if (!request.path.startsWith('/') || !url.startsWith(`${base}/`)) {
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
      // A host that could smuggle in a port, a user or a path would choose another server.
      if (!/^[a-z0-9.-]+$/.test(host)) {
        throw new RequestError(`"${host}" is not a host name`);
      }
      return upstreams.pages_origin.replaceAll('{host}', host);
    }
  }
}
