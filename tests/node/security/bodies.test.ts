// Bodies that are too long, too slow, in too many pieces or compressed, of requests and of answers:
// nothing is read beyond its cap, nothing is waited for without end, nothing is unpacked beyond it.
import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock, test } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { operations } from '../../../bindings/generated/operations.ts';
import { readCapped } from '../../../bindings/js/capped.ts';
import { exchangeOnce } from '../../../bindings/js/exchange.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { KeySet, KeysUnavailable } from '../../../worker-shim/auth/key_set.ts';
import { requestToken } from '../../../worker-shim/upstream/github_app.ts';
import { known, portsTo } from '../auth/support.ts';
import { core, openFleet } from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

const mib = 1_048_576;

/** A body without an end; tells what was taken of it, and whether it was let go. */
function endless(chunk: Uint8Array = new Uint8Array(65_536)) {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      seen.pulled += 1;
      controller.enqueue(chunk);
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { body, seen };
}

function post(
  path: string,
  body: ConstructorParameters<typeof Response>[0],
  headers: Record<string, string> = {},
  method = 'POST',
) {
  const all = { authorization: 'Bearer admin-key', ...headers };
  const init = { method, headers: all, body, duplex: 'half' } as RequestInit;
  return new Request(`http://slipway.test${path}`, init);
}

test('a body is the same in one piece and in many; nothing of a piece is kept', async () => {
  const whole = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);
  for (const size of [1, 7, 4_096, 19_999, 20_000]) {
    // The same memory for every piece: whoever keeps a piece reads the last one over and over.
    const piece = new Uint8Array(size);
    let at = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (at >= whole.length) return controller.close();
          const part = whole.subarray(at, at + size);
          piece.set(part);
          at += size;
          controller.enqueue(piece.subarray(0, part.length));
        },
      },
      { highWaterMark: 0 },
    );
    const { bytes, cut } = await readCapped(stream, 20_000);
    assert.deepEqual([Buffer.compare(bytes, whole), cut], [0, false], `pieces of ${size}`);
  }
});

test('caps are exact, whatever the pieces, and a stop ends the reading', async () => {
  for (const [size, count, max] of [
    [1, 9, 8],
    [1, 8, 8],
    [3, 3, 8],
    [9, 1, 8],
    [8, 1, 8],
    [5, 1, 0],
  ] as const) {
    const pieces = Array.from({ length: count }, () => new Uint8Array(size).fill(1));
    const { bytes, cut } = await readCapped(ReadableStream.from(pieces), max);
    const length = size * count;
    assert.deepEqual([bytes.length, cut], [Math.min(length, max), length > max]);
    assert.ok(bytes.every((byte) => byte === 1));
    assert.ok(bytes.buffer.byteLength <= Math.max(2 * max, 4_096));
  }
  let cancelled = false;
  const silent = new ReadableStream<Uint8Array>({
    cancel: () => {
      cancelled = true;
    },
  });
  const stop = new AbortController();
  const read = readCapped(silent, 10, stop.signal);
  stop.abort();
  await read;
  assert.ok(cancelled);
});

test('of every operation a body without an end is let go at its cap', async () => {
  const fleet = openFleet({ variables: { GITHUB_WEBHOOK_SECRET: 'secret' } });
  for (const { method, path, body_bytes_max } of operations) {
    if (method === 'GET') continue;
    const { body, seen } = endless();
    const target = path.replaceAll(/\{\w+\}/g, 'acme-1');
    const response = await fleet.fetch(post(target, body, {}, method));
    await response.text();
    assert.ok(seen.cancelled, `${method} ${path} lets go`);
    assert.ok(seen.pulled <= body_bytes_max / 65_536 + 3, `${method} ${path}: ${seen.pulled}`);
  }
  for (const path of ['/nowhere', '/me/session', '/openapi.json']) {
    const { body, seen } = endless();
    await fleet.fetch(post(path, body));
    assert.ok(seen.pulled <= 3, path);
  }
});

test('what a request says of its length counts for nothing', async () => {
  const fleet = openFleet();
  const body = JSON.stringify({ platformId: 'acme', environments: ['dev'] });
  const long = body.padEnd(mib + 1);
  for (const length of ['0', '1', String(body.length), '-1', '9'.repeat(30), 'x', '1, 2']) {
    const headers = { 'content-length': length };
    const cut = await fleet.fetch(post('/api/v1/platforms', endless().body, headers));
    assert.equal(cut.status, 413, length);
    const whole = await fleet.fetch(post('/api/v1/platforms', long, headers));
    assert.equal(whole.status, 413, length);
    const sound = await fleet.fetch(post('/api/v1/platforms', body, headers));
    assert.equal(sound.status, 202, `${length}: ${await sound.text()}`);
  }
});

test('a body that does not come in is given up after a minute', async () => {
  for (const [path, method] of [
    ['/api/v1/platforms', 'POST'],
    ['/api/v1/platforms/acme', 'DELETE'],
    ['/nowhere', 'PUT'],
  ] as const) {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let cancelled = false;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(Buffer.from(method === 'POST' ? '{' : '')),
        cancel: () => {
          cancelled = true;
        },
      });
      const world = memoryWorld(core, memoryPorts({ db: openSqliteDb() }), { CONFIG_STORE: 'd1' });
      const answer = createApp().fetch(post(path, body, {}, method), world);
      const settled = await Promise.race([answer, new Promise((then) => setImmediate(then))]);
      assert.equal(settled, undefined, 'it is waited for');
      mock.timers.tick(60_000);
      const response = await answer;
      assert.equal(response.status, 408);
      const { code, retryable } = JSON.parse(await response.text());
      assert.deepEqual([code, retryable, cancelled], ['body.late', true, true]);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
    } finally {
      mock.timers.reset();
    }
  }
});

const zeros = Buffer.alloc(64 * mib);
const bombs: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(zeros),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
};

test('a compressed request is bytes like any other, and is not unpacked', async () => {
  const fleet = openFleet();
  const sound = gzipSync(JSON.stringify({ platformId: 'acme', environments: ['dev'] }));
  for (const [encoding, bomb] of [
    ...Object.entries(bombs),
    ['gzip', sound],
    ['x', sound],
  ] as const) {
    const request = post('/api/v1/platforms', bomb, { 'content-encoding': encoding });
    const response = await fleet.fetch(request);
    assert.equal(response.status, 400, await response.text());
  }
});

/** Serves on loopback while `act` runs. */
async function serving(serve: RequestListener, act: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const outgoing = { init: {}, timeout_ms: 20_000, body_max: 100_000 };

test('an answer that unpacks to a flood is cut at its cap', async () => {
  for (const [encoding, bomb] of Object.entries(bombs)) {
    assert.ok(bomb.length < 100_000, `${bomb.length} bytes of ${encoding}`);
    await serving(
      (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
      async (url) => {
        const { fact, bytes } = await exchangeOnce(fetch, { ...outgoing, url });
        assert.deepEqual([fact.outcome, bytes?.length], ['answered', 100_000]);
        assert.ok(fact.outcome === 'answered' && fact.truncated);
      },
    );
  }
});

test('an answer that is packed badly is no answer', async () => {
  await serving(
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"a":1}'),
    async (url) => {
      const { fact } = await exchangeOnce(fetch, { ...outgoing, url });
      assert.deepEqual(fact, { outcome: 'lost', detail: 'network' });
    },
  );
});

test('an answer that drips is lost when its time is over, headers and all', async () => {
  const timers: NodeJS.Timeout[] = [];
  await serving(
    (_, response) => {
      response.writeHead(200);
      timers.push(setInterval(() => response.write('x'), 5));
    },
    async (url) => {
      const { fact } = await exchangeOnce(fetch, { ...outgoing, url, timeout_ms: 200 });
      assert.deepEqual(fact, { outcome: 'lost', detail: 'timeout' });
    },
  );
  for (const timer of timers) clearInterval(timer);
});

test('whoever gives keys or tokens without an end gives none', async () => {
  const keys = endless(Buffer.from('{"keys":[],'));
  const ports = portsTo(() => new Response(keys.body));
  await assert.rejects(new KeySet('http://issuer.test/keys').find(ports, 'k'), KeysUnavailable);
  assert.ok(keys.seen.cancelled);
  assert.ok(keys.seen.pulled < 7_000);
  const tokens = endless();
  const app = {
    ...{ url: 'http://github.test', issuer: '1', private_keys: [known.pem], installation: '7' },
    ...{ owner: 'o', repository: 'r' },
  };
  const to_tokens = portsTo(() => new Response(tokens.body, { status: 201 }));
  const issued = await requestToken(to_tokens, app, { permissions: {} });
  assert.deepEqual([issued.outcome, tokens.seen.cancelled], ['unavailable', true]);
  assert.ok(tokens.seen.pulled < 5);
});
