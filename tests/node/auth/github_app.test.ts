// A GitHub App instead of a token: the main job, what its tokens open, and what goes wrong.
import assert from 'node:assert/strict';
import { createHmac, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { type AppBook, appBook } from '../../../simulator/github/apps.ts';
import { assertConverged } from '../crash/scenario.ts';
import {
  acme,
  assertFailed,
  assertInvariants,
  assertLive,
  callsOf,
  create,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  openFleet,
  settle,
} from '../faults/support.ts';
import { app, builder, by_app, known, unknown } from './support.ts';

const asking = 'github.create_installation_token';
const opened = { apps: [app], variables: by_app };

function everythingSaid(fleet: FaultyFleet): string {
  const rows = fleet.db.sqlite.prepare('SELECT event FROM journal').all();
  const kept = fleet.db.sqlite.prepare('SELECT * FROM kept_reply').all();
  return JSON.stringify([rows, kept, fleet.logged]);
}

test('the main job by the App, with one token of an hour and no word of it', async () => {
  const fleet = openFleet(opened);
  await create(fleet);
  await settle(fleet);
  await assertConverged(fleet, acme);
  assert.equal(callsOf(fleet, asking).length, 1);
  assert.ok(!/ghs_|BEGIN|eyJ/.test(everythingSaid(fleet)));

  fleet.clock.advance(hour_ms);
  const again = await fleet.api('POST', deployments_path, {});
  assert.equal(again.status, 202, again.text);
  await settle(fleet);
  assertLive(fleet);
  assert.equal(callsOf(fleet, asking).length, 2);
  const { status } = await fleet.github.fetch(
    new Request(`http://github.test/repos/${builder}`, { headers: { 'user-agent': 'test' } }),
  );
  assert.equal(status, 401);
});

test('without its id the installation is found by the repository', async () => {
  const variables = { ...by_app, GITHUB_APP_INSTALLATION_ID: '', GITHUB_APP_ID: String(app.id) };
  const fleet = openFleet({ ...opened, variables });
  await create(fleet);
  await settle(fleet);
  assertLive(fleet);
  assert.equal(callsOf(fleet, 'github.get_repository_installation').length, 1);
});

test('an outage of the token address puts the dispatch off, and nothing is unclear', async () => {
  const fault = { when: 'before', answer: 503 } as const;
  const fleet = openFleet(opened, [{ operation: asking, nth: 1, fault }]);
  await create(fleet);
  await settle(fleet);
  await assertInvariants(fleet);
  assertLive(fleet);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 1);
  const said = everythingSaid(fleet);
  assert.match(said, /not sent: no credential could be had/);
  assert.ok(!said.includes('dispatch_unknown'));
});

test('an App that is not let in fails the deployment, with the reason', async () => {
  const variables = { ...by_app, GITHUB_APP_PRIVATE_KEY: unknown.pem };
  const cases: Readonly<Record<string, [Record<string, string>, RegExp]>> = {
    'a key that GitHub does not know': [variables, /HTTP 401.: A JSON web token could not be/],
    'a key that is none': [{ ...by_app, GITHUB_APP_PRIVATE_KEY: 'x' }, /private key is of no use/],
    'an unknown App': [{ ...by_app, GITHUB_APP_ID: '5' }, /HTTP 404.: Integration not found/],
    'an unknown installation': [{ ...by_app, GITHUB_APP_INSTALLATION_ID: '5' }, /HTTP 404/],
  };
  for (const [name, [wrong, reason]] of Object.entries(cases)) {
    const fleet = openFleet({ apps: [app], variables: wrong });
    await create(fleet);
    await settle(fleet);
    const { detail } = assertFailed(fleet, 'credential.permission_missing');
    assert.match(detail, reason, name);
    assert.equal(callsOf(fleet, 'github.dispatch').length, 0);
  }
});

test('while keys are changed, the one before it serves', async () => {
  const keys = {
    GITHUB_APP_PRIVATE_KEY: unknown.pem,
    GITHUB_APP_PRIVATE_KEY_PREVIOUS: known.pem.replaceAll('\n', '\\n'),
  };
  const fleet = openFleet({ apps: [app], variables: { ...by_app, ...keys } });
  await create(fleet);
  await settle(fleet);
  assertLive(fleet);
});

test('a token that GitHub has revoked is replaced, and the dispatch goes out once', async () => {
  let revoked = false;
  const fleet = openFleet({
    ...opened,
    wrapPorts: (ports) => ({
      ...ports,
      fetch: async (request) => {
        if (revoked || !request.url.endsWith('/dispatches')) return await ports.fetch(request);
        revoked = true;
        return new Response('{"message":"Bad credentials"}', { status: 401 });
      },
    }),
  });
  await create(fleet);
  await settle(fleet);
  assertLive(fleet);
  assert.equal(callsOf(fleet, asking).length, 2);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 1);
});

test('a limit on tokens is waited for', async () => {
  const headers = { 'retry-after': '120' };
  const fault = { when: 'before', answer: 429, headers } as const;
  const fleet = openFleet(opened, [{ operation: asking, nth: 1, fault }]);
  await create(fleet);
  const began_ms = fleet.clock.now();
  await settle(fleet);
  assertLive(fleet);
  const [dispatch] = callsOf(fleet, 'github.dispatch');
  assert.ok(dispatch !== undefined && dispatch.at_ms - began_ms >= 2 * minute_ms);
});

// What the simulated GitHub itself holds Apps to.

const now_ms = Date.UTC(2026, 0, 1);
const now_s = now_ms / 1000;

function book(): AppBook {
  return appBook({ now: () => now_ms }, [app]);
}

function jwt(claims: object, key: KeyObject = known.privateKey, header: object = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', ...header })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

test('an App proves itself as GitHub wants it, and not otherwise', () => {
  const sound = { iat: now_s - 60, exp: now_s + 540, iss: app.client_id };
  const outcome = (token: string): number | string => {
    const found = book().appOf(token);
    return found instanceof Response ? found.status : found.client_id;
  };
  assert.equal(outcome(jwt(sound)), app.client_id);
  assert.equal(outcome(jwt({ ...sound, iss: app.id })), app.client_id);
  const [head, body] = jwt(sound).split('.');
  const hmac = createHmac('sha256', known.publicPem).update(`${head}.${body}`).digest('base64url');
  const refused: Readonly<Record<string, string>> = {
    'another key': jwt(sound, unknown.privateKey),
    'alg none': jwt(sound, known.privateKey, { alg: 'none' }),
    'an HMAC': `${head}.${body}.${hmac}`,
    'no time of issue': jwt({ ...sound, iat: undefined }),
    'issued in the future': jwt({ ...sound, iat: now_s + 1 }),
    expired: jwt({ ...sound, exp: now_s }),
    'valid for too long': jwt({ ...sound, exp: now_s + 601 }),
    'no token': 'x',
  };
  for (const [name, token] of Object.entries(refused)) {
    assert.ok([401, 404].includes(Number(outcome(token))), name);
  }
});

test('a token opens what it was narrowed to and nothing else, for an hour', async () => {
  let time_ms = now_ms;
  const narrow = appBook({ now: () => time_ms }, [app]);
  const issue = async (body: object): Promise<{ token: string }> =>
    (await narrow.issue(app, '987654', JSON.stringify(body)).json()) as { token: string };
  const { token } = await issue({
    repositories: ['nno-platform-builder'],
    permissions: { actions: 'write', metadata: 'read' },
  });
  assert.ok(token.length > 500 && /^ghs_1234_[\w-]+\.[\w-]+\.[\w-]+$/.test(token));
  const admitted = (operation: string, repository = builder): number | string | undefined => {
    const found = narrow.admit(token, operation, repository);
    return found instanceof Response ? found.status : found;
  };
  assert.equal(admitted('github.dispatch'), 'installation 987654');
  assert.equal(admitted('github.get_run'), 'installation 987654');
  assert.equal(admitted('github.get_contents'), 403);
  assert.equal(admitted('github.dispatch', 'neutrino-io/other'), 404);
  assert.equal(narrow.admit('ghs_other', 'github.dispatch', builder), undefined);
  time_ms += hour_ms;
  assert.equal(admitted('github.dispatch'), 401);
  for (const wide of [
    { repositories: ['unknown'] },
    { permissions: { administration: 'write' } },
    { permissions: { metadata: 'write' } },
    { permissions: { actions: 'admin' } },
    { unknown: true },
  ]) {
    assert.equal(narrow.issue(app, '987654', JSON.stringify(wide)).status, 422);
  }
  assert.equal(narrow.issue(app, '1', '{}').status, 404);
});
