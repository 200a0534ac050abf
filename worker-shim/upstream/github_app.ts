// What a GitHub App asks GitHub for: the id of its installation, and installation tokens. Each
// request is made once; what came of it is a value, never an exception.

import { readCapped } from '../../bindings/js/capped.ts';
import { knownHeaders } from '../../bindings/js/exchange.ts';
import { struckText } from '../../bindings/js/strike.ts';
import { signAppJwt } from '../auth/app_jwt.ts';
import { importSigningKey, KeyError } from '../auth/private_key.ts';
import type { Ports } from '../ports.ts';

/** A GitHub App and where it is installed. */
export interface GithubApp {
  /** The API's base address, without a trailing slash. */
  readonly url: string;
  /** Its client id or its id. */
  readonly issuer: string;
  /** PEMs; the present key first, then the one before it. */
  readonly private_keys: readonly string[];
  /** Id of the installation; absent: that of the repository is asked for. */
  readonly installation?: string;
  /** The builder's repository. */
  readonly owner: string;
  readonly repository: string;
}

/** What a token may do: GitHub's names of permissions, and repositories by their short names. */
export interface Narrowing {
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** Absent: every repository of the installation. */
  readonly repositories?: readonly string[];
}

/** What came of asking for a token. */
export type Issued =
  | { readonly outcome: 'issued'; readonly token: string; readonly expires_ms: number }
  | {
      /** GitHub will not give one; `message` says why and quotes no secret. */
      readonly outcome: 'refused';
      readonly status: number;
      readonly headers: Headers;
      readonly message: string;
    }
  /** No answer, or none that makes sense: it may be had later. */
  | { readonly outcome: 'unavailable' };

type Refused = Extract<Issued, { outcome: 'refused' }>;
type Unissued = Exclude<Issued, { outcome: 'issued' }>;

interface Answered {
  readonly outcome: 'answered';
  readonly body: Record<string, unknown>;
}

const timeout_ms = 10_000;
const body_bytes_max = 65_536;
// Installation tokens are some 40 to 600 characters long today; GitHub promises no length.
const token_form = /^[\x21-\x7e]{1,8192}$/;

/** Asks for a token, with the present key and, where GitHub refuses that, the one before it. */
export async function requestToken(
  ports: Ports,
  app: GithubApp,
  narrowing: Narrowing,
): Promise<Issued> {
  let last: Issued = { outcome: 'unavailable' };
  for (const pem of app.private_keys) {
    last = await requestWith(ports, app, pem, narrowing);
    if (last.outcome !== 'refused' || last.status !== 401) {
      return last;
    }
  }
  return last;
}

async function requestWith(
  ports: Ports,
  app: GithubApp,
  pem: string,
  narrowing: Narrowing,
): Promise<Issued> {
  let jwt: string;
  try {
    jwt = await signAppJwt(await importSigningKey(pem), app.issuer, ports.now());
  } catch (error) {
    const why = error instanceof KeyError ? error.message : 'it cannot sign';
    return refusal(401, new Headers(), `the private key is of no use: ${why}`);
  }
  const installation = await installationOf(ports, app, jwt);
  if (typeof installation !== 'string') {
    return installation;
  }
  const path = `/app/installations/${encodeURIComponent(installation)}/access_tokens`;
  const answer = await call(ports, app, jwt, 'POST', path, narrowing);
  return answer.outcome === 'answered' ? issued(answer.body) : answer;
}

async function installationOf(
  ports: Ports,
  app: GithubApp,
  jwt: string,
): Promise<string | Unissued> {
  if (app.installation !== undefined) {
    return app.installation;
  }
  const names = [app.owner, app.repository].map((name) => encodeURIComponent(name));
  const answer = await call(ports, app, jwt, 'GET', `/repos/${names.join('/')}/installation`);
  if (answer.outcome !== 'answered') {
    return answer;
  }
  const { id } = answer.body;
  return Number.isSafeInteger(id) ? String(id) : { outcome: 'unavailable' };
}

function issued({ token, expires_at }: Record<string, unknown>): Issued {
  const expires_ms = Date.parse(String(expires_at));
  const sound = typeof token === 'string' && token_form.test(token) && !Number.isNaN(expires_ms);
  return sound ? { outcome: 'issued', token, expires_ms } : { outcome: 'unavailable' };
}

async function call(
  ports: Ports,
  app: GithubApp,
  jwt: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answered | Unissued> {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${jwt}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    'user-agent': 'slipway',
    'x-github-api-version': '2026-03-10',
  };
  const init: RequestInit = { method, headers, redirect: 'manual' };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
  }
  try {
    const signal = AbortSignal.timeout(timeout_ms);
    const response = await ports.fetch(new Request(app.url + path, { ...init, signal }));
    const { bytes } = await readCapped(response.body, body_bytes_max);
    if (response.status >= 500 || response.status === 408) {
      return { outcome: 'unavailable' };
    }
    const said = membersOf(JSON.parse(new TextDecoder().decode(bytes)));
    if (response.ok) {
      return { outcome: 'answered', body: said };
    }
    // What GitHub says of a refusal is passed on; the token that it refuses is not.
    const headers_kept = new Headers(knownHeaders(response.headers, [jwt]));
    return refusal(response.status, headers_kept, struckText(String(said.message ?? ''), [jwt]));
  } catch {
    return { outcome: 'unavailable' };
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function refusal(status: number, headers: Headers, message: string): Refused {
  return { outcome: 'refused', status, headers, message };
}
