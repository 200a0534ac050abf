// Proof that a webhook comes from who holds its secret: an HMAC over the body as it came in.
import type { Principal } from '../../bindings/js/control.ts';
import { bytesOf } from '../../bindings/js/frame.ts';
import type { WebKey } from './web_key.ts';

/**
 * Proves the sender by the value of `X-Hub-Signature-256`. Every secret is tried, and each
 * comparison is WebCrypto's, so that time tells nothing about a signature.
 */
export async function proveSender(
  signature: string | undefined,
  body: Uint8Array,
  secrets: readonly string[],
): Promise<Principal> {
  const digits = /^sha256=([0-9a-f]{64})$/.exec(signature ?? '')?.[1];
  if (digits === undefined) {
    return { kind: 'none' };
  }
  const given = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  let proved = false;
  for (const secret of secrets) {
    const equal = await crypto.subtle.verify('HMAC', await keyOf(secret), given, body.slice());
    proved = equal || proved;
  }
  return { kind: proved ? 'webhook' : 'none' };
}

function keyOf(secret: string): Promise<WebKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', bytesOf(secret).slice(), algorithm, false, ['verify']);
}
