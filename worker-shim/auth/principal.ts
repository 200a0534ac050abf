// Who is calling: a bearer key against the configured ones, or a token by its digest. Whose token
// it is and what a caller may do is the core's.
import type { Principal } from '../../bindings/js/control.ts';
import type { Keys } from '../settings.ts';
import { digestOf, hexOf } from './secret.ts';

// Tokens by how they begin: of the API, and of a claimed batch.
const token_form = /^(slp|slb)_[A-Za-z0-9_-]{43}$/;

/**
 * Proves the caller by the value of the `authorization` header. Every configured key is compared,
 * by digests of equal length and without an early end, so that time tells nothing about a key.
 */
export async function provePrincipal(
  authorization: string | undefined,
  keys: Keys,
): Promise<Principal> {
  const token = /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    return { kind: 'none' };
  }
  const given = await digestOf(token);
  const admin = await isOneOf(given, keys.admin);
  const internal = await isOneOf(given, keys.internal);
  if (admin || internal) {
    return { kind: admin ? 'admin' : 'internal' };
  }
  const form = token_form.exec(token)?.[1];
  if (form === undefined) {
    return { kind: 'none' };
  }
  return { kind: form === 'slp' ? 'token' : 'build', digest: hexOf(given) };
}

async function isOneOf(given: Uint8Array, keys: readonly string[]): Promise<boolean> {
  let found = false;
  for (const key of keys) {
    const equal = isEqual(given, await digestOf(key));
    found = equal || found;
  }
  return found;
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (const [index, byte] of left.entries()) {
    difference |= byte ^ (right[index] ?? 0);
  }
  return difference === 0;
}
