// Secrets that are handed out once: drawn here, added to one reply, and kept nowhere. What is
// stored is their digest, which is all that the core ever sees. Secrets are compared here, too, and
// nowhere else.
import { bytesOf } from '../../bindings/js/frame.ts';
import { type Ports, sha256 } from '../ports.ts';

/** A secret and what stands for it. */
export interface FreshSecret {
  /** The prefix and 43 characters of base64url: 256 random bits. */
  readonly plaintext: string;
  /** SHA-256 of the plaintext, 64 lower-case hex digits. */
  readonly digest: string;
}

/** Draws a secret that begins with `prefix`. */
export async function drawSecret(ports: Ports, prefix: string): Promise<FreshSecret> {
  const hex = ports.entropy() + ports.entropy();
  const bytes = hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  const text = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const plaintext = prefix + text;
  return { plaintext, digest: hexOf(await digestOf(plaintext)) };
}

/**
 * The body, a JSON object, with a text as its first member. Nothing of it is read: the member goes
 * behind the brace that it begins with.
 */
export function withMember(body: Uint8Array, member: string, text: string): Uint8Array {
  const comma = body.length > 2 ? ',' : '';
  const first = bytesOf(`{${JSON.stringify(member)}:${JSON.stringify(text)}${comma}`);
  const whole = new Uint8Array(first.length + body.length - 1);
  whole.set(first);
  whole.set(body.subarray(1), first.length);
  return whole;
}

/** The same with a secret. */
export function withSecret(body: Uint8Array, member: string, secret: FreshSecret): Uint8Array {
  return withMember(body, member, secret.plaintext);
}

/** SHA-256 of a text's UTF-8: 32 bytes. */
export function digestOf(text: string): Promise<Uint8Array> {
  return sha256(bytesOf(text).slice());
}

/** Bytes as lower-case hex digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Whether the digest is that of one of the secrets. Every one of them is compared, to its last
 * byte, so that time tells nothing about any.
 */
export async function isOneOf(given: Uint8Array, secrets: readonly string[]): Promise<boolean> {
  let found = false;
  for (const secret of secrets) {
    const equal = isEqual(given, await digestOf(secret));
    found = equal || found;
  }
  return found;
}

/** Whether the bytes are equal, found out without an early end. */
export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (const [index, byte] of left.entries()) {
    difference |= byte ^ (right[index] ?? 0);
  }
  return difference === 0;
}
