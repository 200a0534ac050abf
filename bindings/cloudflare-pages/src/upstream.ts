// What goes out to Cloudflare: the core's requests with the caller's token, and nothing else.
import type { UpstreamRequest } from '../../js/control.ts';
import {
  addressBelow,
  type Exchange,
  exchangeOnce,
  type Outgoing,
  user_agent,
} from '../../js/exchange.ts';
import { segmentAt } from '../../js/frame.ts';
import { raced } from './abort.ts';
import { optionInvalid, tokenUnavailable } from './problems.ts';
import type { ProvisionOptions } from './types.ts';

const default_base = 'https://api.cloudflare.com/client/v4';

/** Visible ASCII: anything else is no token, and the platform would quote it when it refuses. */
const token_form = /^[!-~]+$/;

/** Sends for one call, and knows its secrets. */
export class Upstream {
  readonly #base: string;
  readonly #options: ProvisionOptions;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #secrets = new Set<string>();

  /** @throws ProvisionError for a base that is no address of a server. */
  constructor(options: ProvisionOptions) {
    this.#options = options;
    this.#base = baseOf(options.baseUrl ?? default_base);
    const { fetch } = options;
    this.#fetch = fetch ?? ((request) => globalThis.fetch(request));
  }

  /** Something that no text may hold. */
  keep(secret: string): void {
    if (secret !== '') this.#secrets.add(secret);
  }

  /** The text without anything secret. */
  clean(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '[secret]');
    return clean;
  }

  /**
   * Sends it once; and once more where the token was refused and the provider has another by now:
   * then nothing was done.
   * @throws ProvisionError where no token can be had, or the signal's reason.
   */
  async send(request: UpstreamRequest, segments: readonly Uint8Array[]): Promise<Exchange> {
    const outgoing = this.#outgoing(request, segments);
    const first = await this.#token();
    const exchange = await this.#once(outgoing, first);
    if (!isRefused(exchange) || typeof this.#options.token === 'string') return exchange;
    const second = await this.#token();
    return second === first ? exchange : await this.#once(outgoing, second);
  }

  async #once(outgoing: Outgoing, token: string): Promise<Exchange> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const exchange = await raced(exchangeOnce(this.#fetch, outgoing, token, signal), signal);
    signal?.throwIfAborted();
    return exchange;
  }

  #outgoing(request: UpstreamRequest, segments: readonly Uint8Array[]): Outgoing {
    const url = addressBelow(this.#base, request.path);
    if (request.target !== 'cloudflare' || url === undefined) {
      throw new Error('the core asked for an address that is not of the account');
    }
    const { method, segment, timeout_ms, body_max } = request;
    const headers = { ...request.headers, 'user-agent': user_agent };
    const body = segment === undefined ? {} : { body: segmentAt(segments, segment).slice() };
    const init: RequestInit = { method, headers, redirect: 'manual', ...body };
    return { url, init, timeout_ms, body_max };
  }

  async #token(): Promise<string> {
    const { token, signal } = this.#options;
    const given = typeof token === 'function' ? await asked(token, signal) : token;
    if (typeof given !== 'string' || !token_form.test(given)) {
      throw tokenUnavailable('it must be a string of visible ASCII characters');
    }
    this.keep(given);
    return given;
  }
}

async function asked(
  provider: () => string | Promise<string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  signal?.throwIfAborted();
  try {
    return await raced(new Promise<string>((resolve) => resolve(provider())), signal);
  } catch {
    signal?.throwIfAborted();
    throw tokenUnavailable('it threw, or its promise was rejected');
  }
}

function isRefused({ fact }: Exchange): boolean {
  return fact.outcome === 'answered' && (fact.status === 401 || fact.status === 403);
}

function baseOf(given: string): string {
  const url = URL.parse(given);
  const sound = url !== null && /^https?:$/.test(url.protocol) && url.search + url.hash === '';
  if (!sound || url.username + url.password !== '') {
    throw optionInvalid('/baseUrl', 'must be an http or https address without user and query');
  }
  return url.href.replace(/\/+$/, '');
}
