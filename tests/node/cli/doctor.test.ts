// The doctor finds what is missing, whatever the instance tells of itself, and says how to mend it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cli, type Got, problem, type Scripted, serve } from './support.ts';

const fine = { state: 'ok', detail: 'fine' };
const names = [
  'storage',
  'cron',
  'outbox',
  'dead_letters',
  'cloudflare_token:main',
  'github_token',
  'builder_workflow',
  'publishing',
  'sealing',
];
const all_fine = names.map((name) => ({ name, ...fine }));
const ready = { ready: true, checks: [{ name: 'storage', ok: true }] };
const session = { signedIn: false, signInUrl: 'https://sign.in/' };
const status = {
  at: '2026-11-26T00:00:00Z',
  checks: [],
  lastCronAt: '2026-11-26T00:00:00Z',
  promised: { count: 0, more: false },
  overdue: { count: 0, more: false },
  deadLetters: { count: 0, more: false },
  journalEntriesAtMost: 1,
  versions: { storageLevel: 8, storageLevelExpected: 8, journalFormat: 1 },
};
const account = {
  name: 'main',
  state: 'open',
  credential: true,
  sites: 3,
  capacity: 100,
};

/** An instance by its routes; a route that is not named is unknown to it. */
const instance =
  (routes: Readonly<Record<string, Scripted>>) =>
  ({ path }: Got): Scripted => {
    const base: Record<string, Scripted> = {
      '/healthz': { body: { status: 'ok' } },
      '/readyz': { body: ready },
      '/me/session': { body: session },
    };
    return { ...base, ...routes }[path.split('?')[0] ?? ''] ?? problem(404, 'route.unknown');
  };

interface Found {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly next?: string;
}

async function examine(
  t: Parameters<typeof serve>[0],
  routes: Readonly<Record<string, Scripted>>,
): Promise<{ code: number; checks: Map<string, Found>; got: readonly Got[] }> {
  const { env, got } = await serve(t, instance(routes));
  const ran = await cli(['doctor', '--json'], { env });
  const { ok, checks } = JSON.parse(ran.out) as { ok: boolean; checks: Found[] };
  assert.equal(ok, ran.code === 0);
  return { code: ran.code, checks: new Map(checks.map((each) => [each.name, each])), got };
}

test('an instance that is well: exit 0; its open routes are asked without the key', async (t) => {
  const { code, checks, got } = await examine(t, {
    '/api/v1/doctor': { body: { checks: all_fine } },
  });
  assert.equal(code, 0);
  for (const name of ['address', 'key', 'ready', ...names, 'sign_in']) {
    assert.equal(checks.get(name)?.state, 'ok', name);
  }
  for (const { path, headers } of got) {
    assert.equal(headers.authorization === undefined, !path.startsWith('/api/'), path);
  }
});

for (const name of names) {
  test(`what the instance says of ${name} is shown, with the next step: exit 1`, async (t) => {
    const bad = { name, state: 'failed', detail: 'it is broken', next: 'mend it so' };
    const checks = all_fine.map((each) => (each.name === name ? bad : each));
    const { env } = await serve(t, instance({ '/api/v1/doctor': { body: { checks } } }));
    const ran = await cli(['doctor'], { env });
    assert.equal(ran.code, 1);
    assert.match(ran.out, new RegExp(`failed +${name} +it is broken\n +next: mend it so`));
  });
}

test('warnings and unknowns are no failure', async (t) => {
  const checks = [
    { name: 'sealing', state: 'warning', detail: 'old key' },
    { name: 'publishing', state: 'unknown', detail: 'not asked' },
  ];
  assert.equal((await examine(t, { '/api/v1/doctor': { body: { checks } } })).code, 0);
});

describe('the address and the key', () => {
  test('nobody answers: that alone is said', async () => {
    const env = { SLIPWAY_URL: 'http://127.0.0.1:1', SLIPWAY_TOKEN: 'x' };
    const ran = await cli(['doctor', '--json'], { env });
    const { checks } = JSON.parse(ran.out);
    assert.equal(ran.code, 1);
    assert.deepEqual(
      checks.map(({ name, state }: Found) => [name, state]),
      [['address', 'failed']],
    );
  });

  test('not ready: which condition, and how to mend it', async (t) => {
    const body = { ready: false, checks: [{ name: 'storage', ok: false }] };
    const { code, checks } = await examine(t, {
      '/readyz': { status: 503, body },
      '/api/v1/doctor': { body: { checks: all_fine } },
    });
    assert.equal(code, 1);
    assert.match(checks.get('ready')?.next ?? '', /d1 migrations apply/);
  });

  test('a key that does not count', async (t) => {
    const { code, checks } = await examine(t, { '/api/v1/doctor': problem(401, 'auth.missing') });
    assert.equal(code, 1);
    assert.equal(checks.get('key')?.state, 'failed');
    assert.match(checks.get('key')?.next ?? '', /a token that counts/);
  });

  test('no key: what anyone may know is told all the same', async (t) => {
    const { env } = await serve(t, instance({}));
    const ran = await cli(['doctor', '--json'], { env: { SLIPWAY_URL: env.SLIPWAY_URL ?? '' } });
    assert.equal(ran.code, 1);
    const { checks } = JSON.parse(ran.out);
    assert.deepEqual(
      checks.map(({ name, state }: Found) => `${name} ${state}`),
      ['address ok', 'key failed', 'storage ok', 'sign_in ok'],
    );
  });

  test('a key without the scope admin: its scopes, and what is missing', async (t) => {
    const { code, checks } = await examine(t, {
      '/api/v1/doctor': problem(403, 'auth.forbidden'),
      '/api/v1/platforms': problem(403, 'auth.forbidden'),
      '/api/v1/orgs': { body: { items: [] } },
    });
    assert.equal(code, 0);
    assert.match(checks.get('key')?.detail ?? '', /it has publishing/);
    assert.equal(checks.get('key')?.state, 'warning');
  });

  test('nobody can sign in: a warning', async (t) => {
    const { checks } = await examine(t, {
      '/api/v1/doctor': { body: { checks: all_fine } },
      '/me/session': { body: { signedIn: false, signInUrl: null } },
    });
    assert.equal(checks.get('sign_in')?.state, 'warning');
    assert.match(checks.get('sign_in')?.next ?? '', /SIGN_IN_ISSUER/);
  });
});

describe('an instance without a doctor of its own', () => {
  const routes = (more: object = {}, accounts: object[] = [account], batches: object[] = []) => ({
    '/api/v1/status': { body: { ...status, ...more } },
    '/api/v1/accounts': { body: { items: accounts } },
    '/api/v1/batches': { body: { items: batches } },
  });
  const dispatch = { code: 'dispatch.rejected', detail: 'no such workflow', next: 'enable it' };
  const closed = {
    ...account,
    state: 'closed',
    reason: { code: 'credential.permission_missing', detail: 'no Pages:Edit', next: 'give it' },
  };
  const table: [string, ReturnType<typeof routes>, string, string, RegExp][] = [
    ['all is well', routes(), 'storage', 'ok', /8 of 8/],
    [
      'migrations are missing',
      routes({ versions: { ...status.versions, storageLevel: 7 } }),
      'storage',
      'failed',
      /d1 migrations apply/,
    ],
    ['the cron has never run', routes({ lastCronAt: undefined }), 'cron', 'failed', /deploy/],
    [
      'dead letters',
      routes({ deadLetters: { count: 2, more: false } }),
      'dead_letters',
      'failed',
      /dead-letters\/retry/,
    ],
    [
      'overdue effects',
      routes({ overdue: { count: 1, more: false } }),
      'outbox',
      'warning',
      /1 effects/,
    ],
    [
      'an account without its token',
      routes({}, [{ ...account, name: 'eu-2', credential: false }]),
      'cloudflare_token:eu-2',
      'failed',
      /CF_API_TOKEN_EU_2/,
    ],
    [
      'a token without the permission',
      routes({}, [closed]),
      'cloudflare_token:main',
      'failed',
      /give it/,
    ],
    [
      'a builder that does not start',
      routes({}, [account], [{ failure: dispatch }]),
      'builder_workflow',
      'failed',
      /enable it/,
    ],
    [
      'a builder that starts',
      routes({}, [account], [{}, { runUrl: 'https://github.com/x' }]),
      'builder_workflow',
      'ok',
      /started/,
    ],
    ['what it cannot tell', routes(), 'sealing', 'unknown', /Deploy this version/],
  ];
  for (const [name, answers, check, state, words] of table) {
    test(`${name}: ${check} ${state}`, async (t) => {
      const { code, checks } = await examine(t, answers);
      const found = checks.get(check);
      assert.equal(found?.state, state);
      assert.match(`${found?.detail} ${found?.next}`, words);
      assert.equal(code, state === 'failed' ? 1 : 0);
    });
  }
});
