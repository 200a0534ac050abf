// An issuer of tokens in a test, signed by node:crypto and so by other code than checks them; and
// an instance that trusts it, with a core that says who it was told is calling.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Principal } from '../../../bindings/js/control.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import { memoryWorld } from '../support/memory_ports.ts';
import { scriptedCore } from '../support/scripted_core.ts';
import { json, portsTo } from './support.ts';

/** How a token is signed. */
export type Algorithm = 'ES256' | 'RS256' | 'EdDSA';

/** Members of a token's head or body; undefined ones are left out. */
export type Members = Readonly<Record<string, unknown>>;

/** One key of an issuer. */
export interface Key {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A new key. */
export function keyOf(algorithm: Algorithm, kid: string): Key {
  const made = {
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    EdDSA: () => generateKeyPairSync('ed25519'),
  }[algorithm]();
  return { kid, algorithm, ...made };
}

/** The key as a key set has it. */
export function jwkOf({ kid, algorithm, publicKey }: Key): Members {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
}

/** JSON as base64url. */
export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token with this body, signed by the key whatever its head says. */
export function token(key: Key, claims: Members, head: Members = {}): string {
  const { kid, algorithm, privateKey } = key;
  const text = `${part({ alg: algorithm, kid, typ: 'JWT', ...head })}.${part(claims)}`;
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  const options = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign(hash, Buffer.from(text), options).toString('base64url')}`;
}

/** Where the instance is, and whom it trusts. */
export const origin = 'https://slipway.example.com';
export const issuer = 'https://issuer.example.com/';
export const team = 'https://team.cloudflareaccess.com';
export const signing_in: Readonly<Record<string, string>> = {
  SIGN_IN_ISSUER: issuer,
  SIGN_IN_AUDIENCE: 'slipway',
  SIGN_IN_URL: 'https://host.example.com/sign-in?return={return}',
  ACCESS_TEAM: `${team}/`,
  ACCESS_AUDIENCE: 'access-tag',
  SLIPWAY_ADMIN_KEY: 'admin-key',
};

/** An instance, and the key sets that it is answered with. */
export function instance(
  variables: Readonly<Record<string, string>> = signing_in,
  keys: Readonly<Record<string, readonly unknown[]>> = {},
) {
  const sets = new Map(Object.entries(keys));
  const asked: string[] = [];
  const core = scriptedCore(() => ({ done: { reply: { status: 204 } } }));
  const ports = portsTo(({ url }) => {
    asked.push(url);
    const set = sets.get(url);
    if (set === undefined) throw new TypeError('cut');
    return json({ keys: set });
  });
  const world = memoryWorld(core, ports, variables, new Isolate());
  const app = createApp();
  const send = async (
    headers: Readonly<Record<string, string>>,
    method = 'GET',
    path = '/api/v1/platforms',
  ): Promise<Response> => await app.fetch(new Request(origin + path, { method, headers }), world);
  /** Whom the core is told of; the status where it is not asked. */
  const caller = async (
    headers: Readonly<Record<string, string>>,
    method?: string,
  ): Promise<Principal | number> => {
    const before = core.seen.length;
    const { status } = await send(headers, method);
    const input = core.seen[before]?.input;
    return input?.kind === 'request' ? input.principal : status;
  };
  const now_s = (): number => Math.floor(ports.now() / 1000);
  return { ports, world, asked, sets, send, caller, now_s };
}

/** Sound claims of a user, with changes; `now_s` is the time of issue. */
export function claimsOf(now_s: number, change: Members = {}): Members {
  const times = { iat: now_s, nbf: now_s, exp: now_s + 3600 };
  return { iss: issuer, aud: 'slipway', sub: 'user|ada', ...times, ...change };
}

/** The same of Cloudflare Access. */
export function accessClaims(now_s: number, change: Members = {}): Members {
  const more = { iss: team, aud: ['access-tag'], email: 'Ada@Example.com', type: 'app' };
  return { ...claimsOf(now_s), ...more, sub: '7335d417', ...change };
}
