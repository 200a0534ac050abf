// Signing in by the Workers' own WebCrypto, cookies and headers, by each of the algorithms that may
// be pinned; sealing by the same.
import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../../bindings/js/frame.ts';
import { createApp } from '../../worker-shim/app.ts';
import { toBase64url } from '../../worker-shim/auth/base64url.ts';
import { sealAnew } from '../../worker-shim/storage/sealed.ts';
import { scriptedCore } from '../node/support/scripted_core.ts';
import { freshState, rowsOf, testWorld } from './support.ts';

const origin = 'https://slipway.test';
const issuer = 'https://issuer.test';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const algorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: {
    ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ...{ modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  },
  EdDSA: { name: 'Ed25519' },
} as const;
type Algorithm = keyof typeof algorithms;

function part(value: object): string {
  return toBase64url(bytesOf(JSON.stringify(value)));
}

// An instance on real D1 that believes one key, and a token of that key.
async function signedIn(alg: Algorithm = 'ES256', change: object = {}) {
  const algorithm = algorithms[alg];
  const made = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const { privateKey, publicKey } = made as CryptoKeyPair;
  const jwk = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey;
  const core = scriptedCore(() => ({ done: { reply: { status: 204 } } }));
  const fetch = async (): Promise<Response> =>
    new Response(JSON.stringify({ keys: [{ ...jwk, kid: 'k', alg, key_ops: ['verify'] }] }));
  const world = testWorld(
    core,
    { fetch },
    {
      ...{ SIGN_IN_ISSUER: issuer, SIGN_IN_AUDIENCE: 'slipway', SIGN_IN_ALGORITHM: alg },
      SIGN_IN_URL: `${issuer}/sign-in?return={return}`,
    },
  );
  const now_s = Math.floor(world.ports.now() / 1000);
  const times = { iat: now_s, nbf: now_s, exp: now_s + 600 };
  const claims = { iss: issuer, aud: 'slipway', sub: 'ada', ...times, ...change };
  const text = `${part({ alg, kid: 'k', typ: 'JWT' })}.${part(claims)}`;
  const bytes = await crypto.subtle.sign(algorithm, privateKey, bytesOf(text).slice());
  const token = `${text}.${toBase64url(new Uint8Array(bytes))}`;
  const app = createApp();
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    await app.fetch(new Request(origin + path, init), world);
  const caller = async (init: RequestInit): Promise<unknown> => {
    await ask('/api/v1/platforms', init);
    const input = core.seen.at(-1)?.input;
    return input?.kind === 'request' ? input.principal : undefined;
  };
  return { ask, caller, token, claims, world };
}

describe('a session', () => {
  beforeEach(freshState);

  it('begins with a token, lasts in a cookie and ends', async () => {
    const { ask, caller, token, claims, world } = await signedIn();
    const begun = await ask('/me/session', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, origin },
    });
    expect(begun.status).toBe(200);
    const expected = {
      signedIn: true,
      user: 'ada',
      expiresAt: new Date(claims.exp * 1000).toISOString(),
    };
    expect(JSON.parse(await begun.text())).toEqual(expected);
    const [set = '', ...more] = begun.headers.getSetCookie();
    expect(more).toEqual([]);
    const [pair = '', ...rest] = set.split('; ');
    expect(pair).toBe(`__Host-slipway=${token}`);
    expect(rest.slice(0, 4).join('; ')).toBe(attributes);
    const kept_s = Number(/^Max-Age=(\d+)$/.exec(rest[4] ?? '')?.[1]);
    expect(kept_s).toBeGreaterThan(590);
    expect(kept_s).toBeLessThanOrEqual(600);
    expect(rest).toHaveLength(5);
    const cookie = { cookie: `other=1; ${pair}` };
    const read = await ask('/me/session', { headers: cookie });
    expect(JSON.parse(await read.text())).toEqual(expected);
    const user = { kind: 'user', user: 'ada' };
    expect(await caller({ headers: cookie })).toEqual(user);
    const write = { method: 'POST', headers: cookie };
    expect(await caller(write)).toEqual({ ...user, cross_site: true });
    expect(await caller({ ...write, headers: { ...cookie, origin } })).toEqual(user);
    const ended = await ask('/me/session', { method: 'DELETE', headers: { ...cookie, origin } });
    expect([ended.status, await ended.text()]).toEqual([204, '']);
    expect(ended.headers.getSetCookie()).toEqual([`__Host-slipway=; ${attributes}; Max-Age=0`]);
    expect(JSON.stringify(world.logged)).not.toContain(token);
  });

  it.each(Object.keys(algorithms) as Algorithm[])('by %s proves its user', async (alg) => {
    const { caller, token } = await signedIn(alg);
    const headers = { authorization: `Bearer ${token}` };
    expect(await caller({ headers })).toEqual({ kind: 'user', user: 'ada' });
    const changed = token.replace(/\.([^.]+)\./, `.${part({ iss: issuer, sub: 'eve' })}.`);
    const forged = { authorization: `Bearer ${changed}` };
    expect(await caller({ headers: forged })).toEqual({ kind: 'none' });
  });

  it('is refused without a token, and tells where to sign in', async () => {
    const { ask } = await signedIn();
    const refused = await ask('/me/session', { method: 'POST' });
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(await refused.text())).toMatchObject({ code: 'auth.missing', status: 401 });
    const read = await ask('/me/session');
    const signInUrl = `${issuer}/sign-in?return={return}`;
    expect(JSON.parse(await read.text())).toEqual({ signedIn: false, signInUrl });
  });
});

describe('sealed values', () => {
  beforeEach(freshState);

  it('are sealed, opened and sealed anew by the host', async () => {
    const [before, after] = ['01'.repeat(32), '23'.repeat(32)];
    const reply = {
      status: 200,
      segment: 1,
      sealed_member: { member: 'hook', id: 'hook:a/1', prefix: 'https://x/' },
    };
    const seals = [{ id: 'hook:a/1', segment: 2 }];
    const core = scriptedCore(({ input }) => {
      const writes = input.kind === 'request' && input.operation === 'platform_create';
      return {
        done: { reply, ...(writes ? { commit: { seals } } : {}) },
        segments: ['{"a":1}', 'the value'],
      };
    });
    const ask = async (method: string, variables: Record<string, string>) => {
      const request = new Request(`${origin}/api/v1/platforms`, { method });
      const response = await createApp().fetch(request, testWorld(core, {}, variables));
      return [response.status, await response.text()];
    };
    const shown = [200, '{"hook":"https://x/the value","a":1}'];
    expect(await ask('POST', { SEALING_KEY: before })).toEqual(shown);
    expect((await ask('GET', { SEALING_KEY: after }))[0]).toBe(500);
    const both = { SEALING_KEY: after, SEALING_KEY_PREVIOUS: before };
    expect(await ask('GET', both)).toEqual(shown);
    const world = testWorld(core, {}, both);
    await sealAnew(world);
    expect(world.logged).toEqual([{ event: 'sealed_anew', count: 1 }]);
    expect(await ask('GET', { SEALING_KEY: after })).toEqual(shown);
    expect(JSON.stringify(await rowsOf('SELECT * FROM sealed'))).not.toContain('the value');
  });
});
