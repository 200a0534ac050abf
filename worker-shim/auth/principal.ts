// Who is calling: a bearer key against the configured ones, a token by its digest, a run of the
// builder by GitHub's word, or a user by the issuer's. Whose token it is and what a caller may do
// is the core's.
import type { Principal } from '../../bindings/js/control.ts';
import type { Ports } from '../ports.ts';
import type { Keys } from '../settings.ts';
import { isJwt, type OidcTrust, proveRun } from './oidc.ts';
import { digestOf, hexOf, isOneOf } from './secret.ts';
import { claimsIssuer, proveSubject } from './user.ts';

// Tokens by how they begin: of the API, and of a claimed batch.
const token_form = /^(slp|slb)_[A-Za-z0-9_-]{43}$/;

/**
 * Proves the caller by the value of the `authorization` header. Every configured key is compared,
 * by digests of equal length and without an early end, so that time tells nothing about a key.
 * `ports` fetch the keys of GitHub and of the issuer, where their tokens are believed.
 * @throws KeysUnavailable when they cannot be had and the caller may be a run or a user
 */
export async function provePrincipal(
  authorization: string | undefined,
  keys: Pick<Keys, 'admin' | 'internal' | 'oidc' | 'sign_in'>,
  ports?: Ports,
): Promise<Principal> {
  const token = bearerOf(authorization ?? '');
  if (token === undefined) {
    return { kind: 'none' };
  }
  const given = await digestOf(token);
  const admin = await isOneOf(given, keys.admin);
  const internal = await isOneOf(given, keys.internal);
  if (admin || internal) {
    return { kind: admin ? 'admin' : 'internal' };
  }
  const trust = keys.sign_in?.tokens;
  if (trust !== undefined && ports !== undefined && claimsIssuer(trust, token)) {
    const found = await proveSubject(ports, trust, token);
    return found === undefined ? { kind: 'none' } : { kind: 'user', user: found.user };
  }
  if (keys.oidc !== undefined && ports !== undefined && isJwt(token)) {
    return await runOf(ports, keys.oidc, token);
  }
  const form = token_form.exec(token)?.[1];
  if (form === undefined) {
    return { kind: 'none' };
  }
  return { kind: form === 'slp' ? 'token' : 'build', digest: hexOf(given) };
}

/** The token of an `authorization` header; undefined where it is no bearer's. */
export function bearerOf(authorization: string): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(authorization)?.[1];
}

async function runOf(ports: Ports, trust: OidcTrust, token: string): Promise<Principal> {
  const run = await proveRun(ports, trust, token);
  return run === undefined ? { kind: 'none' } : { kind: 'run', ...run };
}
