// GitHub's tokens for jobs, sound and forged: one of the builder is believed, every other is told
// the same.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { stableId } from '../../../simulator/base/random.ts';
import { type Claims, oidcProvider } from '../../../simulator/github/oidc.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { proveRun } from '../../../worker-shim/auth/oidc.ts';
import { openKeys } from '../../../worker-shim/github_settings.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import type { World } from '../../../worker-shim/world.ts';
import { core } from '../faults/support.ts';
import { memoryWorld } from '../support/memory_ports.ts';
import { believing, builder, builderRun, json, portsTo } from './support.ts';

const minute_ms = 60_000;
const audience = 'https://slipway.example.com';
// A slash at the end of an address means nothing.
const variables = { ...believing(`${audience}/`), GITHUB_OIDC_URL: 'http://oidc.test/' };
const run = builderRun(29_803_635_501);

/** An instance that believes one provider. */
function instance(more: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  let down = false;
  const clock = { now: () => ports.now() };
  const provider = oidcProvider(clock, 'http://oidc.test');
  const ports: ReturnType<typeof portsTo> = portsTo((request) => {
    asked.push(new URL(request.url).pathname);
    if (down) throw new TypeError('cut');
    return provider.fetch(request);
  });
  const isolate = new Isolate();
  const world: World = memoryWorld(core, ports, { ...variables, ...more }, isolate);
  const claims = (change: Claims = {}): Claims => ({
    ...provider.claimsOf(run, 'main-dev', audience),
    ...change,
  });
  const app = createApp();
  const ask = async (bearer: string): Promise<{ status: number; text: string }> => {
    const body = JSON.stringify({ dispatchKey: '01K9ZQ4Y7M3N8P2R5T6V0W1X2Y', runId: '1' });
    const headers = { authorization: `Bearer ${bearer}` };
    const request = new Request(`${audience}/api/v1/claims`, { method: 'POST', headers, body });
    const answer = await app.fetch(request, world);
    return { status: answer.status, text: await answer.text() };
  };
  const fail = (now: boolean): void => {
    down = now;
  };
  return { ports, provider, claims, ask, asked, fail };
}

type Instance = ReturnType<typeof instance>;

/** The status of whoever is let in: this claim lacks a member. */
const let_in = 422;

function parts(token: string): [string, string, string] {
  const [head = '', body = '', signature = ''] = token.split('.');
  return [head, body, signature];
}

function encoded(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  );
}

test('a job of the builder is let in, whatever its `sub`; keys are asked for once', async () => {
  const { ask, asked, claims, provider } = instance();
  for (const sub of ['repo:a/b:ref:refs/heads/main', undefined, 7]) {
    const { status, text } = await ask(provider.sign(claims({ sub })));
    assert.equal(status, let_in, text);
  }
  assert.deepEqual(asked, ['/.well-known/jwks']);
});

test('without an audience or the ids nobody is believed, and no key is asked for', async () => {
  const needed = ['GITHUB_OIDC_AUDIENCE', 'GITHUB_OWNER_ID', 'GITHUB_BUILDER_REPOSITORY_ID'];
  for (const name of needed) {
    const { ask, asked, claims, provider } = instance({ [name]: '' });
    assert.equal((await ask(provider.sign(claims()))).status, 401, name);
    assert.deepEqual(asked, []);
  }
});

/** Claims that are not those of a job of the builder, now. `at` gives seconds from now. */
const wrongClaims: Readonly<Record<string, (now_s: number) => Claims>> = {
  'no issuer': () => ({ iss: undefined }),
  'the issuer with a slash': () => ({ iss: 'https://token.actions.githubusercontent.com/' }),
  'an issuer over http': () => ({ iss: 'http://token.actions.githubusercontent.com' }),
  "somebody's enterprise": () => ({ iss: 'https://token.actions.githubusercontent.com/evil' }),
  'our own address as issuer': () => ({ iss: 'http://oidc.test' }),
  'the default audience': () => ({ aud: 'https://github.com/neutrino-io' }),
  'no audience': () => ({ aud: undefined }),
  'a longer audience': () => ({ aud: `${audience}.evil.test` }),
  'many audiences': () => ({ aud: [audience, 'https://evil.test'] }),
  expired: (now_s) => ({ exp: now_s - 61 }),
  'no expiry': () => ({ exp: undefined }),
  'an expiry in text': (now_s) => ({ exp: String(now_s + 300) }),
  'an endless expiry': () => ({ exp: null }),
  'not yet valid': (now_s) => ({ nbf: now_s + 61 }),
  'issued in the future': (now_s) => ({ iat: now_s + 61 }),
  'no time of issue': () => ({ iat: undefined }),
  'another repository': () => ({ repository: 'evil/nno-platform-builder' }),
  'another repository id of the same name': () => ({ repository_id: '1' }),
  'a repository id that is a number': () => ({ repository_id: stableId(builder) }),
  'another owner id': () => ({ repository_owner_id: '1' }),
  'no owner id': () => ({ repository_owner_id: undefined }),
  'another workflow of the repository': () => ({
    workflow_ref: `${builder}/.github/workflows/other.yml@refs/heads/main`,
  }),
  'the workflow on another branch': () => ({
    workflow_ref: `${builder}/.github/workflows/build.yml@refs/heads/evil`,
  }),
  "somebody's reusable workflow": () => ({
    job_workflow_ref: 'evil/repo/.github/workflows/build.yml@refs/heads/main',
  }),
  'another branch': () => ({ ref: 'refs/heads/evil' }),
  'a tag of the same name': () => ({ ref: 'refs/tags/main', ref_type: 'tag' }),
  'a pull request': () => ({ event_name: 'pull_request' }),
  'a push': () => ({ event_name: 'push' }),
  'a runner of their own': () => ({ runner_environment: 'self-hosted' }),
  'no run': () => ({ run_id: undefined }),
  'a run id that is a number': () => ({ run_id: 5 }),
  'a run id that is no number': () => ({ run_id: '5@run:6' }),
  'no attempt': () => ({ run_attempt: '' }),
  'an environment that is none': () => ({ environment: ['main-dev'] }),
  'an endless environment': () => ({ environment: 'x'.repeat(256) }),
};

/** Tokens that are forged, or none. */
const forged: Readonly<Record<string, (given: Instance, token: string) => string>> = {
  'alg none, signed': ({ provider, claims }) => provider.sign(claims(), { alg: 'none' }),
  'alg none, unsigned': (_, token) => {
    const [head, body] = parts(token);
    const none = encoded({ ...JSON.parse(String(Buffer.from(head, 'base64url'))), alg: 'none' });
    return `${none}.${body}.`;
  },
  'HS256 with the public key as its secret': ({ provider }, token) => {
    const [head, body] = parts(token);
    const header = JSON.parse(Buffer.from(head, 'base64url').toString());
    const text = `${encoded({ ...header, alg: 'HS256' })}.${body}`;
    const hmac = createHmac('sha256', provider.publicKey()).update(text).digest('base64url');
    return `${text}.${hmac}`;
  },
  'RS256 in the header, an HMAC as signature': ({ provider }, token) => {
    const [head, body] = parts(token);
    const hmac = createHmac('sha256', provider.publicKey()).update(`${head}.${body}`);
    return `${head}.${body}.${hmac.digest('base64url')}`;
  },
  RS512: ({ provider, claims }) => provider.sign(claims(), { alg: 'RS512' }),
  PS256: ({ provider, claims }) => provider.sign(claims(), { alg: 'PS256' }),
  'another type of token': ({ provider, claims }) => provider.sign(claims(), { typ: 'at+jwt' }),
  'a critical extension': ({ provider, claims }) => provider.sign(claims(), { crit: ['b64'] }),
  'no key id': ({ provider, claims }) => provider.sign(claims(), { kid: undefined }),
  'a key id that is none': ({ provider, claims }) => provider.sign(claims(), { kid: ['x'] }),
  'an unknown key id': ({ provider, claims }) => provider.sign(claims(), { kid: 'x' }),
  "a key in the token's own header": ({ provider, claims }, token) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    const [head] = parts(provider.sign(claims(), { jwk, jku: 'http://evil.test' }));
    const text = `${head}.${parts(token)[1]}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  },
  'a body that was changed': ({ claims }, token) => {
    const [head, , signature] = parts(token);
    return `${head}.${encoded(claims({ run_id: '6' }))}.${signature}`;
  },
  'the signature of another token': ({ provider, claims }, token) => {
    const [, , signature] = parts(provider.sign(claims({ run_id: '6' })));
    return `${token.slice(0, token.lastIndexOf('.'))}.${signature}`;
  },
  'no signature': (_, token) => token.slice(0, token.lastIndexOf('.') + 1),
  'half a signature': (_, token) => token.slice(0, -100),
  'two parts': (_, token) => token.slice(0, token.lastIndexOf('.')),
  'four parts': (_, token) => `${token}.x`,
  'no base64url': (_, token) => `+${token.slice(1)}`,
  'no JSON': (_, token) => `${encoded('{')}.${parts(token)[1]}.${parts(token)[2]}`,
  'a list': (_, token) => `${encoded([])}.${encoded([])}.${parts(token)[2]}`,
  null: (_, token) => `${encoded('null')}.${encoded('null')}.${parts(token)[2]}`,
  'no UTF-8': (_, token) => `${Buffer.from([0xff, 0xfe]).toString('base64url')}.${token}`,
  'very long': ({ provider, claims }) => provider.sign(claims({ x: 'x'.repeat(20_000) })),
  'a megabyte': (_, token) => token + 'x'.repeat(2 ** 20),
};

test('every forged token is told the same as no token', async () => {
  const given = instance();
  const nobody = await given.ask('wrong');
  assert.equal(nobody.status, 401);
  const now_s = Math.floor(given.ports.now() / 1000);
  for (const [name, change] of Object.entries(wrongClaims)) {
    const token = given.provider.sign(given.claims(change(now_s)));
    assert.deepEqual(await given.ask(token), nobody, name);
  }
  for (const [name, forge] of Object.entries(forged)) {
    const token = forge(given, given.provider.sign(given.claims()));
    assert.deepEqual(await given.ask(token), nobody, name);
  }
  assert.equal((await given.ask(given.provider.sign(given.claims()))).status, let_in);
});

test('clocks may differ by a minute', async () => {
  const { ask, claims, provider, ports } = instance();
  const now_s = Math.floor(ports.now() / 1000);
  for (const change of [{ exp: now_s - 59 }, { nbf: now_s + 59 }, { iat: now_s + 59 }]) {
    assert.equal((await ask(provider.sign(claims(change)))).status, let_in);
  }
});

test('a storm of unknown key ids fetches the keys once a minute', async () => {
  const { ask, asked, claims, provider, ports } = instance();
  for (let second = 0; second < 120; second += 1) {
    const [one, two] = [`a${second}`, `b${second}`];
    await Promise.all(
      [one, two].map(async (kid) => {
        assert.equal((await ask(provider.sign(claims(), { kid }))).status, 401);
      }),
    );
    ports.clock.now_ms += 1_000;
  }
  assert.equal(asked.length, 2);
});

test('a new key is found, and keys are fetched again after an hour', async () => {
  const { ask, asked, claims, provider, ports } = instance();
  const old = provider.sign(claims({ exp: 4e9 }));
  assert.equal((await ask(old)).status, let_in);
  provider.rotate();
  ports.clock.now_ms += minute_ms;
  assert.equal((await ask(provider.sign(claims()))).status, let_in);
  assert.equal((await ask(old)).status, let_in);
  assert.equal(asked.length, 2);
  ports.clock.now_ms += 60 * minute_ms;
  assert.equal((await ask(provider.sign(claims()))).status, let_in);
  assert.equal(asked.length, 3);
});

test('while keys cannot be had a sound token may come again, a bad one is nobody', async () => {
  const { ask, asked, claims, provider, ports, fail } = instance();
  fail(true);
  const { status, text } = await ask(provider.sign(claims()));
  assert.equal(status, 503);
  assert.deepEqual(JSON.parse(text).code, 'auth.unavailable');
  assert.equal((await ask(provider.sign(claims({ aud: 'x' })))).status, 401);
  await ask(provider.sign(claims()));
  assert.equal(asked.length, 1);
  fail(false);
  ports.clock.now_ms += minute_ms;
  assert.equal((await ask(provider.sign(claims()))).status, let_in);
  // Keys that are known outlast an outage, until they are too old.
  fail(true);
  ports.clock.now_ms += 59 * minute_ms;
  assert.equal((await ask(provider.sign(claims()))).status, let_in);
  ports.clock.now_ms += 2 * minute_ms;
  assert.equal((await ask(provider.sign(claims()))).status, 503);
});

test('a key set that holds weak, foreign or no keys proves nobody', async () => {
  const { provider, claims } = instance();
  const token = provider.sign(claims());
  const { kid } = JSON.parse(Buffer.from(parts(token)[0], 'base64url').toString());
  const jwk = (modulusLength: number): object =>
    generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
  const right = createPublicKey(provider.publicKey()).export({ format: 'jwk' });
  const sets: readonly [proved: boolean, keys: unknown[]][] = [
    [
      true,
      [null, 7, {}, { kid: 7 }, { kid: 'x', ...right, n: '!'.repeat(400) }, { kid, ...right }],
    ],
    [false, []],
    [false, [{ kid, ...jwk(1024) }]],
    [false, [{ kid, ...jwk(2048) }]],
    [false, [{ ...right, kid: 'other' }]],
    [false, [{ kid, ...right, kty: 'oct', k: 'c2VjcmV0' }]],
    [false, [{ kid, ...right, use: 'enc' }]],
    [false, [{ kid, ...right, alg: 'RS512' }]],
  ];
  for (const [proved, keys] of sets) {
    const ports = portsTo(() => json({ keys }));
    const { oidc } = openKeys(variables, new Isolate());
    assert.ok(oidc !== undefined);
    const found = await proveRun(ports, oidc, token);
    assert.equal(found?.run_id, proved ? String(run.id) : undefined, JSON.stringify(keys));
  }
});

test('a key of less than 2048 bits proves nobody, although it has signed', async () => {
  const { provider, claims } = instance();
  const [head, body] = parts(provider.sign(claims()));
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  for (const [modulusLength, proved] of [
    [1024, false],
    [2048, true],
  ] as const) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), privateKey);
    const token = `${head}.${body}.${signature.toString('base64url')}`;
    const keys = [{ kid, ...publicKey.export({ format: 'jwk' }) }];
    const { oidc } = openKeys(variables, new Isolate());
    assert.ok(oidc !== undefined);
    const found = await proveRun(
      portsTo(() => json({ keys })),
      oidc,
      token,
    );
    assert.equal(found !== undefined, proved, String(modulusLength));
  }
});
