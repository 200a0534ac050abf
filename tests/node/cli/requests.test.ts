// What is sent: repeated where that is safe and only there, with one Idempotency-Key; to the one
// address that was given, and with the key in no other place than its header.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cli, problem, type Scripted, serve, token } from './support.ts';

const operation = {
  operationId: 'op_1',
  platformId: 'acme',
  state: 'running',
  sites: [],
};
const busy = problem(503, 'storage.unavailable', { retryable: true });
const create = ['platform', 'create', 'acme', '--env', 'dev'];
const config = '{"features":{"features":{}},"env":{"default":{}},"auth":{"default":{}}}';
const set = ['config', 'set', 'acme', '--file', 'c.json', '--if-match', '*'];

describe('repeating', () => {
  const passing: [string, Scripted][] = [
    ['a cut connection', { cut: true }],
    ['503', busy],
    ['502', { status: 502, body: 'Bad gateway' }],
    ['504', { status: 504, body: 'Gateway timeout' }],
    ['429', problem(429, 'rate.limited', { retryable: true })],
  ];
  for (const [name, answer] of passing) {
    test(`a POST after ${name}, with the same key`, async (t) => {
      const { env, got } = await serve(t, (_, index) =>
        index < 2 ? answer : { status: 202, body: operation },
      );
      const ran = await cli(create, { env });
      assert.equal(ran.code, 0, ran.err);
      const keys = got.map(({ headers }) => headers['idempotency-key']);
      assert.equal(keys.length, 3);
      assert.match(String(keys[0]), /^[0-9a-f-]{36}$/);
      assert.equal(new Set(keys).size, 1, 'one key');
    });

    test(`a GET after ${name}; a PUT and a DELETE never`, async (t) => {
      const { env, got } = await serve(t, (_, index) =>
        index === 0 ? answer : { body: { items: [] } },
      );
      assert.equal((await cli(['platform', 'list'], { env })).code, 0);
      assert.equal(got.length, 2);
      const refusing = await serve(t, () => answer);
      const files = { 'c.json': config };
      assert.notEqual((await cli(set, { env: refusing.env, files })).code, 0);
      assert.equal(refusing.got.length, 1);
      const removed = await cli(['platform', 'delete', 'acme', '--yes'], { env: refusing.env });
      assert.notEqual(removed.code, 0);
      assert.equal(refusing.got.length, 2);
    });
  }

  test('a few times and no more, longer each time', async (t) => {
    const { env, got } = await serve(t, () => busy);
    const pauses: number[] = [];
    const ran = await cli(create, { env, onSleep: (ms) => void pauses.push(ms) });
    assert.equal(ran.code, 6);
    assert.equal(got.length, 4);
    assert.equal(pauses.length, 3);
    assert.ok(pauses.every((ms, index) => index === 0 || ms > (pauses[index - 1] ?? 0)));
  });

  test('after the time of Retry-After; too long a time ends the command', async (t) => {
    const limit = problem(429, 'rate.limited', { retryable: true });
    const { env } = await serve(t, (_, index) =>
      index === 0 ? { ...limit, headers: { 'retry-after': '7' } } : { body: { items: [] } },
    );
    const pauses: number[] = [];
    const onSleep = (ms: number): void => void pauses.push(ms);
    assert.equal((await cli(['platform', 'list'], { env, onSleep })).code, 0);
    assert.deepEqual(pauses, [7000]);
    const long = await serve(t, () => ({ ...limit, headers: { 'retry-after': '600' } }));
    assert.equal((await cli(['platform', 'list'], { env: long.env, onSleep })).code, 6);
    assert.equal(long.got.length, 1);
  });

  test('not what will not come right by itself, and not a refusal', async (t) => {
    for (const answer of [problem(503, 'publishing.not_configured'), problem(409, 'a.b')]) {
      const { env, got } = await serve(t, () => answer);
      await cli(['org', 'publish', 'aurora'], { env });
      assert.equal(got.length, 1);
    }
  });

  test('an answer that stays lost: the key to repeat it with', async (t) => {
    const { env, got } = await serve(t, () => ({ cut: true }));
    const ran = await cli(create, { env });
    assert.equal(ran.code, 1);
    const key = String(got[0]?.headers['idempotency-key']);
    assert.ok(ran.err.includes(`--idempotency-key ${key}`), ran.err);
    const again = await serve(t, () => ({ status: 202, body: operation }));
    await cli([...create, '--idempotency-key', key], { env: again.env });
    assert.equal(again.got[0]?.headers['idempotency-key'], key);
  });
});

describe('address and key', () => {
  test('the key is in its header and nowhere else', async (t) => {
    const { env, got } = await serve(t, () => ({ status: 202, body: operation }));
    await cli(create, { env });
    const [{ headers, path, body } = { headers: {}, path: '', body: '' }] = got;
    assert.equal(headers.authorization, `Bearer ${token}`);
    const { authorization: _, ...others } = headers;
    assert.doesNotMatch(JSON.stringify([others, path, body]), new RegExp(token));
  });

  test('--token-file and --url count before the variables', async (t) => {
    const { url, got } = await serve(t, () => ({ body: { items: [] } }));
    const env = { SLIPWAY_URL: 'http://127.0.0.1:1', SLIPWAY_TOKEN: 'another' };
    const files = { key: `${token}\n` };
    const ran = await cli(['platform', 'list', '--url', `${url}/`, '--token-file', 'key'], {
      env,
      files,
    });
    assert.equal(ran.code, 0, ran.err);
    assert.equal(got[0]?.headers.authorization, `Bearer ${token}`);
    assert.equal(got[0]?.path, '/api/v1/platforms');
  });

  test('NNO_API_URL names the instance, too', async (t) => {
    const { url, got } = await serve(t, () => ({ body: { items: [] } }));
    await cli(['platform', 'list'], { env: { NNO_API_URL: url, SLIPWAY_TOKEN: token } });
    assert.equal(got.length, 1);
  });

  test('a redirect is not followed: the key goes nowhere else', async (t) => {
    const other = await serve(t, () => ({ body: { items: [] } }));
    const location = `${other.url}/api/v1/platforms`;
    const { env } = await serve(t, () => ({ status: 307, headers: { location } }));
    assert.equal((await cli(['platform', 'list'], { env })).code, 1);
    assert.deepEqual(other.got, []);
  });

  const bad_addresses = [
    'http://slipway.example',
    'ftp://slipway.example',
    'https://user:pass@slipway.example',
    'http://127.0.0.1.example.com',
    'slipway.example',
  ];
  for (const url of bad_addresses) {
    test(`${url} is refused: exit 2`, async () => {
      let sent = 0;
      const fetch = () => {
        sent += 1;
        return Promise.resolve(Response.json({ items: [] }));
      };
      const ran = await cli(['platform', 'list'], {
        env: { SLIPWAY_URL: url, SLIPWAY_TOKEN: token },
        fetch,
      });
      assert.equal(ran.code, 2);
      assert.equal(sent, 0);
      assert.doesNotMatch(ran.err, /pass@/);
    });
  }

  test('without both, the instance that npm start runs, and it says so', async () => {
    const sent: string[] = [];
    const fetch = (url: string, init: RequestInit) => {
      sent.push(`${url} ${new Headers(init.headers).get('authorization')}`);
      return Promise.resolve(Response.json({ items: [] }));
    };
    const secrets = new URL('../../../.slipway/secrets.json', import.meta.url).pathname;
    const files = { [secrets]: '{"admin_key":"local-key"}' };
    const ran = await cli(['platform', 'list'], { fetch, files });
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.err, /using the local instance http:\/\/127\.0\.0\.1:8787/);
    assert.deepEqual(sent, [
      'http://127.0.0.1:8787/healthz null',
      'http://127.0.0.1:8787/api/v1/platforms Bearer local-key',
    ]);
  });
});
