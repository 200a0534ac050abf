// Striking out secrets: what was sent to somebody and comes back from them is not handed on.
import { bytesOf } from './frame.ts';

// A shorter text could be a word of the answer. Every real token is longer.
const chars_min = 16;
const star = '*'.charCodeAt(0);

/** Puts stars where a secret stands in the bytes; their number stays. */
export function struckBytes(bytes: Uint8Array, secrets: readonly string[]): void {
  for (const secret of secrets) {
    if (secret.length >= chars_min) {
      strike(bytes, bytesOf(secret));
    }
  }
}

/** The text with stars where a secret stands in it. */
export function struckText(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= chars_min)
    .reduce((left, secret) => left.replaceAll(secret, '*'.repeat(secret.length)), text);
}

function strike(bytes: Uint8Array, secret: Uint8Array): void {
  const first = secret[0] ?? 0;
  let at = bytes.indexOf(first);
  while (at >= 0) {
    const here = at;
    const found = secret.every((byte, index) => bytes[here + index] === byte);
    if (found) {
      bytes.fill(star, here, here + secret.length);
    }
    at = bytes.indexOf(first, here + 1);
  }
}
