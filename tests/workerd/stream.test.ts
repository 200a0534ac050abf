// Server-sent events in workerd: real streams, real D1, real time.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createCore } from '../../bindings/js/core.ts';
import coreModule from '../../build/core.wasm';
import { createApp } from '../../worker-shim/app.ts';
import { acme, created, openApi } from './api_world.ts';
import { freshState, promised, testWorld } from './support.ts';

const app = createApp();
const core = createCore(coreModule);
const platform = '/api/v1/platforms/acme';

interface Opened {
  readonly response: Response;
  /** The text of the next part; undefined after the end. */
  next(): Promise<string | undefined>;
  leave(): Promise<void>;
  /** How long the stream waited before each look whether there is news, in milliseconds. */
  readonly waits: readonly number[];
}

const realSleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function open(
  path: string,
  headers: Record<string, string> = {},
  wait = realSleep,
): Promise<Opened> {
  const waits: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return wait(ms);
  };
  const bearer = { authorization: 'Bearer admin-key', accept: 'text/event-stream', ...headers };
  const request = new Request(`http://slipway.test${path}`, { headers: bearer });
  const world = testWorld(core, { sleep });
  const response = await promised(request.clone(), await app.fetch(request, world));
  const reader = response.body?.getReader();
  return {
    response,
    async next() {
      const part = await reader?.read();
      return part?.value && new TextDecoder().decode(part.value);
    },
    leave: async () => reader?.cancel(),
    waits,
  };
}

// The present state of the platform, as an event.
async function present(): Promise<string> {
  const { text } = await openApi().ask({ path: platform });
  return `event: state\ndata: ${text}\n\n`;
}

const rename = (name: string) => openApi().ask({ method: 'PATCH', path: platform, body: { name } });

describe('a stream', () => {
  beforeEach(freshState);

  it('tells the present state at once, and a change soon', async () => {
    await created(openApi());
    const stream = await open(platform);
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    const first = await stream.next();
    expect(first).toMatch(/^retry: 2000\n\nid: \d+\nevent: state\n/);
    expect(first).toContain(await present());
    const waiting = stream.next();
    expect((await rename('Acme II')).status).toBeLessThan(300);
    const asleep = stream.waits.length;
    const second = await waiting;
    expect(stream.waits.length - asleep, 'the next look tells it').toBeLessThanOrEqual(1);
    expect(Math.max(...stream.waits), 'which comes soon').toBeLessThanOrEqual(1000);
    expect(second).toContain(await present());
    expect(second).toContain('Acme II');
    const id = (part = '') => Number(/^id: (\d+)$/m.exec(part)?.[1]);
    expect(id(second)).toBe(id(first) + 1);
    await stream.leave();
  });

  it('tells nothing that the client has, only what comes', async () => {
    await created(openApi());
    const before = await open(platform);
    const id = /^id: (\d+)$/m.exec((await before.next()) ?? '')?.[1] ?? '';
    await before.leave();
    const stream = await open(platform, { 'last-event-id': id });
    expect(await stream.next()).toBe('retry: 2000\n\n');
    const waiting = stream.next();
    await rename('Acme III');
    expect(await waiting).toContain('Acme III');
    await stream.leave();
  });

  it('is not worked for when the client has gone', async () => {
    await created(openApi());
    const wake: (() => void)[] = [];
    const stream = await open(platform, {}, () => new Promise((done) => wake.push(done)));
    await stream.next();
    const waiting = stream.next();
    const asleep = (times: number) => vi.waitUntil(() => wake.length === times, 120_000);
    await asleep(1);
    wake[0]?.();
    await asleep(2);
    await stream.leave();
    wake[1]?.();
    await waiting;
    await realSleep(300);
    expect(stream.waits).toHaveLength(2);
  });

  it.each([
    [platform, { authorization: 'Bearer wrong' }, 401, 'auth.missing'],
    ['/api/v1/platforms/nobody', {}, 404, 'platform.unknown'],
    ['/api/v1/operations/op_nothing', {}, 404, 'operation.unknown'],
    ['/api/v1/deployments/dep_nothing', {}, 404, 'deployment.unknown'],
  ])('is refused with a problem document: %s %o', async (path, headers, status, code) => {
    await created(openApi());
    const { response, next } = await open(path, headers);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.status).toBe(status);
    expect(JSON.parse((await next()) ?? '')).toMatchObject({ status, code });
  });

  it('of what was created follows the operation that its answer names', async () => {
    const { headers } = await created(openApi(), acme);
    const stream = await open(headers.get('location') ?? '');
    expect(await stream.next()).toContain('"kind":"platform_create"');
    await stream.leave();
  });
});
