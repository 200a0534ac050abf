// The session of a browser: a token becomes a cookie that no script can read, and ends with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accessClaims,
  claimsOf,
  instance,
  jwkOf,
  keyOf,
  type Members,
  origin,
  signing_in,
  team,
  token,
} from './sign_in_support.ts';

const jwks_url = 'https://issuer.example.com/.well-known/jwks.json';
const es = keyOf('ES256', 'es-1');
const rs = keyOf('RS256', 'rs-1');
const keys = { [jwks_url]: [jwkOf(es)], [`${team}/cdn-cgi/access/certs`]: [jwkOf(rs)] };
const path = '/me/session';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** An instance, its session routes, and sound tokens of it. */
function opened(variables: Readonly<Record<string, string>> = {}) {
  const given = instance({ ...signing_in, ...variables }, keys);
  const ask = async (method: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await given.send(headers, method, path);
    const text = await response.text();
    const cookie = response.headers.get('set-cookie');
    return { status: response.status, text, cookie, headers: response.headers };
  };
  const made = (change: Members = {}) => token(es, claimsOf(given.now_s(), change));
  return { ...given, ask, made };
}

function bearer(text: string): Record<string, string> {
  return { authorization: `Bearer ${text}` };
}

const signed_out = {
  signedIn: false,
  signInUrl: 'https://host.example.com/sign-in?return={return}',
};

test('nobody has signed in: the answer says where to', async () => {
  const { ask } = opened();
  for (const headers of [{}, bearer('admin-key'), { cookie: '__Host-slipway=stale' }]) {
    const { status, text, headers: given } = await ask('GET', headers);
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), signed_out);
    assert.equal(given.get('cache-control'), 'no-store');
    assert.equal(given.get('content-type'), 'application/json');
  }
  const without = opened({ SIGN_IN_URL: '' });
  assert.deepEqual(JSON.parse((await without.ask('GET')).text), {
    signedIn: false,
    signInUrl: null,
  });
});

test('a token begins a session: the cookie is the token, until it ends', async () => {
  const { ask, caller, made, ports, now_s, world } = opened();
  const text = made({ exp: now_s() + 900 });
  const began = await ask('POST', bearer(text));
  const expected = {
    signedIn: true,
    user: 'user|ada',
    expiresAt: new Date((now_s() + 900) * 1000).toISOString(),
  };
  assert.equal(began.status, 200);
  assert.deepEqual(JSON.parse(began.text), expected);
  assert.equal(began.cookie, `__Host-slipway=${text}; ${attributes}; Max-Age=900`);
  assert.equal(began.headers.get('cache-control'), 'no-store');
  const cookie = { cookie: `__Host-slipway=${text}` };
  assert.deepEqual(JSON.parse((await ask('GET', cookie)).text), expected);
  assert.deepEqual(await caller(cookie), { kind: 'user', user: 'user|ada' });
  ports.clock.now_ms += 961_000;
  assert.deepEqual(JSON.parse((await ask('GET', cookie)).text), signed_out);
  assert.deepEqual(await caller(cookie), { kind: 'none' });
  assert.ok(!JSON.stringify(world.logged).includes(text.slice(0, 60)));
});

test('a bearer of the issuer and a user of Access have signed in without a cookie', async () => {
  const { ask, made, now_s } = opened();
  assert.equal(JSON.parse((await ask('GET', bearer(made()))).text).user, 'user|ada');
  const access = { 'cf-access-jwt-assertion': token(rs, accessClaims(now_s())) };
  assert.equal(JSON.parse((await ask('GET', access)).text).user, 'ada@example.com');
});

test('what is no token of a user begins no session', async () => {
  const { ask, made, now_s } = opened();
  const cookie = { cookie: `__Host-slipway=${made()}` };
  const access = { 'cf-access-jwt-assertion': token(rs, accessClaims(now_s())) };
  const long = made({ x: 'x'.repeat(2_900) });
  assert.ok(long.length > 4_096 - '__Host-slipway'.length && long.length < 8_192);
  for (const [name, headers] of Object.entries({
    nothing: {},
    'an admin key': bearer('admin-key'),
    'an expired token': bearer(made({ exp: now_s() - 61 })),
    'a token for somebody else': bearer(made({ aud: 'other' })),
    'a token that no cookie can hold': bearer(long),
    'a cookie alone': cookie,
    'the token of Access': access,
    'a cookie beside a bad bearer': { ...cookie, ...bearer('x.y.z') },
  })) {
    const { status, text, cookie: set, headers: given } = await ask('POST', headers);
    assert.deepEqual([status, JSON.parse(text).code, set], [401, 'auth.missing', null], name);
    assert.equal(given.get('content-type'), 'application/problem+json');
    assert.equal(given.get('www-authenticate'), 'Bearer');
  }
});

test('a page of another site neither begins nor ends a session', async () => {
  const { ask, made } = opened();
  for (const method of ['POST', 'DELETE']) {
    for (const elsewhere of ['https://evil.test', 'null', 'http://slipway.example.com']) {
      const { status, text, cookie } = await ask(method, { ...bearer(made()), origin: elsewhere });
      assert.deepEqual([status, JSON.parse(text).code, cookie], [403, 'auth.cross_site', null]);
    }
    assert.ok((await ask(method, { ...bearer(made()), origin })).cookie !== null);
  }
});

test('the end of a session takes the cookie away, whoever asks', async () => {
  const { ask, made } = opened();
  for (const headers of [{}, { cookie: `__Host-slipway=${made()}`, origin }]) {
    const { status, text, cookie } = await ask('DELETE', headers);
    assert.deepEqual([status, text], [204, '']);
    assert.equal(cookie, `__Host-slipway=; ${attributes}; Max-Age=0`);
  }
});

test('a cookie is kept for a second at least, and for 400 days at most', async () => {
  const { ask, made, now_s } = opened();
  for (const [exp, kept_s] of [
    [now_s() - 30, 1],
    [4e9, 34_560_000],
    [1e300, 34_560_000],
  ] as const) {
    const { cookie, text } = await ask('POST', bearer(made({ exp })));
    assert.ok(cookie?.endsWith(`; Max-Age=${kept_s}`), `${exp}: ${cookie}`);
    assert.match(JSON.parse(text).expiresAt, /^\d{4}-\d\d-\d\dT/);
  }
});

test('any other method is refused, and while keys cannot be had nothing is said', async () => {
  const { ask, made, sets, world } = opened();
  const { headers } = await ask('PUT', bearer(made()));
  assert.equal(headers.get('allow'), 'GET, POST, DELETE');
  assert.equal(world.logged.at(-1)?.operation, 'method_not_allowed');
  const down = opened();
  down.sets.delete(jwks_url);
  for (const method of ['GET', 'POST']) {
    const { status, text, cookie } = await down.ask(method, bearer(down.made()));
    assert.deepEqual([status, JSON.parse(text).code, cookie], [503, 'auth.unavailable', null]);
  }
  sets.clear();
});
