// Who sent a request: by its `authorization` header where it has one; else by what a browser sends
// by itself, the cookie of a session, or by the header that Cloudflare Access adds. A write of a
// browser that does not come from a page of this instance is marked.
import type { Principal } from '../../bindings/js/control.ts';
import type { Ports } from '../ports.ts';
import type { Keys } from '../settings.ts';
import { bearerOf, provePrincipal } from './principal.ts';
import { claimsIssuer, type ProvedUser, proveAccess, proveSubject } from './user.ts';

/** The cookie of a session; its value is the token itself. Browsers keep others from setting it. */
export const session_cookie = '__Host-slipway';

/** Proves the caller of a request. @throws KeysUnavailable */
export async function proveCaller(request: Request, keys: Keys, ports: Ports): Promise<Principal> {
  const authorization = request.headers.get('authorization');
  if (authorization !== null) {
    return await provePrincipal(authorization, keys, ports);
  }
  const found = await proveBrowser(request, keys, ports);
  if (found === undefined) {
    return { kind: 'none' };
  }
  const { user } = found;
  return isOwn(request) ? { kind: 'user', user } : { kind: 'user', user, cross_site: true };
}

/** The user who sent a request, by whatever proves one; undefined for anybody else. */
export async function proveUser(
  request: Request,
  keys: Keys,
  ports: Ports,
): Promise<ProvedUser | undefined> {
  return request.headers.has('authorization')
    ? await proveBearer(request, keys, ports)
    : await proveBrowser(request, keys, ports);
}

/** The user whose token is the bearer of a request. @throws KeysUnavailable */
export async function proveBearer(
  request: Request,
  { sign_in }: Keys,
  ports: Ports,
): Promise<ProvedUser | undefined> {
  const trust = sign_in?.tokens;
  const token = bearerOf(request.headers.get('authorization') ?? '');
  return trust !== undefined && token !== undefined && claimsIssuer(trust, token)
    ? await proveSubject(ports, trust, token)
    : undefined;
}

// A cookie goes before Access, and stands for itself where it is of no use.
async function proveBrowser(
  request: Request,
  { sign_in }: Keys,
  ports: Ports,
): Promise<ProvedUser | undefined> {
  const { tokens, access } = sign_in ?? {};
  const session = tokens === undefined ? undefined : sessionOf(request);
  if (tokens !== undefined && session !== undefined) {
    return await proveSubject(ports, tokens, session);
  }
  const assertion = request.headers.get('cf-access-jwt-assertion');
  return access !== undefined && assertion !== null
    ? await proveAccess(ports, access, assertion)
    : undefined;
}

function sessionOf(request: Request): string | undefined {
  const begin = `${session_cookie}=`;
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(begin))?.slice(begin.length);
}

// Reads may come from anywhere: nobody but the page itself sees their answers.
function isOwn(request: Request): boolean {
  const { method, headers } = request;
  const reads = method === 'GET' || method === 'HEAD';
  return reads || headers.get('origin') === new URL(request.url).origin;
}

/** Whether a request names another origin than its own as the one that it comes from. */
export function isForeign({ headers, url }: Request): boolean {
  const origin = headers.get('origin');
  return origin !== null && origin !== new URL(url).origin;
}
