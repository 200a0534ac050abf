// Each failure has its exit code, and says code, detail, next step and request id.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { cli, problem, type Scripted, serve, token } from './support.ts';

const running = {
  operationId: 'op_1',
  kind: 'deployment_request',
  platformId: 'acme',
  state: 'running',
  createdAt: '2026-11-26T00:00:00Z',
  sites: [{ environment: 'dev', state: 'running', step: 'planned' }],
};

const failedBy = (code: string): object => ({
  ...running,
  state: 'failed',
  sites: [
    {
      environment: 'dev',
      state: 'failed',
      step: 'failed',
      failure: { code, detail: 'the detail', next: 'the step', logTail: 'last line' },
    },
  ],
});

describe('refusals', () => {
  const table: [number, Scripted][] = [
    [1, problem(404, 'route.unknown')],
    [1, problem(500, 'internal.error')],
    [1, problem(503, 'publishing.not_configured')],
    [1, { status: 302, headers: { location: 'https://team.cloudflareaccess.com/login' } }],
    [1, { status: 200, body: '<html>not Slipway</html>' }],
    [2, problem(400, 'query.invalid')],
    [2, problem(422, 'config.invalid', { errors: [{ pointer: '/a', code: 'x', detail: 'bad' }] })],
    [3, problem(404, 'platform.unknown')],
    [4, problem(401, 'auth.missing')],
    [4, problem(403, 'auth.forbidden')],
    [5, problem(409, 'publishing.name_taken')],
    [5, problem(412, 'config.changed')],
    [6, problem(429, 'rate.limited', { retryable: true })],
    [6, problem(503, 'storage.unavailable', { retryable: true })],
    [6, { status: 502, body: 'Bad gateway' }],
  ];
  for (const [code, answer] of table) {
    const name = (answer.body as { code?: string } | undefined)?.code ?? 'no problem document';
    test(`${answer.status} ${name}: exit ${code}`, async (t) => {
      const { env } = await serve(t, () => answer);
      const ran = await cli(['platform', 'get', 'acme'], { env });
      assert.equal(ran.code, code, ran.err);
      assert.equal(ran.out, '');
      assert.doesNotMatch(ran.err, new RegExp(token));
      if (name.includes('.') && name !== 'route.unknown') {
        for (const part of [`error ${name}`, `detail of ${name}`, `next: next of ${name}`]) {
          assert.ok(ran.err.includes(part), `${part} is in ${ran.err}`);
        }
        assert.match(ran.err, /request: req-1/);
      }
    });
  }

  test('--json puts the error on standard output, as one object', async (t) => {
    const { env } = await serve(t, () => problem(409, 'platform.exists'));
    const ran = await cli(['platform', 'create', 'acme', '--json'], { env });
    assert.equal(ran.code, 5);
    const { error } = JSON.parse(ran.out);
    assert.deepEqual(
      [error.code, error.detail, error.next, error.requestId, error.status, error.exit],
      ['platform.exists', 'detail of platform.exists', 'next of platform.exists', 'req-1', 409, 5],
    );
  });

  test('every fault of what was sent is shown, with what was meant', async (t) => {
    const errors = [
      { pointer: '/features/chta', code: 'config.x', detail: 'is unknown', suggestion: 'chat' },
    ];
    const { env } = await serve(t, () => problem(422, 'config.invalid', { errors }));
    const ran = await cli(['platform', 'get', 'acme'], { env });
    assert.match(ran.err, /\/features\/chta: is unknown \(did you mean chat\?\)/);
  });
});

describe('no answer', () => {
  test('nobody listens: exit 1 and the address', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    await new Promise((done) => server.close(done));
    const env = { SLIPWAY_URL: `http://127.0.0.1:${port}`, SLIPWAY_TOKEN: token };
    const ran = await cli(['platform', 'list'], { env });
    assert.equal(ran.code, 1);
    assert.match(ran.err, new RegExp(`127.0.0.1:${port} cannot be reached`));
    assert.match(ran.err, /ECONNREFUSED/);
  });

  test('no key: exit 4, and nothing is sent', async (t) => {
    const server = await serve(t, () => ({ body: {} }));
    const env = { SLIPWAY_URL: server.url };
    const ran = await cli(['platform', 'list'], { env });
    assert.equal(ran.code, 4);
    assert.match(ran.err, /SLIPWAY_TOKEN/);
    assert.deepEqual(server.got, []);
  });

  test('no instance: exit 2, and what to set', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const ran = await cli(['platform', 'list'], { fetch });
    assert.equal(ran.code, 2);
    assert.match(ran.err, /SLIPWAY_URL.*npm start/);
  });
});

describe('waiting', () => {
  const deploy = ['deploy', 'acme', '--env', 'dev', '--wait'];
  const endings: [string, number, object][] = [
    ['it ends well', 0, { ...running, state: 'succeeded' }],
    ['the build fails', 1, failedBy('build.failed')],
    ['other bytes are served', 8, failedBy('deployment.content_mismatch')],
  ];
  for (const [name, code, end] of endings) {
    test(`${name}: exit ${code}`, async (t) => {
      const { env, got } = await serve(t, ({ method }, index) =>
        method === 'POST' ? { status: 202, body: running } : { body: index < 3 ? running : end },
      );
      const ran = await cli([...deploy, '--json'], { env });
      assert.equal(ran.code, code, ran.err);
      assert.equal(JSON.parse(ran.out).state, code === 0 ? 'succeeded' : 'failed');
      assert.match(got.at(-1)?.path ?? '', /^\/api\/v1\/operations\/op_1\?wait=\d+$/);
      if (code !== 0) assert.match(ran.err, /the detail[\s\S]*last line[\s\S]*next: the step/);
    });
  }

  test('out of time: exit 7, and how to go on following', async (t) => {
    const { env } = await serve(t, ({ method }) => ({
      status: method === 'POST' ? 202 : 200,
      body: running,
    }));
    const ran = await cli([...deploy, '--timeout', '5s'], { env });
    assert.equal(ran.code, 7);
    assert.match(ran.err, /the work goes on/);
    assert.match(ran.err, /slipway status acme --watch/);
  });

  test('Ctrl-C: exit 130, and the work goes on', async (t) => {
    const stop = new AbortController();
    const { env } = await serve(t, ({ method }, index) => {
      if (index === 2) setTimeout(() => stop.abort(), 20);
      if (index === 2) return { silent: true };
      return { status: method === 'POST' ? 202 : 200, body: running };
    });
    const ran = await cli(deploy, { env, signal: stop.signal });
    assert.equal(ran.code, 130);
    assert.match(ran.err, /stopped waiting; the work goes on: slipway status acme --watch/);
  });

  test('--no-wait and no terminal: the operation is the answer', async (t) => {
    const { env, got } = await serve(t, () => ({ status: 202, body: running }));
    for (const args of [deploy.slice(0, -1), [...deploy.slice(0, -1), '--no-wait']]) {
      const ran = await cli([...args, '--json'], { env });
      assert.equal(ran.code, 0);
      assert.deepEqual(JSON.parse(ran.out), running);
    }
    assert.equal(got.length, 2);
  });
});
