// The session of a browser: a page hands over the token that the issuer gave it and gets a cookie
// that no script can read. Nothing is stored; the cookie is the token and ends with it.
import { isForeign, proveBearer, proveUser, session_cookie } from '../auth/caller.ts';
import { bearerOf } from '../auth/principal.ts';
import type { ProvedUser } from '../auth/user.ts';
import { refusalResponse } from '../problems.ts';
import type { World } from '../world.ts';

/** Where the session is. */
export const session_path = '/me/session';

const cookie_attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
// Browsers drop a cookie whose name and value are longer than 4,096 characters, and keep none for
// longer than 400 days.
const value_chars_max = 4_096 - session_cookie.length;
const kept_s_max = 400 * 86_400;

/** Who has signed in, or where to. @throws KeysUnavailable */
export async function readSession(request: Request, { keys, ports }: World): Promise<Response> {
  const user = await proveUser(request, keys, ports);
  return user === undefined
    ? answer({ signedIn: false, signInUrl: keys.sign_in?.url ?? null })
    : answer(signedIn(user));
}

/** Begins a session with the bearer's token. @throws KeysUnavailable */
export async function beginSession(request: Request, { keys, ports }: World): Promise<Response> {
  if (isForeign(request)) {
    return refusalResponse('auth.cross_site');
  }
  const user = await proveBearer(request, keys, ports);
  const token = bearerOf(request.headers.get('authorization') ?? '') ?? '';
  if (user === undefined || token.length > value_chars_max) {
    return refusalResponse('auth.missing');
  }
  const left_s = Math.floor((user.expires_ms - ports.now()) / 1000);
  const kept_s = Math.max(1, Math.min(left_s, kept_s_max));
  const cookie = `${session_cookie}=${token}; ${cookie_attributes}; Max-Age=${kept_s}`;
  return answer(signedIn(user), { 'set-cookie': cookie });
}

/** Ends the session of this browser; the token itself stays good until it expires. */
export function endSession(request: Request): Response {
  if (isForeign(request)) {
    return refusalResponse('auth.cross_site');
  }
  const cookie = `${session_cookie}=; ${cookie_attributes}; Max-Age=0`;
  return new Response(null, { status: 204, headers: { 'set-cookie': cookie } });
}

function signedIn({ user, expires_ms }: ProvedUser): object {
  return { signedIn: true, user, expiresAt: new Date(expires_ms).toISOString() };
}

function answer(body: object, headers: Readonly<Record<string, string>> = {}): Response {
  const type = { 'content-type': 'application/json' };
  return new Response(JSON.stringify(body), { headers: { ...type, ...headers } });
}
