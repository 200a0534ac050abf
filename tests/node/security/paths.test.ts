// Tricks with paths, methods and headers: none makes an allowed request of a refused one, none
// shows what is another tenant's, and nothing of a request comes back in a header.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Operation, operations } from '../../../bindings/generated/operations.ts';
import { type Cast, openCast } from '../access/callers.ts';
import { askAs } from '../access/org_cast.ts';
import { mine, tokenOf } from '../orgs/support.ts';
import { everything } from '../sealing/support.ts';

const origin = 'http://slipway.test';
const marker = 'Marker-Of-Acme-7711';

let cast: Cast;
before(async () => {
  cast = await openCast();
  const renamed = await cast.fleet.api('PATCH', '/api/v1/platforms/acme', { name: marker });
  assert.equal(renamed.status, 200, renamed.text);
});

interface Sent {
  readonly method?: string;
  readonly target: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

// As it stands: the URL parser resolves dot segments, as every client and server does.
async function send({ method = 'GET', target, headers = [], body }: Sent): Promise<Got> {
  const all = new Headers();
  for (const [name, value] of headers) all.append(name, value);
  const init = { method, headers: all, ...(body === undefined ? {} : { body }) };
  const response = await cast.fleet.fetch(new Request(origin + target, init));
  return { status: response.status, text: await response.text(), headers: response.headers };
}

function pathOf({ path }: Pick<Operation, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => cast.ids[name] ?? 'missing');
}

/** Ways to write a path that a careless reader takes for another. */
function disguises(path: string): string[] {
  const segments = path.split('/').slice(1);
  const last = segments.at(-1) ?? '';
  const above = segments.slice(0, -1).join('/');
  const hex = (text: string): string =>
    Buffer.from(text)
      .toString('hex')
      .replaceAll(/../g, (pair) => `%${pair}`);
  return [
    `/${path}`,
    `/.${path}`,
    `//${segments.join('//')}`,
    `/healthz/..${path}`,
    `/healthz/%2e%2e${path}`,
    `/healthz/..%2f${segments.join('/')}`,
    `/healthz%2f..${path}`,
    `/healthz;${path}`,
    `/healthz/..;${path}`,
    `/healthz%00${path}`,
    `/healthz?${path}`,
    `/healthz#${path}`,
    `/healthz/%252e%252e${path}`,
    `/openapi.json/..${path}`,
    `/assets/..${path}`,
    `/assets/..%5c${segments.join('%5c')}`,
    `\\${segments.join('\\')}`,
    `/${above}/${hex(last)}`,
    `/${above}/%25${last}`,
    `/${above}/${last}/`,
    `/${above}/${last}//`,
    `/${above}/${last}/.`,
    `/${above}/./${last}`,
    `/${above}/x/../${last}`,
    `/${above}/${last};jsessionid=1`,
    `/${above}/${last}%00`,
    `/${above}/${last}%00.json`,
    `/${above}/${last}%20`,
    `/${above}/${last}%0d%0a`,
    `/${above}/${last}.json`,
    `/${above}/${last}%2f`,
    `/${above}/${last}%2f..`,
    `/${above}/${last}%23`,
    `/${above}/${last}%3f`,
    path.toUpperCase(),
    `${path}?${'x='.padEnd(30_000, 'y')}`,
    `${path}/${'a/'.repeat(5_000)}`,
  ];
}

const closed = operations.filter(({ scope }) => scope !== 'open');

test('without a credential no disguise of a path gets further than 404', async () => {
  const { db } = cast.fleet;
  const stored = everything(db);
  for (const operation of closed) {
    for (const target of disguises(pathOf(operation))) {
      const { status, text } = await send({ method: operation.method, target });
      const about_open = /^\/(healthz[?#]|$)/.test(target) && operation.method === 'GET';
      assert.ok(about_open || [401, 404, 405].includes(status), `${status} ${target}`);
      assert.ok(!text.includes(marker), target);
    }
  }
  assert.equal(everything(db), stored);
});

test("by the token of another tenant no disguise shows anything of a tenant's", async () => {
  const authorization = `Bearer ${cast.keys['other tenant']}`;
  const ways = [
    'globex/../acme',
    'globex/%2e%2e/acme',
    'globex%2f..%2facme',
    'globex%2F%2E%2E%2Facme',
    'globex%5c..%5cacme',
    'globex%252f..%252facme',
    'globex;/../acme',
    'globex/..;/acme',
    'globex,acme',
    'globex%2Cacme',
    'globex%00acme',
    'globex%0aacme',
    'globex|acme',
    'globex%26platformId=acme',
    'ACME',
    'acme%20',
    '%61cme',
    '%2561cme',
    'acme%00globex',
    'acme%00',
    'acme%EF%BC%8F',
    '\u0430cme',
    'acme?platformId=globex',
    'acme#globex',
    '__proto__/../acme',
  ];
  for (const operation of closed.filter(({ path }) => path.includes('{platformId}'))) {
    for (const way of ways) {
      const target = pathOf({ path: operation.path.replace('{platformId}', way) });
      const { status, text } = await send({
        method: operation.method,
        target,
        headers: [['authorization', authorization]],
        ...(operation.body_bytes_max > 0 ? { body: '{}' } : {}),
      });
      assert.ok(status >= 400, `${status} ${operation.method} ${target}`);
      assert.ok(!text.includes(marker), target);
    }
  }
});

const forged: Readonly<Record<string, string>> = {
  'x-http-method-override': 'DELETE',
  'x-http-method': 'DELETE',
  'x-method-override': 'DELETE',
  'x-original-url': '/healthz',
  'x-rewrite-url': '/healthz',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-user': 'ada',
  'x-forwarded-prefix': '/healthz',
  'x-real-ip': '127.0.0.1',
  'x-remote-user': 'ada',
  'x-user-id': 'ada',
  'x-admin': 'true',
  'x-api-key': 'admin-key',
  'x-auth-token': 'admin-key',
  'proxy-authorization': 'Bearer admin-key',
  'cf-connecting-ip': '127.0.0.1',
  'cf-access-authenticated-user-email': 'ada@example.com',
  'cf-access-jwt-assertion': 'a.b.c',
  'cf-worker': 'slipway',
  forwarded: 'for=127.0.0.1;host=slipway.test;proto=https',
  principal: '{"kind":"admin"}',
  'content-type': 'application/x-www-form-urlencoded',
  cookie: '__Host-slipway=admin-key; authorization=Bearer admin-key; session=admin',
};

test('headers that others believe in change nothing for who has no credential', async () => {
  for (const operation of closed) {
    const plain = await send({ method: operation.method, target: pathOf(operation) });
    const all = await send({
      method: operation.method,
      target: pathOf(operation),
      headers: Object.entries(forged),
    });
    assert.deepEqual([all.status, all.text], [plain.status, plain.text], operation.name);
  }
});

test('they change nothing for who has one: method, path and tenant are the real ones', async () => {
  const { keys, fleet } = cast;
  const bearer = ['authorization', `Bearer ${keys['read token']}`] as const;
  for (const target of ['/api/v1/platforms', '/api/v1/platforms/acme', '/api/v1/fleet']) {
    const plain = await send({ target, headers: [bearer] });
    const all = await send({ target, headers: [bearer, ...Object.entries(forged)] });
    assert.equal(plain.status, 200);
    assert.deepEqual([all.status, all.text], [plain.status, plain.text], target);
  }
  const tricks = [
    '?_method=DELETE',
    '?access_token=admin-key',
    '?key=admin-key',
    '?token=admin-key',
  ];
  for (const trick of tricks) {
    const { status } = await send({ target: `/api/v1/tokens${trick}`, headers: [bearer] });
    assert.equal(status, 403, trick);
    assert.equal((await send({ target: `/api/v1/tokens${trick}` })).status, 401, trick);
  }
  assert.equal((await fleet.api('GET', '/api/v1/platforms/acme')).status, 200, 'still there');
});

test('of two credentials in one request neither counts', async () => {
  const { keys } = cast;
  const pairs = [
    ['Bearer admin-key', 'Bearer admin-key'],
    ['Bearer admin-key', `Bearer ${keys['read token']}`],
    [`Bearer ${keys['read token']}`, 'Bearer admin-key'],
    ['Basic YTpi', 'Bearer admin-key'],
    ['Bearer', 'admin-key'],
    ['', 'Bearer admin-key'],
  ];
  for (const pair of pairs) {
    const headers = pair.map((value) => ['authorization', value] as const);
    const { status } = await send({ target: '/api/v1/tokens', headers });
    assert.equal(status, 401, pair.join(' and '));
  }
});

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'MKCOL'];
const odd_methods = ['LOCK', 'PURGE', 'DEBUG', 'SEARCH', 'get', 'GETT', 'X', 'BREW'];

test('a method that a path does not have is refused, whoever asks', async () => {
  const { db } = cast.fleet;
  const stored = everything(db);
  const served = ['/openapi.json', '/schemas/config.json'].map(
    (path) => ({ method: 'GET', path, scope: 'open' }) as const,
  );
  const paths = Map.groupBy([...operations, ...served], ({ path }) => path);
  for (const [path, sharing] of paths) {
    // A name that stands in one path may be a parameter of another.
    const fits = (other: string): boolean =>
      new RegExp(`^${other.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
    const fitting = operations.filter((other) => fits(other.path));
    const has = new Set([...sharing, ...fitting].map(({ method }) => method as string));
    if (has.has('GET')) has.add('HEAD');
    // Without a secret there is no webhook.
    const refusal = sharing[0]?.scope === 'webhook' ? [404, 405] : [405];
    const target = pathOf({ path });
    for (const method of [...methods, ...odd_methods]) {
      // The Fetch API writes `get` in capitals.
      if (has.has(new Request(origin, { method }).method)) continue;
      for (const headers of [[], [['authorization', 'Bearer admin-key'] as const]]) {
        const got = await send({ method, target, headers });
        assert.ok(refusal.includes(got.status), `${got.status} ${method} ${target}`);
        const allow = got.headers.get('allow')?.split(', ') ?? [];
        const true_ones = allow.length > 0 && allow.every((each) => has.has(each));
        assert.ok(got.status !== 405 || true_ones, `${method} ${target} allows ${allow}`);
      }
    }
  }
  assert.equal(everything(db), stored);
});

test('HEAD is answered as GET is, without a body', async () => {
  const reads = closed.filter(({ method, name }) => method === 'GET' && name !== 'doctor');
  for (const operation of reads) {
    for (const key of ['wrong', cast.keys['read token'], 'admin-key']) {
      const sent = {
        target: pathOf(operation),
        headers: [['authorization', `Bearer ${key}`] as const],
      };
      const got = await send(sent);
      const head = await send({ ...sent, method: 'HEAD' });
      assert.deepEqual([head.status, head.text], [got.status, ''], operation.name);
    }
  }
});

test('no answer lets another site read it', async () => {
  const asked = [
    ['origin', 'https://evil.example'],
    ['access-control-request-method', 'DELETE'],
    ['access-control-request-headers', 'authorization'],
  ] as const;
  for (const operation of [...operations, { path: '/openapi.json' }, { path: '/me/session' }]) {
    const target = pathOf(operation);
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const { headers } = await send({ method, target, headers: asked });
      const shared = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
      assert.deepEqual(shared, [], `${method} ${target}`);
    }
  }
});

test('nothing of a request comes back in a header but a plain request id', async () => {
  const smuggled = 'evil-7d1%0d%0aset-cookie:%20evil-7d1=1';
  const bearer = ['authorization', 'Bearer admin-key'] as const;
  for (const operation of operations) {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const paths = names.map((name) => operation.path.replace(`{${name}}`, smuggled));
    for (const path of [...paths, `${operation.path}?${smuggled}=${smuggled}`]) {
      const got = await send({
        method: operation.method,
        target: pathOf({ path }),
        headers: [
          bearer,
          ['idempotency-key', 'evil-7d1'],
          ['if-match', '"evil-7d1"'],
          ['x-request-id', 'evil-7d1; x'],
          ['accept', 'evil-7d1/x'],
          ['origin', 'https://evil-7d1.example'],
        ],
        ...(operation.body_bytes_max > 0 ? { body: '{"evil-7d1":"\\r\\nevil-7d1: 1"}' } : {}),
      });
      const said = JSON.stringify([...got.headers]);
      assert.ok(!said.includes('evil-7d1'), `${operation.method} ${path}: ${said}`);
      assert.equal(got.headers.get('set-cookie'), null);
    }
  }
});

const origins: readonly (string | undefined)[] = [
  ...[
    undefined,
    'null',
    '',
    'https://evil.example',
    'https://slipway.test',
    'http://slipway.test:81',
  ],
  ...['http://slipway.test.', 'http://slipway.test.evil.example', 'http://a.slipway.test'],
  ...['http://evil.example/http://slipway.test', 'http://slipway.test@evil.example', '*'],
  ...['HTTP://SLIPWAY.TEST', 'http://slipway.test/', 'http://slipway.test, http://evil.example'],
];

test('a write by the cookie that names another origin, or none, is refused', async () => {
  const cookie = `__Host-slipway=${await tokenOf(cast.fleet, 'ada')}`;
  const stored = everything(cast.fleet.db);
  const writes = operations.filter(({ scope, method }) => /^org:/.test(scope) && method !== 'GET');
  assert.ok(writes.length >= 5);
  const types = ['application/json', 'text/plain', 'multipart/form-data; boundary=x'];
  for (const operation of writes) {
    for (const from of origins) {
      for (const type of types) {
        const got = await send({
          method: operation.method,
          target: pathOf(operation),
          headers: [
            ['cookie', cookie],
            ['content-type', type],
            ['x-forwarded-host', 'evil.example'],
            ['sec-fetch-site', 'same-origin'],
            ['x-requested-with', 'XMLHttpRequest'],
            ...(from === undefined ? [] : [['origin', from] as const]),
          ],
          ...(operation.body_bytes_max > 0 ? { body: '{}' } : {}),
        });
        assert.equal(got.status, 403, `${operation.name} from ${from}: ${got.text}`);
        assert.equal(JSON.parse(got.text).code, 'auth.cross_site');
      }
    }
  }
  assert.equal(everything(cast.fleet.db), stored);
  assert.equal((await askAs(cast.fleet, 'cross site', 'GET', mine)).status, 200, 'a read is read');
});
