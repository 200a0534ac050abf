// The issuers of development, checked by jose as a client would: tokens, key sets, rotation and
// restart.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { type VirtualClock, virtualClock } from '../../../simulator/base/clock.ts';
import type { Fetch, Store } from '../../../simulator/base/contract.ts';
import { diskStore, memoryStore } from '../../../simulator/base/store.ts';
import type { IssuerSettings } from '../../../simulator/issuer/index.ts';
import { createWorld } from '../../../simulator/world.ts';

const ORIGIN = 'http://127.0.0.1:8788';

interface Issuers {
  clock: VirtualClock;
  fetch: Fetch;
}

function issuers(settings: IssuerSettings = {}, store: Store = memoryStore()): Issuers {
  const clock = virtualClock();
  const cloudflare = { accounts: [] };
  return { clock, fetch: createWorld(clock, store, { cloudflare, issuer: settings }).fetch };
}

async function post({ fetch }: Issuers, path: string, body?: object): Promise<Response> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(new Request(ORIGIN + path, { method: 'POST', ...init }));
}

async function token(of: Issuers, path: string, body: object): Promise<string> {
  const response = await post(of, path, body);
  assert.equal(response.status, 200);
  return String(((await response.json()) as { access_token: string }).access_token);
}

// As a client with an empty cache verifies it.
async function verified(
  of: Issuers,
  jwt: string,
  options: JWTVerifyOptions = {},
  keySet = '/issuer/.well-known/jwks.json',
): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(ORIGIN + keySet), {
    [customFetch]: (url, init) => of.fetch(new Request(url, init as RequestInit)),
  });
  const currentDate = new Date(of.clock.now());
  const ordinary = { algorithms: ['ES256'], issuer: `${ORIGIN}/issuer`, audience: 'slipway' };
  return (await jwtVerify(jwt, keys, { ...ordinary, currentDate, ...options })).payload;
}

test('a token is what a client expects, by the clock of the world', async () => {
  const of = issuers();
  const jwt = await token(of, '/issuer/token', { user: 'ada' });
  const { sub, iat = 0, exp = 0 } = await verified(of, jwt);
  assert.deepEqual([sub, iat * 1000, exp - iat], ['ada', of.clock.now(), 3_600]);
  await assert.rejects(verified(of, jwt, { audience: 'another' }), errors.JWTClaimValidationFailed);
  await assert.rejects(verified(of, jwt, { issuer: `${ORIGIN}/access` }), /"iss"/);
  await assert.rejects(verified(of, jwt, { algorithms: ['RS256'] }), errors.JOSEAlgNotAllowed);
  of.clock.advance(3_601_000);
  await assert.rejects(verified(of, jwt), errors.JWTExpired);

  const expired = await token(of, '/issuer/token', { user: 'ada', ttl_s: -60 });
  await assert.rejects(verified(of, expired), errors.JWTExpired);
  const claims = { aud: ['x', 'slipway'], role: null, extra: { a: 1 } };
  const odd = await verified(of, await token(of, '/issuer/token', { user: 'ben', claims }));
  assert.deepEqual([odd.aud, odd.role, odd.extra], [['x', 'slipway'], undefined, { a: 1 }]);
  const timeless = await token(of, '/issuer/token', { user: 'ben', claims: { exp: null } });
  assert.equal((await verified(of, timeless)).exp, undefined);
  assert.equal((await post(of, '/issuer/token', { user: '' })).status, 400);
  assert.equal((await post(of, '/issuer/token', { user: 'a', who: 1 })).status, 400);
});

test('a rotation keeps the key before until the next one', async () => {
  const of = issuers();
  const first = await token(of, '/issuer/token', { user: 'ada' });
  assert.equal((await post(of, '/issuer/rotate')).status, 200);
  const second = await token(of, '/issuer/token', { user: 'ada' });
  assert.equal((await verified(of, first)).sub, 'ada');
  assert.equal((await verified(of, second)).sub, 'ada');
  await post(of, '/issuer/rotate');
  await assert.rejects(verified(of, first), errors.JWKSNoMatchingKey);
  assert.equal((await verified(of, second)).sub, 'ada');
});

test('the key set shows public parts only, and two first calls make one key', async () => {
  const of = issuers();
  const [one, two] = await Promise.all(
    ['a', 'b'].map((user) => token(of, '/issuer/token', { user })),
  );
  await verified(of, one ?? '');
  await verified(of, two ?? '');
  const response = await of.fetch(new Request(`${ORIGIN}/issuer/.well-known/jwks.json`));
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  assert.deepEqual(
    keys.map((key) => Object.keys(key).sort()),
    [['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
  );
});

test('the keys outlive the process', async (t: TestContext) => {
  const dir = mkdtempSync(join(tmpdir(), 'issuer-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const before = issuers({}, diskStore(dir));
  const jwt = await token(before, '/issuer/token', { user: 'ada' });
  await post(before, '/issuer/rotate');
  const after = issuers({}, diskStore(dir));
  assert.equal((await verified(after, jwt)).sub, 'ada');
  const again = await token(after, '/issuer/token', { user: 'ben' });
  assert.equal((await verified(before, again)).sub, 'ben', 'it signs with the same key');
});

test('other algorithms, another audience and another address can be set', async () => {
  for (const algorithm of ['RS256', 'EdDSA'] as const) {
    const of = issuers({ algorithm, audience: 'us', url: 'http://login.example' });
    const jwt = await token(of, '/issuer/token', { user: 'ada' });
    const options = {
      algorithms: [algorithm],
      audience: 'us',
      issuer: 'http://login.example/issuer',
    };
    assert.equal((await verified(of, jwt, options)).sub, 'ada');
  }
});

test('Access signs with keys of its own, for an e-mail address', async () => {
  const of = issuers();
  const jwt = await token(of, '/access/token', { user: 'ada@aurora.example' });
  const certs = '/access/cdn-cgi/access/certs';
  const options = {
    algorithms: ['RS256'],
    issuer: `${ORIGIN}/access`,
    audience: 'slipway-access',
  };
  const claims = await verified(of, jwt, options, certs);
  assert.deepEqual([claims.email, claims.type], ['ada@aurora.example', 'app']);
  await assert.rejects(verified(of, jwt, options), errors.JWKSNoMatchingKey);
  await post(of, '/access/rotate');
  await post(of, '/access/rotate');
  await assert.rejects(verified(of, jwt, options, certs), errors.JWKSNoMatchingKey);
});

test('no web page of another origin may have tokens, turn keys or change the world', async () => {
  const of = issuers();
  const headers = { origin: 'http://evil.example' };
  const paths = ['issuer/token', 'issuer/rotate', 'issuer/sign-in', 'access/token', '_sim/faults'];
  for (const path of paths) {
    const request = new Request(`${ORIGIN}/${path}`, { method: 'POST', headers, body: '{}' });
    assert.equal((await of.fetch(request)).status, 403, path);
  }
});
