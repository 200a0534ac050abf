// The private key of a GitHub App. GitHub hands it out as PKCS#1; WebCrypto reads PKCS#8, which is
// the same key in an envelope that names its algorithm.

import type { WebKey } from './web_key.ts';

/** The text holds no RSA private key. The message quotes nothing of it. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

// DER of PKCS#8's first members: version 0, and the algorithm rsaEncryption with no parameters.
const version = [0x02, 0x01, 0x00];
const rsa_encryption = [
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
const tag_sequence = 0x30;
const tag_octet_string = 0x04;

/**
 * The key of a PEM as PKCS#8, whether it is PKCS#1 or PKCS#8. Line ends may be written as `\n`, as
 * in variables of one line.
 * @throws KeyError
 */
export function pkcs8Of(pem: string): Uint8Array<ArrayBuffer> {
  const text = pem.replaceAll('\\r', '').replaceAll('\\n', '\n');
  const found = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(
    text,
  );
  if (found?.[1] === undefined || found[2] === undefined) {
    throw new KeyError('it is not the PEM of an unencrypted RSA private key');
  }
  const der = bytesOfBase64(found[2].replaceAll(/\s/g, ''));
  return found[1] === 'PRIVATE KEY' ? der : wrapped(der);
}

/** The key, for signing with RS256. @throws KeyError */
export async function importSigningKey(pem: string): Promise<WebKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const der = pkcs8Of(pem);
  try {
    return await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  } catch {
    throw new KeyError('its content is not an RSA private key');
  }
}

function wrapped(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = element(tag_octet_string, pkcs1);
  return element(tag_sequence, Uint8Array.of(...version, ...rsa_encryption, ...key));
}

// One DER element. A length from 128 on is preceded by the number of its bytes.
function element(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest >>= 8) {
    length.unshift(rest & 0xff);
  }
  const prefix = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
  return Uint8Array.of(tag, ...prefix, ...content);
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new KeyError('its content is not base64');
  }
}
