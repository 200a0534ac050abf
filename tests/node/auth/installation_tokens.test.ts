// Installation tokens: asked for once, kept while they last, replaced when they are refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest } from '../../../bindings/js/control.ts';
import type { Exchange } from '../../../bindings/js/exchange.ts';
import { openUpstreams } from '../../../worker-shim/github_settings.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import { prepare, send } from '../../../worker-shim/upstream/send.ts';
import { by_app, json, known, portsTo, unknown } from './support.ts';

const minute_ms = 60_000;
const variables = {
  ...by_app,
  GITHUB_API_URL: 'http://github.test',
  GITHUB_OWNER: 'neutrino-io',
  GITHUB_BUILDER_REPOSITORY: 'nno-platform-builder',
};
const request: UpstreamRequest = {
  target: 'github',
  credential: 'github',
  method: 'POST',
  path: '/dispatches',
  timeout_ms: 5_000,
  body_max: 1_000,
};

/** One call that reached the outside. */
interface Seen {
  readonly path: string;
  readonly bearer: string;
  readonly body: string;
}

type Answer = (seen: Seen, all: readonly Seen[]) => Response | undefined | Promise<Response>;

// An instance in front of a GitHub that gives tokens `t1`, `t2` and so on for an hour.
function instance(answer: Answer = () => undefined, more: Record<string, string> = {}) {
  const seen: Seen[] = [];
  const isolate = new Isolate();
  const ports: ReturnType<typeof portsTo> = portsTo(async (asked) => {
    const bearer = (asked.headers.get('authorization') ?? '').replace('Bearer ', '');
    const call = { path: new URL(asked.url).pathname, bearer, body: await asked.text() };
    seen.push(call);
    const given = await answer(call, seen);
    if (given !== undefined) return given;
    if (!call.path.endsWith('/access_tokens')) return json({ ok: true });
    const count = to(seen, '/access_tokens').length;
    return json({ token: `t${count}`, expires_at: at(ports, 60) }, 201);
  });
  const upstreams = openUpstreams({ ...variables, ...more }, isolate);
  const ask = (change: Partial<UpstreamRequest> = {}): Promise<Exchange> =>
    send(ports, prepare(upstreams, { ...request, ...change }, []));
  return { seen, ports, ask, upstreams };
}

function at(ports: Ports, minutes: number): string {
  return new Date(ports.now() + minutes * minute_ms).toISOString();
}

function to(seen: readonly Seen[], end: string): Seen[] {
  return seen.filter(({ path }) => path.endsWith(end));
}

function statusOf({ fact }: Exchange): number | string {
  return fact.outcome === 'answered'
    ? fact.status
    : fact.outcome === 'lost'
      ? `${fact.outcome} ${fact.detail}`
      : fact.outcome;
}

function messageOf({ bytes }: Exchange): string {
  return JSON.parse(new TextDecoder().decode(bytes)).message;
}

test('twenty requests at once ask for one token, narrowed to the builder', async () => {
  const { seen, ask } = instance();
  const all = await Promise.all(Array.from({ length: 20 }, () => ask()));
  assert.ok(all.every((each) => statusOf(each) === 200));
  const asked = to(seen, '/access_tokens');
  assert.deepEqual(
    asked.map(({ path, body }) => [path, JSON.parse(body)]),
    [
      [
        '/app/installations/987654/access_tokens',
        {
          permissions: { actions: 'write', metadata: 'read' },
          repositories: ['nno-platform-builder'],
        },
      ],
    ],
  );
  assert.deepEqual(new Set(to(seen, '/dispatches').map(({ bearer }) => bearer)), new Set(['t1']));
});

test('a token is used until five minutes before its end', async () => {
  const { seen, ask, ports } = instance();
  await ask();
  ports.clock.now_ms += 55 * minute_ms - 1;
  await ask();
  assert.equal(to(seen, '/access_tokens').length, 1);
  ports.clock.now_ms += 1;
  await ask();
  const used = to(seen, '/dispatches').map(({ bearer }) => bearer);
  assert.deepEqual(used, ['t1', 't1', 't2']);
});

test('the token for sources is another one, for reading contents everywhere', async () => {
  const { seen, ask } = instance();
  await ask();
  await ask({ credential: 'github:contents' });
  const bodies = to(seen, '/access_tokens').map(({ body }) => JSON.parse(body));
  assert.deepEqual(bodies[1], { permissions: { contents: 'read', metadata: 'read' } });
  assert.deepEqual(
    to(seen, '/dispatches').map(({ bearer }) => bearer),
    ['t1', 't2'],
  );
});

test('a refused token is replaced once, and the request repeated once', async () => {
  const revoked = instance(({ bearer }) => (bearer === 't1' ? json({}, 401) : undefined));
  assert.equal(statusOf(await revoked.ask()), 200);
  const used = to(revoked.seen, '/dispatches').map(({ bearer }) => bearer);
  assert.deepEqual(used, ['t1', 't2']);

  const never = instance(({ path }) => (path === '/dispatches' ? json({}, 401) : undefined));
  assert.equal(statusOf(await never.ask()), 401);
  assert.equal(to(never.seen, '/dispatches').length, 2);
  assert.equal(to(never.seen, '/access_tokens').length, 2);
});

test('no other answer is repeated: not a 5xx, not a 403, not a lost one', async () => {
  for (const answer of [500, 502, 403, 404, 'cut']) {
    const { seen, ask } = instance(({ path }) => {
      if (path !== '/dispatches') return undefined;
      return typeof answer === 'number' ? json({}, answer) : Promise.reject(new TypeError('cut'));
    });
    assert.equal(statusOf(await ask()), typeof answer === 'number' ? answer : 'lost network');
    assert.equal(to(seen, '/dispatches').length, 1, String(answer));
  }
});

test('without a token nothing is sent, and the core is told so', async () => {
  const broken: Record<string, Answer> = {
    'a 500': () => json({}, 500),
    'a cut connection': () => Promise.reject(new TypeError('cut')),
    'an error page': () => new Response('<html>', { status: 200 }),
    'no token': () => json({ expires_at: '2026-01-01T01:00:00Z' }, 201),
    'a token with a line end': () => json({ token: 'a\nb', expires_at: '2026-01-01' }, 201),
    'no expiry': () => json({ token: 'abc' }, 201),
  };
  for (const [name, answer] of Object.entries(broken)) {
    const { seen, ask } = instance(answer);
    assert.equal(statusOf(await ask()), 'lost unsent', name);
    assert.equal(to(seen, '/dispatches').length, 0, name);
  }
});

test('a refusal of the App reads as a refusal of its credential; a limit as a limit', async () => {
  const refused = async (status: number, headers = {}) =>
    await instance(() => json({ message: 'Not Found' }, status, headers)).ask();
  for (const status of [401, 404, 422]) {
    const exchange = await refused(status);
    assert.equal(statusOf(exchange), 401);
    assert.match(messageOf(exchange), new RegExp(`no installation token .HTTP ${status}.: Not F`));
  }
  const suspended = await refused(403);
  assert.equal(statusOf(suspended), 403);
  const limited = await refused(403, { 'retry-after': '60', 'x-secret': 'no' });
  assert.deepEqual(limited.fact, {
    outcome: 'answered',
    status: 403,
    headers: { 'retry-after': '60', 'content-type': 'text/plain;charset=UTF-8' },
    truncated: false,
  });
});

test('a failure is not kept: the next request asks again', async () => {
  let down = true;
  const { ask } = instance(({ path }) =>
    down && path.endsWith('/access_tokens') ? json({}, 503) : undefined,
  );
  assert.equal(statusOf(await ask()), 'lost unsent');
  down = false;
  assert.equal(statusOf(await ask()), 200);
});

test('where GitHub refuses the present key, the one before it is tried', async () => {
  const keys = {
    GITHUB_APP_PRIVATE_KEY: unknown.pem,
    GITHUB_APP_PRIVATE_KEY_PREVIOUS: known.pem,
  };
  const first = (calls: readonly Seen[]): boolean => to(calls, '/access_tokens').length === 1;
  const both = instance((_, all) => (first(all) ? json({ message: 'x' }, 401) : undefined), keys);
  assert.equal(statusOf(await both.ask()), 200);
  const [one, two] = to(both.seen, '/access_tokens').map(({ bearer }) => bearer);
  assert.notEqual(one, two);
  // An installation that does not exist is no matter of the key.
  const gone = instance(() => json({ message: 'Not Found' }, 404), keys);
  await gone.ask();
  assert.equal(gone.seen.length, 1);
});

test('a key that cannot be read is a refusal that says so, and asks nobody', async () => {
  const { seen, ask } = instance(() => undefined, { GITHUB_APP_PRIVATE_KEY: 'no key' });
  const exchange = await ask();
  assert.equal(statusOf(exchange), 401);
  assert.match(messageOf(exchange), /the private key is of no use/);
  assert.deepEqual(seen, []);
});

test('without an id the installation of the repository is asked for', async () => {
  const find: Answer = ({ path }) =>
    path.endsWith('/installation') ? json({ id: 4_294_967_297 }) : undefined;
  const { seen, ask } = instance(find, { GITHUB_APP_INSTALLATION_ID: '' });
  assert.equal(statusOf(await ask()), 200);
  assert.deepEqual(
    seen.map(({ path }) => path),
    [
      '/repos/neutrino-io/nno-platform-builder/installation',
      '/app/installations/4294967297/access_tokens',
      '/dispatches',
    ],
  );
});

test('the App goes before a token, and counts only with its key', () => {
  const names = (more: Record<string, string>): string[] => [
    ...instance(() => undefined, more).upstreams.credentials.keys(),
  ];
  assert.deepEqual(names({}), ['github', 'github:contents']);
  assert.deepEqual(names({ GITHUB_TOKEN: 'pat' }), ['github', 'github:contents']);
  assert.deepEqual(names({ GITHUB_TOKEN: 'pat', GITHUB_APP_PRIVATE_KEY: '' }), ['github']);
  assert.deepEqual(names({ GITHUB_APP_ID: '' }), []);
});
