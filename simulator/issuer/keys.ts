// The signing keys of an issuer: kept in the store, so that a restart goes on with them. After a
// rotation the key before stays published until the next one.

import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { Store } from '../base/contract.ts';

/** What tokens may be signed with. */
export const algorithms = ['ES256', 'RS256', 'EdDSA'] as const;

/** One of the algorithms. */
export type Algorithm = (typeof algorithms)[number];

/** The keys of one issuer. */
export interface SigningKeys {
  /** The public keys, the present one first. */
  published(): Promise<JWK[]>;
  /** A token with these claims, by the present key. */
  sign(claims: JWTPayload): Promise<string>;
  /** Signs with a new key from now on. */
  rotate(): Promise<void>;
}

const KEPT = 2;
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** The keys called `name`; the first one is made when it is needed. */
export function signingKeys(store: Store, name: string, algorithm: Algorithm): SigningKeys {
  const place = `issuer/keys/${name}/${algorithm}`;
  let turn: Promise<unknown> = Promise.resolve();
  // One after the other, so that two first calls do not make two keys.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const added = async (): Promise<JWK[]> => {
    const keys = [await newKey(algorithm), ...(store.get<JWK[]>(place) ?? [])].slice(0, KEPT);
    store.put(place, keys);
    return keys;
  };
  const present = (): Promise<JWK[]> =>
    inTurn(async () => store.get<JWK[]>(place) ?? (await added()));
  return {
    published: async () => (await present()).map(publicPart),
    async sign(claims) {
      const [key] = await present();
      if (key?.kid === undefined) throw new RangeError(`no key under ${place}`);
      const header = { alg: algorithm, kid: key.kid, typ: 'JWT' };
      return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(key, algorithm));
    },
    rotate: () => inTurn(async () => void (await added())),
  };
}

async function newKey(algorithm: Algorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg: algorithm, use: 'sig' };
}

function publicPart(key: JWK): JWK {
  return Object.fromEntries(
    Object.entries(key).filter(([member]) => !SECRET_MEMBERS.includes(member)),
  );
}
