// The token by which a GitHub App proves itself: a JSON Web Token, signed with its private key.
import { bytesOf } from '../../bindings/js/frame.ts';
import { toBase64url } from './base64url.ts';
import type { WebKey } from './web_key.ts';

// Against clocks that differ. GitHub refuses a token that is valid for longer than ten minutes.
const backdated_s = 60;
const valid_s = 540;

/** A token of the App `issuer` (client id or App id), valid for nine minutes. */
export async function signAppJwt(key: WebKey, issuer: string, now_ms: number): Promise<string> {
  const now_s = Math.floor(now_ms / 1000);
  const claims = { iat: now_s - backdated_s, exp: now_s + valid_s, iss: issuer };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const bytes = bytesOf(signed).slice();
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, bytes);
  return `${signed}.${toBase64url(new Uint8Array(signature))}`;
}

function part(value: object): string {
  return toBase64url(bytesOf(JSON.stringify(value)));
}
