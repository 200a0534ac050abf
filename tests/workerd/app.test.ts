import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../bindings/generated/operations.ts';
import { CoreTrap } from '../../bindings/js/core.ts';
import { createApp } from '../../worker-shim/app.ts';
import { openWorld } from '../../worker-shim/instance.ts';
import { StorageFailure } from '../../worker-shim/ports.ts';
import { SettingError } from '../../worker-shim/settings.ts';
import { type Scripted, type Seen, scriptedCore } from '../node/support/scripted_core.ts';
import { freshState, testWorld } from './support.ts';

const app = createApp();
const base = 'http://slipway.test';

// A core that replies and tells what it was asked.
function replying(reply: Scripted['done'] = { reply: { status: 204 } }) {
  return scriptedCore(() => ({ done: reply ?? {} }));
}

function requestOf(seen: Seen | undefined) {
  if (seen?.input.kind !== 'request') {
    throw new Error('the core saw no request');
  }
  return seen.input;
}

async function ask(path: string, init: RequestInit = {}, variables = {}) {
  const core = replying();
  const world = testWorld(core, {}, variables);
  const response = await app.fetch(new Request(base + path, init), world);
  return { response, core, world, input: requestOf(core.seen[0]) };
}

describe('routes', () => {
  beforeEach(freshState);

  it.each(operations)('$method $path is $name', async ({ name, method, path }) => {
    const concrete = path.replaceAll(/\{(\w+)\}/g, '$1%2Fx');
    const { input } = await ask(concrete, { method }, { GITHUB_WEBHOOK_SECRET: 'secret' });
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each);
    expect(input.operation).toBe(name);
    expect(input.params).toEqual(Object.fromEntries(names.map((each) => [each, `${each}/x`])));
  });

  it('tells an unknown path from an unknown method', async () => {
    expect((await ask('/nowhere')).input.operation).toBe('route_unknown');
    const { input, response } = await ask('/api/v1/platforms', { method: 'DELETE' });
    expect(input.operation).toBe('method_not_allowed');
    expect(response.headers.get('allow')).toBe('POST, GET');
  });

  it('passes query pairs in order and only the known headers', async () => {
    const { input } = await ask('/api/v1/platforms?b=1&a=%20x&b=2', {
      headers: { 'if-none-match': '"1"', cookie: 'c', 'x-other': 'o' },
    });
    expect(input.query).toEqual([
      ['b', '1'],
      ['a', ' x'],
      ['b', '2'],
    ]);
    expect(input.headers).toEqual({ 'if-none-match': '"1"' });
  });

  it('serves the OpenAPI document without asking the core', async () => {
    const core = replying();
    const response = await app.fetch(new Request(`${base}/openapi.json`), testWorld(core));
    expect(JSON.parse(await response.text()).paths['/healthz'].get.operationId).toBe('healthz');
    expect(core.seen).toEqual([]);
  });
});

describe('bodies', () => {
  beforeEach(freshState);
  const mib = 1_048_576;
  const post = (body: BodyInit) => ask('/api/v1/platforms', { method: 'POST', body });

  it('passes a body of exactly the limit, byte for byte', async () => {
    const { input, core } = await post('x'.repeat(mib));
    expect(input.body_too_large).toBe(false);
    expect(core.seen[0]?.text(input.body ?? 0)).toBe('x'.repeat(mib));
  });

  it('keeps nothing of a body one byte longer', async () => {
    const { input } = await post('x'.repeat(mib + 1));
    expect(input).toMatchObject({ body_too_large: true });
    expect(input.body).toBeUndefined();
  });

  it('stops reading a long body at the limit', async () => {
    let pulled = 0;
    const long = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100_000));
        if (pulled === 200) {
          controller.close();
        }
      },
    });
    const { input } = await post(long);
    expect(input.body_too_large).toBe(true);
    expect(pulled).toBeLessThan(20);
  });

  it('has no body segment for an empty body', async () => {
    expect((await post('')).input.body).toBeUndefined();
  });
});

describe('principals', () => {
  beforeEach(freshState);
  const keys = {
    SLIPWAY_ADMIN_KEY: 'new-admin',
    SLIPWAY_ADMIN_KEY_PREVIOUS: 'old-admin',
    NNO_INTERNAL_API_KEY: 'new-builder',
    NNO_INTERNAL_API_KEY_PREVIOUS: '',
  };
  it.each([
    ['Bearer new-admin', 'admin'],
    ['Bearer old-admin', 'admin'],
    ['bearer new-admin', 'admin'],
    ['Bearer new-builder', 'internal'],
    ['Bearer new-admi', 'none'],
    ['Bearer new-adminx', 'none'],
    ['Bearer ', 'none'],
    ['Bearer', 'none'],
    ['Basic new-admin', 'none'],
    ['new-admin', 'none'],
    [undefined, 'none'],
  ])('%s is %s', async (authorization, kind) => {
    const headers = authorization === undefined ? {} : { authorization };
    expect((await ask('/healthz', { headers }, keys)).input.principal).toEqual({ kind });
  });

  it('knows nobody when no key is set', async () => {
    const unset = { SLIPWAY_ADMIN_KEY: '', NNO_INTERNAL_API_KEY: '' };
    const { input } = await ask('/healthz', { headers: { authorization: 'Bearer x' } }, unset);
    expect(input.principal).toEqual({ kind: 'none' });
  });
});

describe('answers', () => {
  beforeEach(freshState);

  it('carries its id, no-store and nosniff, and logs one line without the query', async () => {
    const { response, world } = await ask('/healthz?token=secret', {
      headers: { 'x-request-id': 'abc-1' },
    });
    expect(response.headers.get('x-request-id')).toBe('abc-1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(world.logged).toMatchObject([
      { event: 'request', request_id: 'abc-1', method: 'GET', operation: 'healthz', status: 204 },
    ]);
    expect(JSON.stringify(world.logged)).not.toContain('secret');
  });

  it.each(['bad id', 'x'.repeat(65), ''])('replaces the request id "%s"', async (given) => {
    const { response } = await ask('/healthz', { headers: { 'x-request-id': given } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('passes status, headers and body of the core, also without a body', async () => {
    const headers = { 'cache-control': 'max-age=60', etag: '"3-a"' };
    const core = scriptedCore((seen) => {
      const unchanged = requestOf(seen).headers['if-none-match'] !== undefined;
      return unchanged
        ? { done: { reply: { status: 304, headers, segment: 1 } }, segments: [''] }
        : { done: { reply: { status: 200, headers, segment: 1 } }, segments: ['{"a": 1.0}'] };
    });
    const get = (init: RequestInit) =>
      app.fetch(new Request(`${base}/healthz`, init), testWorld(core));
    const full = await get({});
    expect([full.status, await full.text()]).toEqual([200, '{"a": 1.0}']);
    expect(full.headers.get('cache-control')).toBe('max-age=60');
    const unchanged = await get({ headers: { 'if-none-match': '"3-a"' } });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, '']);
    expect(unchanged.headers.get('etag')).toBe('"3-a"');
    const head = await get({ method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it.each([
    [new CoreTrap('x'), 500, 'internal.trap', false],
    [new StorageFailure('x'), 503, 'storage.unavailable', true],
    [new Error('a secret detail'), 500, 'internal.error', false],
  ])('turns %s into a problem document', async (error, status, code, retryable) => {
    const core = {
      step: () => {
        throw error;
      },
      traps: () => 0,
    };
    const world = testWorld(core);
    const response = await app.fetch(new Request(`${base}/healthz`), world);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status, code, retryable });
    expect(text).not.toContain('secret detail');
    expect(world.logged).toMatchObject([{ event: 'request_failed' }, { event: 'request', status }]);
  });

  it('runs a held request again until the core lets go', async () => {
    let now = 1000;
    const slept: number[] = [];
    const core = scriptedCore((seen) => {
      const { held } = requestOf(seen);
      return held === 'second'
        ? { done: { reply: { status: 200 } } }
        : { done: { hold: { again_after_ms: 700, token: held === 'first' ? 'second' : 'first' } } };
    });
    const world = testWorld(core, {
      now: () => now,
      sleep: async (ms) => {
        slept.push(ms);
        now += ms;
      },
    });
    const response = await app.fetch(new Request(`${base}/healthz?wait=5`), world);
    expect(response.status).toBe(200);
    expect(slept).toEqual([700, 700]);
    expect(core.seen.map((seen) => [seen.now_ms, seen.received_ms])).toEqual([
      [1000, 1000],
      [1700, 1000],
      [2400, 1000],
    ]);
  });
});

describe('an instance', () => {
  it('refuses a document store that does not exist', () => {
    const open = () => openWorld({ ...env, ...{ CONFIG_STORE: 'kv' } }, replying());
    expect(open).toThrow(SettingError);
    expect(open).toThrow('CONFIG_STORE must be "d1" or "r2"');
  });

  it('tells the core plain variables and names of credentials, never a secret', async () => {
    const { core } = await ask('/healthz', {}, { GITHUB_TOKEN: 'ghs_x', CF_ACCOUNT_NAME: 'acc' });
    const [seen] = core.seen;
    expect(seen?.credentials).toEqual(['github']);
    expect(seen?.settings).toMatchObject({ CF_ACCOUNT_NAME: 'acc', CONFIG_STORE: 'd1' });
    expect(JSON.stringify(seen)).not.toMatch(/ghs_x|admin-key|internal-key/);
  });
});
