// The Worker as it is deployed: its three ways in, with the compiled core.
import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
} from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { CoreTrap, createCore } from '../../bindings/js/core.ts';
import coreModule from '../../build/core.wasm';
import { createApp } from '../../worker-shim/app.ts';
import worker from '../../worker-shim/main.ts';
import { freshState, promised, testWorld } from './support.ts';

const base = 'http://slipway.test';

describe('the Worker', () => {
  beforeEach(freshState);

  it('answers a request', async () => {
    const request = new Request(`${base}/healthz`);
    const response = await promised(request, await exports.default.fetch(request));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('answers a misconfigured instance with a problem document', async () => {
    const broken = { ...env, ...{ CONFIG_STORE: '' } };
    const url = `${base}/healthz`;
    const request = new Request(url);
    const response = await promised(request, await worker.fetch(new Request(url), broken));
    expect(response.status).toBe(500);
    expect(JSON.parse(await response.text()).title).toContain('CONFIG_STORE must be');
  });

  it('acknowledges the message of an effect that nobody knows any more', async () => {
    const batch = createMessageBatch('slipway-effects', [
      { id: 'one', timestamp: 0, attempts: 1, body: { key: 'site:nowhere/dev' } },
    ]);
    const context = createExecutionContext();
    await worker.queue(batch, env);
    expect((await getQueueResult(batch, context)).explicitAcks).toEqual(['one']);
  });

  it('takes a tick', async () => {
    await expect(worker.scheduled(createScheduledController(), env)).resolves.toBeUndefined();
  });
});

describe('a trap of the compiled core', () => {
  beforeEach(freshState);

  it('is answered with a problem document, and the next request is answered as ever', async () => {
    const real = createCore(coreModule);
    let corrupt = true;
    const core = {
      step: (frame: Uint8Array) => real.step(corrupt ? new Uint8Array(frame.length) : frame),
      traps: real.traps,
    };
    const request = new Request(`${base}/healthz`);
    const ask = async () => promised(request, await createApp().fetch(request, testWorld(core)));
    const broken = await ask();
    expect(broken.status).toBe(500);
    expect(JSON.parse(await broken.text()).code).toBe('internal.trap');
    corrupt = false;
    expect((await ask()).status).toBe(200);
    expect(core.traps()).toBe(1);
    expect(() => real.step(new Uint8Array([0, 0, 0, 0]))).toThrow(CoreTrap);
  });
});
