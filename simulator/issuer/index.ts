// The issuers of development: one whose tokens Slipway takes as those of its host application, with
// a sign-in page, and Cloudflare Access. Tokens can be had for the asking; nothing here is secret.

import type { JWTPayload } from 'jose';
import type { Clock, Fetch, Store } from '../base/contract.ts';
import { stableId } from '../base/random.ts';
import { Refusal, readJson } from '../base/strict.ts';
import { type SigningKeys, signingKeys } from './keys.ts';
import { demoUsers, type IssuerSettings, type TokenWish, tokenWish } from './settings.ts';
import { signIn } from './sign_in.ts';

export type { DemoUser, IssuerSettings, TokenWish } from './settings.ts';
export { issuerSettings } from './settings.ts';

/** What `createIssuer` needs. */
export interface IssuerOptions extends IssuerSettings {
  clock: Clock;
  /** Where the keys are kept. */
  store: Store;
}

const HOUR_s = 3_600;
const SIGN_IN_s = 8 * HOUR_s;

/**
 * Serves `/issuer/...` and `/access/...`: the key sets (`/issuer/.well-known/jwks.json`,
 * `/access/cdn-cgi/access/certs`), `/issuer/sign-in`, and POST `token` and `rotate` of both.
 */
export function createIssuer(options: IssuerOptions): Fetch {
  const { clock, store, algorithm = 'ES256', users = demoUsers } = options;
  const keys = signingKeys(store, 'sign_in', algorithm);
  const accessKeys = signingKeys(store, 'access', 'RS256');
  const sign = (origin: string, wish: TokenWish): Promise<string> =>
    keys.sign(signInClaims(options, origin, wish));
  const signAccess = (origin: string, wish: TokenWish): Promise<string> =>
    accessKeys.sign(accessClaims(options, origin, wish));
  return async (request) => {
    const { origin, pathname } = new URL(request.url);
    const ours = options.url ?? origin;
    if (!mayCall(request, [origin, ours], pathname)) {
      return Response.json({ error: 'no web page of another origin may do that' }, { status: 403 });
    }
    switch (`${request.method === 'HEAD' ? 'GET' : request.method} ${pathname}`) {
      case 'GET /issuer/.well-known/jwks.json':
        return Response.json({ keys: await keys.published() });
      case 'GET /access/cdn-cgi/access/certs':
        return Response.json({ keys: await accessKeys.published() });
      case 'GET /issuer/sign-in':
      case 'POST /issuer/sign-in':
        return signIn(request, users, (user) => sign(ours, { user, ttl_s: SIGN_IN_s }));
      case 'POST /issuer/token':
        return issued(request, (wish) => sign(ours, wish));
      case 'POST /access/token':
        return issued(request, (wish) => signAccess(ours, wish));
      case 'POST /issuer/rotate':
        return rotated(keys, clock);
      case 'POST /access/rotate':
        return rotated(accessKeys, clock);
      default:
        return Response.json({ error: 'not found' }, { status: 404 });
    }
  };
}

function signInClaims(options: IssuerOptions, origin: string, wish: TokenWish): JWTPayload {
  return claimsOf(options, wish, {
    iss: `${origin}/issuer`,
    aud: options.audience ?? 'slipway',
    sub: wish.user,
    role: 'authenticated',
  });
}

function accessClaims(options: IssuerOptions, origin: string, wish: TokenWish): JWTPayload {
  return claimsOf(options, wish, {
    iss: `${origin}/access`,
    aud: [options.accessAudience ?? 'slipway-access'],
    sub: `access-user-${stableId(wish.user)}`,
    email: wish.user,
    type: 'app',
    country: 'DE',
  });
}

function claimsOf({ clock }: IssuerOptions, wish: TokenWish, ordinary: JWTPayload): JWTPayload {
  const now_s = Math.floor(clock.now() / 1000);
  const { ttl_s = HOUR_s } = wish;
  // One that has expired was valid for an hour before that.
  const iat = now_s + Math.min(0, ttl_s - HOUR_s);
  const times = { iat: ttl_s > 0 ? now_s : iat, exp: now_s + ttl_s };
  const claims = { ...ordinary, ...times, ...wish.claims };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}

// A page of the sign-in's own origin may post its choice; every other page is kept out, so that no
// web site can have tokens of this machine or turn its keys.
function mayCall(request: Request, origins: string[], pathname: string): boolean {
  const from = request.headers.get('origin');
  if (request.method === 'GET' || request.method === 'HEAD' || from === null) return true;
  return pathname === '/issuer/sign-in' && origins.includes(from);
}

async function issued(
  request: Request,
  sign: (wish: TokenWish) => Promise<string>,
): Promise<Response> {
  try {
    const wish = readJson(await request.text(), tokenWish);
    const expires_in = wish.ttl_s ?? HOUR_s;
    return Response.json({ access_token: await sign(wish), token_type: 'bearer', expires_in });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Response.json({ error: error.message, pointer: error.pointer }, { status: 400 });
  }
}

async function rotated(keys: SigningKeys, clock: Clock): Promise<Response> {
  await keys.rotate();
  const kids = (await keys.published()).map(({ kid }) => kid);
  return Response.json({ rotated_ms: clock.now(), kids });
}
