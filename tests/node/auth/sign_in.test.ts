// Tokens of users, sound and forged: one of the issuer lets its user in, every other is nobody.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { oidcProvider } from '../../../simulator/github/oidc.ts';
import { openKeys } from '../../../worker-shim/github_settings.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import {
  type Algorithm,
  accessClaims,
  claimsOf,
  instance,
  issuer,
  jwkOf,
  type Key,
  keyOf,
  type Members,
  origin,
  part,
  signing_in,
  team,
  token,
} from './sign_in_support.ts';
import { believing, builderRun } from './support.ts';

const jwks_url = 'https://issuer.example.com/.well-known/jwks.json';
const certs_url = `${team}/cdn-cgi/access/certs`;
const es = keyOf('ES256', 'es-1');
const rs = keyOf('RS256', 'rs-1');
const ed = keyOf('EdDSA', 'ed-1');
const foreign = keyOf('ES256', 'es-1');
const keys = { [jwks_url]: [jwkOf(es)], [certs_url]: [jwkOf(rs)] };
const ada = { kind: 'user', user: 'user|ada' };
const nobody = { kind: 'none' };

function bearer(text: string): Record<string, string> {
  return { authorization: `Bearer ${text}` };
}

function opened(variables: Readonly<Record<string, string>> = {}) {
  return instance({ ...signing_in, ...variables }, keys);
}

type Claims = (now_s: number) => Members;

const allowed: Readonly<Record<string, Claims>> = {
  'as it is': () => ({}),
  'many audiences, ours among them': () => ({ aud: ['other', 'slipway'] }),
  'expired for less than a minute': (now_s) => ({ exp: now_s - 59 }),
  'valid in less than a minute': (now_s) => ({ nbf: now_s + 59 }),
  'issued in less than a minute': (now_s) => ({ iat: now_s + 59 }),
  'no time from which it is valid': () => ({ nbf: undefined }),
  'no time of issue': () => ({ iat: undefined }),
  'claims that nobody knows': () => ({ admin: true, email: 'eve@example.com', x: { y: [] } }),
};

const refused: Readonly<Record<string, Claims>> = {
  expired: (now_s) => ({ exp: now_s - 61 }),
  'no expiry': () => ({ exp: undefined }),
  'an expiry in text': (now_s) => ({ exp: String(now_s + 300) }),
  'an expiry that is null': () => ({ exp: null }),
  'not yet valid': (now_s) => ({ nbf: now_s + 61 }),
  'a validity in text': (now_s) => ({ nbf: String(now_s) }),
  'issued in the future': (now_s) => ({ iat: now_s + 61 }),
  'a time of issue in text': () => ({ iat: '0' }),
  'another audience': () => ({ aud: 'other' }),
  'other audiences': () => ({ aud: ['other', 'slipway2'] }),
  'a longer audience': () => ({ aud: 'slipway.evil.test' }),
  'no audience': () => ({ aud: undefined }),
  'an empty list of audiences': () => ({ aud: [] }),
  'an audience that is an object': () => ({ aud: { slipway: true } }),
  'another issuer': () => ({ iss: 'https://evil.example.com/' }),
  'the issuer without its slash': () => ({ iss: issuer.slice(0, -1) }),
  'issuers in a list': () => ({ iss: [issuer] }),
  'no issuer': () => ({ iss: undefined }),
  'no subject': () => ({ sub: undefined }),
  'an empty subject': () => ({ sub: '' }),
  'a subject that is a number': () => ({ sub: 7 }),
  'a subject that is too long': () => ({ sub: 'a'.repeat(129) }),
  'a subject with a line end': () => ({ sub: 'ada\n' }),
  'a subject beyond ASCII': () => ({ sub: 'ad\u00e4' }),
};

test('claims: the table of who is let in', async () => {
  for (const [table, principal] of [
    [allowed, ada],
    [refused, nobody],
  ] as const) {
    for (const [name, change] of Object.entries(table)) {
      const { caller, now_s } = opened();
      const text = token(es, claimsOf(now_s(), change(now_s())));
      assert.deepEqual(await caller(bearer(text)), principal, name);
    }
  }
});

test('a subject is 1 to 128 printable characters, handed on as it stands', async () => {
  const { caller, now_s } = opened();
  for (const sub of ['a', 'A.b_c-d@e|f', '~ !', 'x'.repeat(128)]) {
    const text = token(es, claimsOf(now_s(), { sub }));
    assert.deepEqual(await caller(bearer(text)), { kind: 'user', user: sub });
  }
});

function mac(head: Members, body: string, secret: string | Buffer): string {
  const text = `${part(head)}.${body}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function pemOf(key: Key): string {
  return key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** Tokens that are forged, from a sound one and its claims. */
const forged: Readonly<Record<string, (sound: string, claims: Members) => string>> = {
  'alg none, unsigned': (_, claims) => `${part({ alg: 'none', kid: es.kid })}.${part(claims)}.`,
  'alg none, with the signature': (sound, claims) =>
    `${part({ alg: 'none', kid: es.kid })}.${part(claims)}.${sound.split('.')[2]}`,
  'alg None, signed': (_, claims) => token(es, claims, { alg: 'None' }),
  "HS256 with the public key's PEM as its secret": (_, claims) =>
    mac({ alg: 'HS256', kid: es.kid }, part(claims), pemOf(es)),
  "HS256 with the public key's JWK as its secret": (_, claims) =>
    mac({ alg: 'HS256', kid: es.kid }, part(claims), JSON.stringify(jwkOf(es))),
  "HS256 with the public key's bytes as its secret": (_, claims) =>
    mac({ alg: 'HS256', kid: es.kid }, part(claims), Buffer.from(String(jwkOf(es).x), 'base64url')),
  'the pinned algorithm in the head, an HMAC as signature': (_, claims) =>
    mac({ alg: 'ES256', kid: es.kid }, part(claims), pemOf(es)),
  'RS256 where ES256 is pinned': (_, claims) => token(rs, claims),
  'RS256 under the kid of the other key': (_, claims) => token(rs, claims, { kid: es.kid }),
  'RS256 that says ES256': (_, claims) => token(rs, claims, { alg: 'ES256', kid: es.kid }),
  'EdDSA where ES256 is pinned': (_, claims) => token(ed, claims),
  'ES384 in the head': (_, claims) => token(es, claims, { alg: 'ES384' }),
  'no algorithm': (_, claims) => token(es, claims, { alg: undefined }),
  'algorithms in a list': (_, claims) => token(es, claims, { alg: ['ES256'] }),
  'a critical extension': (_, claims) => token(es, claims, { crit: ['exp'], exp: 1 }),
  'a critical extension that libraries know': (_, claims) =>
    token(es, claims, { crit: ['b64'], b64: true }),
  'an unencoded body': (_, claims) => token(es, claims, { crit: ['b64'], b64: false }),
  'an empty list of critical extensions': (_, claims) => token(es, claims, { crit: [] }),
  'a token that logs out': (_, claims) => token(es, claims, { typ: 'logout+jwt' }),
  'a type that is no text': (_, claims) => token(es, claims, { typ: 7 }),
  'no key id': (_, claims) => token(es, claims, { kid: undefined }),
  'a key id that is no text': (_, claims) => token(es, claims, { kid: ['es-1'] }),
  'an unknown key id': (_, claims) => token(es, claims, { kid: 'es-2' }),
  'an endless key id': (_, claims) => token(es, claims, { kid: 'x'.repeat(300) }),
  'the key of somebody else under a known id': (_, claims) => token(foreign, claims),
  'a key in its own head': (_, claims) => token(foreign, claims, { jwk: jwkOf(foreign) }),
  'an address of keys in its own head': (_, claims) =>
    token(foreign, claims, { jku: 'https://evil.test/jwks', x5u: 'https://evil.test/x5u' }),
  'a certificate in its own head': (_, claims) => token(foreign, claims, { x5c: ['AAAA'] }),
  'a body that was changed': (sound, claims) => {
    const [head, , signature] = sound.split('.');
    return `${head}.${part({ ...claims, sub: 'eve' })}.${signature}`;
  },
  'a head that was changed': (sound) => {
    const [, body, signature] = sound.split('.');
    return `${part({ alg: 'ES256', kid: es.kid })}.${body}.${signature}`;
  },
  'half a signature': (sound) => sound.slice(0, -40),
  'a signature of zeroes': (sound) =>
    `${sound.slice(0, sound.lastIndexOf('.'))}.${Buffer.alloc(64).toString('base64url')}`,
  'a signature in DER': (sound) => {
    const bytes = Buffer.from(sound.split('.')[2] ?? '', 'base64url');
    const der = Buffer.concat([Buffer.from([0x30, 0x44, 2, 32]), bytes.subarray(0, 32)]);
    return `${sound.slice(0, sound.lastIndexOf('.'))}.${der.toString('base64url')}`;
  },
  'no signature': (sound) => sound.slice(0, sound.lastIndexOf('.') + 1),
  'two parts': (sound) => sound.slice(0, sound.lastIndexOf('.')),
  'four parts': (sound) => `${sound}.x`,
  'five parts': (sound) => `${sound}.x.y`,
  'a list as its body': (sound) => `${sound.split('.')[0]}.${part([])}.${sound.split('.')[2]}`,
  'no JSON': (sound) => `e30x.${sound.slice(sound.indexOf('.') + 1)}`,
  'padding at its end': (sound) => `${sound}=`,
  oversized: (_, claims) => token(es, { ...claims, x: 'x'.repeat(9_000) }),
  'a megabyte': (sound) => sound + 'x'.repeat(2 ** 20),
};

test('every forged token is nobody, as bearer and as cookie', async () => {
  const { caller, asked, now_s } = opened();
  const claims = claimsOf(now_s());
  const sound = token(es, claims);
  for (const [name, forge] of Object.entries(forged)) {
    const text = forge(sound, claims);
    assert.deepEqual(await caller(bearer(text)), nobody, name);
    assert.deepEqual(await caller({ cookie: `__Host-slipway=${text}` }), nobody, name);
  }
  assert.deepEqual([...new Set(asked)], [jwks_url]);
  assert.deepEqual(await caller(bearer(sound)), ada);
});

test('a token may lack its type, or name that of an access token', async () => {
  const { caller, now_s } = opened();
  for (const typ of [undefined, 'JWT', 'jwt', 'at+jwt', 'application/at+jwt']) {
    const text = token(es, claimsOf(now_s()), { typ });
    assert.deepEqual(await caller(bearer(text)), ada, typ);
  }
});

test('each algorithm counts where it is pinned, and nowhere else', async () => {
  const all: Readonly<Record<Algorithm, Key>> = { ES256: es, RS256: rs, EdDSA: ed };
  for (const pinned of Object.keys(all)) {
    const set = Object.values(all).map(jwkOf);
    const { caller, now_s } = instance(
      { ...signing_in, SIGN_IN_ALGORITHM: pinned, SIGN_IN_JWKS_URL: 'https://keys.test/set' },
      { 'https://keys.test/set': set },
    );
    for (const [name, key] of Object.entries(all)) {
      const found = await caller(bearer(token(key, claimsOf(now_s()))));
      assert.deepEqual(found, name === pinned ? ada : nobody, `${name} where ${pinned} counts`);
    }
  }
});

test('a storm of 500 unknown key ids fetches the keys once a minute', async () => {
  const { caller, asked, now_s, ports } = opened();
  for (let count = 0; count < 500; count += 1) {
    const text = token(es, claimsOf(now_s()), { kid: `unknown-${count}` });
    assert.deepEqual(await caller(bearer(text)), nobody);
    ports.clock.now_ms += 119;
  }
  assert.equal(asked.length, 1);
  ports.clock.now_ms += 1_000;
  const at_once = Array.from({ length: 20 }, (_, count) =>
    caller(bearer(token(es, claimsOf(now_s()), { kid: `later-${count}` }))),
  );
  await Promise.all(at_once);
  assert.equal(asked.length, 2);
});

test('a new key is found, the old one counts while it is in the set', async () => {
  const { caller, asked, now_s, ports, sets } = opened();
  const next = keyOf('ES256', 'es-2');
  const old = token(es, claimsOf(now_s(), { exp: 4e9 }));
  assert.deepEqual(await caller(bearer(old)), ada);
  sets.set(jwks_url, [jwkOf(es), jwkOf(next)]);
  ports.clock.now_ms += 60_000;
  assert.deepEqual(await caller(bearer(token(next, claimsOf(now_s())))), ada);
  assert.deepEqual(await caller(bearer(old)), ada);
  assert.equal(asked.length, 2);
  sets.set(jwks_url, [jwkOf(next)]);
  ports.clock.now_ms += 60 * 60_000;
  assert.deepEqual(await caller(bearer(token(next, claimsOf(now_s())))), ada);
  assert.deepEqual(await caller(bearer(old)), nobody);
});

test('while keys cannot be had a token may come again; another issuer is nobody', async () => {
  const { caller, asked, now_s, sets } = opened();
  sets.delete(jwks_url);
  assert.equal(await caller(bearer(token(es, claimsOf(now_s())))), 503);
  const other = token(es, claimsOf(now_s(), { iss: 'https://other.example.com' }));
  assert.deepEqual(await caller(bearer(other)), nobody);
  assert.deepEqual(await caller(bearer('admin-key')), { kind: 'admin' });
  assert.equal(asked.length, 1);
});

test('a key set of secrets, foreign curves and keys for encrypting proves nobody', async () => {
  const curve = { ...jwkOf(es), crv: 'P-384' };
  const secret = { kty: 'oct', kid: es.kid, k: 'c2VjcmV0', alg: 'ES256' };
  const other = { ...jwkOf(es), alg: 'RS256' };
  for (const set of [[curve], [secret], [other], [{ ...jwkOf(es), use: 'enc' }], [], [null, 7]]) {
    const { caller, now_s } = instance(signing_in, { [jwks_url]: set });
    assert.deepEqual(await caller(bearer(token(es, claimsOf(now_s())))), nobody);
  }
});

test('where a setting is empty nobody is let in, and no key is asked for', async () => {
  for (const name of ['SIGN_IN_ISSUER', 'SIGN_IN_AUDIENCE']) {
    const { caller, asked, now_s } = opened({ [name]: '' });
    const text = token(es, claimsOf(now_s()));
    assert.deepEqual(await caller(bearer(text)), nobody, name);
    assert.deepEqual(await caller({ cookie: `__Host-slipway=${text}` }), nobody, name);
    assert.deepEqual(asked, []);
  }
  for (const name of ['ACCESS_TEAM', 'ACCESS_AUDIENCE']) {
    const { caller, asked, now_s } = opened({ [name]: '' });
    const headers = { 'cf-access-jwt-assertion': token(rs, accessClaims(now_s())) };
    assert.deepEqual(await caller(headers), nobody, name);
    assert.deepEqual(asked, []);
  }
});

test('settings that make no sense stop the instance', () => {
  for (const [name, value] of [
    ['SIGN_IN_ALGORITHM', 'HS256'],
    ['SIGN_IN_ALGORITHM', 'none'],
    ['SIGN_IN_JWKS_URL', 'file:///keys'],
    ['SIGN_IN_ISSUER', 'issuer'],
    ['SIGN_IN_URL', 'javascript:alert(1)//{return}'],
    ['SIGN_IN_URL', 'https://host.example.com/'],
    ['ACCESS_TEAM', 'team'],
  ] as const) {
    assert.throws(
      () => openKeys({ ...signing_in, [name]: value }, new Isolate()),
      ({ name: kind, message }: Error) => kind === 'SettingError' && /^[A-Z_]+ must/.test(message),
      `${name}=${value}`,
    );
  }
});

test('Access proves an e-mail address, in lower case', async () => {
  const { caller, now_s } = opened();
  const by = (key: Key, change: Members = {}) =>
    caller({ 'cf-access-jwt-assertion': token(key, accessClaims(now_s(), change)) });
  assert.deepEqual(await by(rs), { kind: 'user', user: 'ada@example.com' });
  for (const [name, change] of Object.entries({
    'another application': { aud: ['other-tag'] },
    'another team': { iss: 'https://evil.cloudflareaccess.com' },
    'the issuer of the other tokens': { iss: issuer, aud: 'slipway' },
    'a service without an address': { email: undefined, common_name: 'robot' },
    expired: { exp: now_s() - 61 },
  })) {
    assert.deepEqual(await by(rs, change), nobody, name);
  }
  assert.deepEqual(await by(keyOf('RS256', 'rs-1')), nobody);
  assert.deepEqual(await by(es), nobody);
  // Its token is none of ours: as bearer or cookie it proves nobody.
  const text = token(rs, accessClaims(now_s()));
  assert.deepEqual(await caller(bearer(text)), nobody);
  assert.deepEqual(await caller({ cookie: `__Host-slipway=${text}` }), nobody);
  assert.deepEqual(
    await caller({ 'cf-access-jwt-assertion': token(es, claimsOf(now_s())) }),
    nobody,
  );
});

test('a write of a browser names this origin, or is marked; a bearer need not', async () => {
  const { caller, now_s } = opened();
  const sound = token(es, claimsOf(now_s()));
  const access = { 'cf-access-jwt-assertion': token(rs, accessClaims(now_s())) };
  const marked = { ...ada, cross_site: true };
  const cookie = { cookie: `a=b; __Host-slipway=${sound}; c=d` };
  const by_access = { kind: 'user', user: 'ada@example.com' };
  const table: readonly [string, Record<string, string>, string, object][] = [
    ['a read without origin', cookie, 'GET', ada],
    ['a read from elsewhere', { ...cookie, origin: 'https://evil.test' }, 'GET', ada],
    ['a head', cookie, 'HEAD', ada],
    ['a write without origin', cookie, 'POST', marked],
    ['a write from here', { ...cookie, origin }, 'POST', ada],
    ['a write from elsewhere', { ...cookie, origin: 'https://evil.test' }, 'POST', marked],
    ['a write over http', { ...cookie, origin: 'http://slipway.example.com' }, 'POST', marked],
    ['a write from another port', { ...cookie, origin: `${origin}:8443` }, 'POST', marked],
    ['a write from below', { ...cookie, origin: 'https://a.slipway.example.com' }, 'POST', marked],
    ['a write from nowhere', { ...cookie, origin: 'null' }, 'POST', marked],
    ['a write with a longer origin', { ...cookie, origin: `${origin}.evil.test` }, 'PUT', marked],
    ['a deletion without origin', cookie, 'DELETE', marked],
    ['a bearer without origin', bearer(sound), 'POST', ada],
    ['a bearer from elsewhere', { ...bearer(sound), origin: 'https://evil.test' }, 'POST', ada],
    ['a write by Access from here', { ...access, origin }, 'POST', by_access],
    ['a write by Access without origin', access, 'POST', { ...by_access, cross_site: true }],
    ['a read by Access', access, 'GET', by_access],
  ];
  for (const [name, headers, method, principal] of table) {
    assert.deepEqual(await caller(headers, method), principal, name);
  }
});

test('a bearer goes before a cookie, a cookie before Access, whatever they are worth', async () => {
  const { caller, now_s } = opened();
  const cookie = { cookie: `__Host-slipway=${token(es, claimsOf(now_s(), { sub: 'ben' }))}` };
  const access = { 'cf-access-jwt-assertion': token(rs, accessClaims(now_s())) };
  const ben = { kind: 'user', user: 'ben' };
  const all = { ...cookie, ...access };
  assert.deepEqual(await caller({ ...all, ...bearer(token(es, claimsOf(now_s()))) }), ada);
  assert.deepEqual(await caller({ ...all, ...bearer('admin-key') }), { kind: 'admin' });
  assert.deepEqual(await caller({ ...all, ...bearer('wrong') }), nobody);
  assert.deepEqual(await caller({ ...all, authorization: 'Basic eDp5' }), nobody);
  assert.deepEqual(await caller(all), ben);
  assert.deepEqual(await caller({ ...access, cookie: '__Host-slipway=stale' }), nobody);
  assert.deepEqual(await caller({ cookie: cookie.cookie.replace('__Host-', '') }), nobody);
  assert.deepEqual(await caller({ cookie: `x__Host-slipway=${'a.b.c'}` }), nobody);
});

test("keys, API tokens and GitHub's jobs are who they were", async () => {
  const github = 'http://oidc.test/.well-known/jwks';
  const variables = { ...signing_in, ...believing(origin), NNO_INTERNAL_API_KEY: 'internal-key' };
  const { caller, asked, ports, sets } = instance(variables, keys);
  assert.deepEqual(await caller(bearer('admin-key')), { kind: 'admin' });
  assert.deepEqual(await caller(bearer('internal-key')), { kind: 'internal' });
  const slp = `slp_${'a'.repeat(43)}`;
  const found = await caller(bearer(slp));
  assert.ok(typeof found === 'object' && found.kind === 'token' && found.digest.length === 64);
  assert.deepEqual(asked, []);
  const provider = oidcProvider({ now: () => ports.now() }, 'http://oidc.test');
  const known = await (await provider.fetch(new Request(github))).text();
  sets.set(github, JSON.parse(known).keys);
  const job = provider.sign(provider.claimsOf(builderRun(7), 'main-dev', origin));
  const run = await caller(bearer(job));
  assert.ok(typeof run === 'object' && run.kind === 'run' && run.run_id === '7');
  assert.deepEqual(asked, [github]);
  // In a cookie it is nobody's.
  assert.deepEqual(await caller({ cookie: `__Host-slipway=${job}` }), nobody);
});
