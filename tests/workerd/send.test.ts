import { describe, expect, it } from 'vitest';
import { readCapped } from '../../bindings/js/capped.ts';
import type { UpstreamRequest } from '../../bindings/js/control.ts';
import { bytesOf, textOf } from '../../bindings/js/frame.ts';
import { hostPorts, type Ports } from '../../worker-shim/ports.ts';
import { upstreamsOf } from '../../worker-shim/settings.ts';
import { prepare, RequestError, send } from '../../worker-shim/upstream/send.ts';
import { scriptedCore } from '../node/support/scripted_core.ts';
import { testWorld } from './support.ts';

const upstreams = upstreamsOf({
  GITHUB_TOKEN: 'ghs_one',
  CF_API_TOKEN: 'cf_one',
  GITHUB_API_URL: 'http://upstream.test/',
  PAGES_ORIGIN: 'http://upstream.test/sites/{host}',
});
const request: UpstreamRequest = {
  target: 'github',
  method: 'GET',
  path: '/echo',
  timeout_ms: 5000,
  body_max: 1000,
};

// Through the real fetch of the host; vitest.config.ts answers for upstream.test.
async function exchange(change: Partial<UpstreamRequest>, segments: Uint8Array[] = []) {
  const world = testWorld(
    scriptedCore(() => ({ done: {} })),
    hostPorts,
  );
  const { fact, bytes } = await send(
    world.ports,
    prepare(upstreams, { ...request, ...change }, segments),
  );
  return { fact, text: textOf(bytes ?? bytesOf('')) };
}

describe('send', () => {
  it('joins the address, attaches the credential and passes the body on', async () => {
    const { fact, text } = await exchange(
      { method: 'POST', path: '/echo?a=1', credential: 'github', segment: 1 },
      [bytesOf('{}'), bytesOf('{"n": 1.0}')],
    );
    expect(fact).toMatchObject({ outcome: 'answered', status: 200, truncated: false });
    expect(JSON.parse(text)).toMatchObject({
      method: 'POST',
      url: 'http://upstream.test/echo?a=1',
      authorization: 'Bearer ghs_one',
      agent: 'slipway',
      body: '{"n": 1.0}',
    });
  });

  it('sends no credential that was not named', async () => {
    expect(JSON.parse((await exchange({})).text).authorization).toBeNull();
  });

  it('reaches a site by the template', async () => {
    const { text } = await exchange({ target: 'site', host: 'a-dev-portal.pages.dev', path: '/x' });
    expect(JSON.parse(text).url).toBe('http://upstream.test/sites/a-dev-portal.pages.dev/x');
  });

  it('does not follow a redirect', async () => {
    const { fact } = await exchange({ path: '/redirect' });
    expect(fact).toMatchObject({
      status: 302,
      headers: { location: 'http://upstream.test/elsewhere' },
    });
  });

  it('cuts a body at its cap, and not one that just fits', async () => {
    const cut = await exchange({ path: '/bytes?n=1001' });
    expect([cut.text.length, cut.fact]).toMatchObject([1000, { truncated: true }]);
    const whole = await exchange({ path: '/bytes?n=1000' });
    expect([whole.text.length, whole.fact]).toMatchObject([1000, { truncated: false }]);
    const none = await exchange({ path: '/bytes?n=1', body_max: 0 });
    expect([none.text.length, none.fact]).toMatchObject([0, { truncated: true }]);
  });

  it('tells a timeout from a broken connection', async () => {
    const lost = (fetch: Ports['fetch']) => {
      const ports = { ...testWorld(scriptedCore(() => ({ done: {} }))).ports, fetch };
      return send(ports, prepare(upstreams, { ...request, timeout_ms: 5 }, []));
    };
    const never: Ports['fetch'] = (each) =>
      new Promise((_resolve, reject) => {
        each.signal.addEventListener('abort', () => reject(each.signal.reason));
      });
    expect(await lost(never)).toEqual({ fact: { outcome: 'lost', detail: 'timeout' } });
    const broken: Ports['fetch'] = () => Promise.reject(new TypeError('reset'));
    expect(await lost(broken)).toEqual({ fact: { outcome: 'lost', detail: 'network' } });
    const half: Ports['fetch'] = async () =>
      new Response(new ReadableStream({ pull: (stream) => stream.error(new Error('reset')) }));
    expect(await lost(half)).toEqual({ fact: { outcome: 'lost', detail: 'network' } });
  });

  it.each([
    [{ credential: 'cloudflare:other' }, /cloudflare:other is not configured/],
    [{ target: 'cloudflare', path: '/../../x' }, /leaves its target/],
    [{ path: '@evil.test/' }, /leaves its target/],
    [{ path: '/projects/acme/deployments/..' }, /leaves its target/],
    [{ path: '/projects/acme/deployments/%2e%2E?force=true' }, /leaves its target/],
    [{ target: 'site', host: 'evil.test/x?' }, /is no host name of a site/],
    [{ target: 'site', host: 'user@evil.test' }, /is no host name of a site/],
    [{ target: 'site' }, /is no host name of a site/],
  ] as const)('refuses %o before anything is sent', (change, message) => {
    const prepared = () => prepare(upstreams, { ...request, ...change }, []);
    expect(prepared).toThrow(RequestError);
    expect(prepared).toThrow(message);
  });
});

describe('readCapped', () => {
  it('cancels the stream at the cap', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => {
        cancelled = true;
      },
    });
    const { bytes, cut } = await readCapped(stream, 15);
    expect([bytes.length, cut, cancelled]).toEqual([15, true, true]);
  });
});
