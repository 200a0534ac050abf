// Bytes that no client would send, on a socket to the real Worker in workerd: lengths that lie,
// requests inside of requests, bodies without an end, headers that are none. It refuses them or
// takes them for what they are, lets nobody in by them, and answers the next request as ever.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type ListeningWorker, say, startWorker } from './wire.ts';

const mib = 1_048_576;
const key = 'marker-admin-key-on-the-wire';
const bearer = `Authorization: Bearer ${key}\r\n`;
const to_here = 'Host: slipway.test\r\nConnection: close\r\n';

// A connection that is kept open would take what stands behind a request for the next one.
const kept_open = 'Host: slipway.test\r\n';

let worker: ListeningWorker;
before(async () => {
  worker = await startWorker({ CONFIG_STORE: 'd1', SLIPWAY_ADMIN_KEY: key });
});
after(() => worker.stop());

/** A request by its lines, and a body. */
function request(line: string, headers = '', body = '', to = to_here): string {
  return `${line} HTTP/1.1\r\n${to}${headers}\r\n${body}`;
}

const tokens = 'GET /api/v1/tokens';

afterEach(async () => {
  const { statuses } = await say(worker, request(tokens, bearer));
  assert.deepEqual(statuses, [200], 'the next request is answered as ever');
  const { text } = await say(worker, request('GET /api/v1/platforms', bearer));
  assert.match(text, /"items":\[\]/, 'nothing was made');
});

/** The only answer; undefined where the connection was cut without one. */
async function only(
  parts: string | Iterable<string | Uint8Array>,
  patience_ms?: number,
): Promise<number | undefined> {
  const { statuses, text } = await say(worker, parts, patience_ms);
  assert.ok(statuses.length <= 1, text);
  assert.ok(!text.includes(key), 'a key comes back');
  return statuses[0];
}

const refused = (status: number | undefined): boolean => status === undefined || status >= 400;

test('methods that are none, or echo, are refused and echo nothing', async () => {
  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'get', 'X', 'PRI', 'GET\t', '']) {
    const status = await only(request(`${method} /api/v1/tokens`, `${bearer}X-Marker: ${key}\r\n`));
    assert.ok(refused(status), `${method}: ${status}`);
  }
});

test('of two credentials none counts, and a broken header gives none', async () => {
  const wrong = 'Authorization: Bearer wrong\r\n';
  for (const headers of [
    bearer + wrong,
    wrong + bearer,
    bearer + bearer,
    `Authorization: Bearer wrong,\r\n Bearer ${key}\r\n`,
    `Authorization : Bearer ${key}\r\n`,
    `X: y\n\nAuthorization: Bearer ${key}\r\n`,
    `Authorization: Bearer ${key}\u0000\r\n`,
    `X-Authorization: Bearer ${key}\r\n`,
    `Authorization\u0000: Bearer ${key}\r\n`,
  ]) {
    const status = await only(request(tokens, headers));
    assert.ok(refused(status), `${JSON.stringify(headers)}: ${status}`);
  }
});

test('an address in the request line, and another host, lead nowhere else', async () => {
  for (const line of [
    'GET http://evil.example/api/v1/tokens',
    'GET https://slipway.test@evil.example/api/v1/tokens',
    'GET //evil.example/api/v1/tokens',
    'GET /healthz/../api/v1/tokens',
    'GET /healthz/%2e%2e/api/v1/tokens',
    'GET /healthz\\..\\api\\v1\\tokens',
    'GET \\api\\v1\\tokens',
    'GET api/v1/tokens',
    'GET *',
    'GET /api/v1/tokens#/healthz',
    'GET /api/v1/tokens /healthz',
    'GET /api/v1/tokens\u0000',
    'GET /api/v1/\u00e9\u00ff',
    `GET /${'a/'.repeat(4_000)}`,
  ]) {
    const status = await only(request(line));
    assert.ok(refused(status), `${line.slice(0, 80)}: ${status}`);
  }
  const forged = 'X-Forwarded-Host: slipway.test\r\nX-Original-URL: /healthz\r\n';
  for (const host of ['evil.example', '127.0.0.1', 'slipway.test:80@evil.example', '']) {
    const text = `${tokens} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${forged}\r\n`;
    assert.ok(refused(await only(text)), host);
  }
});

const inner =
  `POST /api/v1/platforms HTTP/1.1\r\n${to_here}${bearer}Content-Length: 44\r\n\r\n`.concat(
    '{"platformId":"acme","environments":["dev"]}',
  );

test('a request inside of another is its body, or the end of the connection', async () => {
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const lies = [
    `Content-Length: 4\r\n${chunked}`,
    `${chunked}Content-Length: 4\r\n`,
    `Content-Length: 4\r\nContent-Length: ${inner.length}\r\n`,
    `Content-Length: 4, ${inner.length}\r\n`,
    `Content-Length: +${inner.length}\r\n`,
    `Content-Length: -1\r\n`,
    `Content-Length: 0x10\r\n`,
    `Content-Length: ${'9'.repeat(40)}\r\n`,
    `Content-Length:\r\n`,
    `Transfer-Encoding: xchunked\r\n`,
    `Transfer-Encoding: chunked, identity\r\n`,
    `Transfer-Encoding:\u000bchunked\r\n`,
    `${chunked}${chunked}`,
    `X: y\nContent-Length: ${inner.length}\r\n`,
  ];
  for (const headers of lies) {
    for (const body of [`0\r\n\r\n${inner}`, inner]) {
      const { statuses, text } = await say(
        worker,
        request('POST /nowhere', headers, body, kept_open),
      );
      assert.ok(statuses.length <= 1, `${JSON.stringify(headers)}: ${text}`);
      assert.ok(statuses.every(refused), `${JSON.stringify(headers)}: ${text}`);
    }
  }
});

test('a body that is shorter than it says makes nothing', async () => {
  const body = '{"platformId":"acme","environments":["dev"]';
  for (const length of [body.length + 1, 5_000, 10 * mib]) {
    const headers = `${bearer}Content-Length: ${length}\r\n`;
    // Nothing comes: the Worker waits for the rest.
    const status = await only(request('POST /api/v1/platforms', headers, body), 2_000);
    assert.ok(refused(status));
  }
});

function* chunksWithoutEnd(first: string, chunk: string): Generator<string> {
  yield first;
  for (let count = 0; count < 4_000; count += 1) yield chunk;
}

test('a body without an end is answered soon after its cap', async () => {
  const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
  for (const line of ['POST /api/v1/platforms', 'POST /nowhere', 'DELETE /api/v1/platforms/acme']) {
    const first = request(line, `${bearer}Transfer-Encoding: chunked\r\n`);
    const { statuses, taken } = await say(worker, chunksWithoutEnd(first, chunk));
    assert.ok(statuses.length <= 1 && statuses.every(refused), `${line}: ${statuses}`);
    assert.ok(taken < 64 * mib, `${line}: ${taken} bytes were taken`);
  }
});

test('heads without an end, and thousands of headers, are refused', async () => {
  const first = `${tokens} HTTP/1.1\r\n${to_here}`;
  const flood = (line: string): Generator<string> => chunksWithoutEnd(first, line);
  for (const line of [`X: ${'a'.repeat(8_000)}\r\n`, 'a'.repeat(8_192), 'X: y\r\n'.repeat(1_000)]) {
    const { statuses, taken } = await say(worker, flood(line));
    assert.ok(statuses.every(refused), `${statuses}`);
    assert.ok(taken < 32 * mib, `${taken} bytes were taken`);
  }
});

test('what is packed is not unpacked, and pieces of one byte are a body', async () => {
  const packed = 'Content-Encoding: gzip\r\nContent-Length: 4\r\n';
  assert.equal(
    await only(request('POST /api/v1/platforms', bearer + packed, '\u001f\u008b{}')),
    400,
  );
  const body = '{"platformId":"no such id","environments":["dev"]}';
  const pieces = [...body].map((byte) => `1\r\n${byte}\r\n`).join('');
  const headers = `${bearer}Transfer-Encoding: chunked\r\n`;
  assert.equal(await only(request('POST /api/v1/platforms', headers, `${pieces}0\r\n\r\n`)), 422);
});
