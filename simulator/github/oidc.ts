// GitHub's OpenID Connect provider: tokens that say which run a job belongs to, and the keys by
// which they are checked.

import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Clock, Fetch } from '../base/contract.ts';
import { stableId } from '../base/random.ts';
import type { Run } from '../runner/contract.ts';
import { json, refuse } from './answers.ts';

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** Where a job gets its token, as the variables of its steps. */
export interface TokenRequest {
  readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
  readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
}

/** The provider. */
export interface OidcProvider {
  /** Serves `/.well-known/jwks` and the address of token requests. */
  readonly fetch: Fetch;
  /** What a job of the run gets that may ask for tokens. */
  requestFor(run: Run, environment: string): TokenRequest;
  /** What GitHub says of a job of this run. */
  claimsOf(run: Run, environment: string, audience: string): Claims;
  /** A token with any claims; `header` replaces members of its own. */
  sign(claims: Claims, header?: Claims): string;
  /** Signs with a new key from now on; the old ones stay in the set. */
  rotate(): void;
  /** The PEM of the present public key. */
  publicKey(): string;
}

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const ISSUER = 'https://token.actions.githubusercontent.com';
const LIFE_S = 300;
const NOT_BEFORE_S = 600;

/** The provider whose addresses begin with `url`. */
export function oidcProvider(clock: Clock, url: string): OidcProvider {
  const keys: Key[] = [];
  const requests = new Map<string, { run: Run; environment: string }>();
  const present = (): Key => keys.at(-1) ?? added(keys);

  const claimsOf = (run: Run, environment: string, audience: string): Claims => {
    const now_s = Math.floor(clock.now() / 1000);
    const times = { iat: now_s, nbf: now_s - NOT_BEFORE_S, exp: now_s + LIFE_S };
    return { jti: randomUUID(), iss: ISSUER, aud: audience, ...times, ...jobOf(run, environment) };
  };
  const signed = (claims: Claims, header: Claims = {}): string => {
    const { kid, privateKey } = present();
    const head = part({ typ: 'JWT', alg: 'RS256', kid, x5t: kid, ...header });
    const text = `${head}.${part(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  return {
    claimsOf,
    sign: signed,
    rotate: () => void added(keys),
    publicKey: () => present().publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    requestFor(run, environment) {
      const ACTIONS_ID_TOKEN_REQUEST_TOKEN = randomUUID();
      requests.set(ACTIONS_ID_TOKEN_REQUEST_TOKEN, { run, environment });
      const ACTIONS_ID_TOKEN_REQUEST_URL = `${url}/token?api-version=2.0`;
      return { ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN };
    },
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname.endsWith('/.well-known/jwks')) {
        present();
        return json({ keys: keys.map(published) });
      }
      if (!pathname.endsWith('/token')) return refuse(404, 'Not Found');
      const bearer = /^bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
      const asked = requests.get(bearer);
      if (asked === undefined) return refuse(401, 'Bad credentials');
      const audience = searchParams.get('audience') ?? 'https://github.com';
      const value = signed(claimsOf(asked.run, asked.environment, audience));
      return json({ value, count: value.length });
    },
  };
}

function added(keys: Key[]): Key {
  const key = { kid: randomUUID(), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
  keys.push(key);
  return key;
}

function published({ kid, publicKey }: Key): object {
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { kty: 'RSA', alg: 'RS256', use: 'sig', kid, n, e };
}

function jobOf(run: Run, environment: string): Claims {
  const [owner = '', name = ''] = run.repository.split('/');
  const ref = `refs/heads/${run.branch}`;
  const workflow_ref = `${run.repository}/${run.path}@${ref}`;
  return {
    sub: `repo:${owner}@${stableId(owner)}/${name}@${stableId(run.repository)}:environment`,
    actor: run.actor,
    actor_id: String(stableId(run.actor)),
    base_ref: '',
    head_ref: '',
    ...(environment === '' ? {} : { environment }),
    event_name: 'workflow_dispatch',
    job_workflow_ref: workflow_ref,
    job_workflow_sha: run.sha,
    ref,
    ref_type: 'branch',
    repository: run.repository,
    repository_id: String(stableId(run.repository)),
    repository_owner: owner,
    repository_owner_id: String(stableId(owner)),
    repository_visibility: 'private',
    run_attempt: '1',
    run_id: String(run.id),
    run_number: String(run.number),
    runner_environment: 'github-hosted',
    sha: run.sha,
    workflow: run.workflowName,
    workflow_ref,
    workflow_sha: run.sha,
  };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
