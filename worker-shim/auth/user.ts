// Proof of who has signed in: a JSON Web Token of the issuer that this instance trusts, or the one
// that Cloudflare Access puts before requests. Which algorithm counts and which keys are asked for
// is the instance's to say, never the token's.
import type { JWTVerifyResult } from 'jose';
import { decodeJwt } from 'jose/jwt/decode';
import { jwtVerify } from 'jose/jwt/verify';
import type { Ports } from '../ports.ts';
import { type KeySet, KeysUnavailable, type SigningAlgorithm } from './key_set.ts';
import { isJwt } from './oidc.ts';
import type { WebKey } from './web_key.ts';

/** Whose tokens are believed, and for whom they must be made. */
export interface TokenTrust {
  readonly keys: KeySet;
  /** As tokens have it in `iss`, character by character. */
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm: SigningAlgorithm;
}

/** How users sign in; what is absent lets nobody in. */
export interface SignIn {
  /** Tokens as bearer or cookie: the user is their `sub`. */
  readonly tokens?: TokenTrust;
  /** Tokens of Cloudflare Access: the user is their e-mail address, in lower case. */
  readonly access?: TokenTrust;
  /** Where a page sends who has to sign in, with `{return}` for the way back. */
  readonly url?: string;
}

/** A user, and how long the proof holds. */
export interface ProvedUser {
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly expires_ms: number;
}

const token_chars_max = 8_192;
const kid_chars_max = 256;
/** How far clocks may differ. */
const leeway_s = 60;
// The last moment that a date can name.
const expires_ms_max = Date.UTC(9999, 11, 31);

/**
 * The user whom a token of this issuer proves; undefined where it proves none.
 * @throws KeysUnavailable when the issuer's keys cannot be had now
 */
export function proveSubject(
  ports: Ports,
  trust: TokenTrust,
  token: string,
): Promise<ProvedUser | undefined> {
  return proved(ports, trust, token, ({ sub }) => sub);
}

/** The same for a token of Cloudflare Access. @throws KeysUnavailable */
export function proveAccess(
  ports: Ports,
  trust: TokenTrust,
  token: string,
): Promise<ProvedUser | undefined> {
  return proved(ports, trust, token, ({ email }) =>
    typeof email === 'string' ? email.toLowerCase() : undefined,
  );
}

/** Whether a token says that it comes from this issuer; nothing is proved by that. */
export function claimsIssuer(trust: TokenTrust | undefined, token: string): boolean {
  if (trust === undefined || token.length > token_chars_max || !isJwt(token)) {
    return false;
  }
  try {
    return decodeJwt(token).iss === trust.issuer;
  } catch {
    return false;
  }
}

async function proved(
  ports: Ports,
  trust: TokenTrust,
  token: string,
  userOf: (claims: Readonly<Record<string, unknown>>) => unknown,
): Promise<ProvedUser | undefined> {
  if (!claimsIssuer(trust, token)) {
    return undefined;
  }
  const verified = await verify(ports, trust, token);
  if (verified === undefined || !isPlain(verified)) {
    return undefined;
  }
  const { iat, exp } = verified.payload;
  const user = userOf(verified.payload);
  const issued = iat === undefined || iat <= ports.now() / 1000 + leeway_s;
  if (!issued || exp === undefined || !isUserId(user)) {
    return undefined;
  }
  return { user, expires_ms: Math.min(exp * 1000, expires_ms_max) };
}

// Whatever is wrong with a token, it proves nobody; only keys that cannot be had are told apart.
async function verify(
  ports: Ports,
  { keys, issuer, audience, algorithm }: TokenTrust,
  token: string,
): Promise<JWTVerifyResult | undefined> {
  const keyOf = async ({ kid }: { readonly kid?: string }): Promise<WebKey> => {
    const known = typeof kid === 'string' && kid.length <= kid_chars_max;
    const key = known ? await keys.find(ports, kid) : undefined;
    if (key === undefined) {
      throw new Error('no such key');
    }
    return key;
  };
  try {
    return await jwtVerify(token, keyOf, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTolerance: leeway_s,
      currentDate: new Date(ports.now()),
      requiredClaims: ['exp'],
    });
  } catch (error) {
    if (error instanceof KeysUnavailable) {
      throw error;
    }
    return undefined;
  }
}

// No extension, and no token that is made for something else than to let its bearer in.
function isPlain({ protectedHeader: { crit, typ = 'JWT' } }: JWTVerifyResult): boolean {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  return crit === undefined && (type === 'jwt' || type === 'at+jwt');
}

function isUserId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]{1,128}$/.test(value);
}
