// Who is calling: a bearer key against the configured ones. What a caller may do is the core's.
import type { Principal } from '../../bindings/js/control.ts';
import { bytesOf } from '../../bindings/js/frame.ts';
import { sha256 } from '../ports.ts';
import type { Keys } from '../settings.ts';

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
  return { kind: admin ? 'admin' : internal ? 'internal' : 'none' };
}

async function isOneOf(given: Uint8Array, keys: readonly string[]): Promise<boolean> {
  let found = false;
  for (const key of keys) {
    const equal = isEqual(given, await digestOf(key));
    found = equal || found;
  }
  return found;
}

function digestOf(text: string): Promise<Uint8Array> {
  return sha256(bytesOf(text).slice());
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (const [index, byte] of left.entries()) {
    difference |= byte ^ (right[index] ?? 0);
  }
  return difference === 0;
}
