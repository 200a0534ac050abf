// The command as a process, as npm starts it: no terminal, exit codes, Ctrl-C, a closed pipe.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, serve, token } from './support.ts';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs cli/slipway.mjs; `begun` gets the means to send it a signal. */
function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  begun: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  const { SLIPWAY_URL: _, SLIPWAY_TOKEN: __, NODE_TEST_CONTEXT: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(root, 'cli/slipway.mjs'), ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  begun((signal) => child.kill(signal));
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

test('data on standard output, nothing on standard error, exit 0', async (t) => {
  const { env } = await serve(t, () => ({ body: { items: [] } }));
  const ended = await start(['platform', 'list', '--json'], env);
  assert.deepEqual(ended, { code: 0, out: '{\n  "items": []\n}\n', err: '' });
});

test('without a terminal nobody is asked', async (t) => {
  const { env, got } = await serve(t, () => ({ body: {} }));
  const ended = await start(['org', 'delete', 'aurora'], env);
  assert.equal(ended.code, 2);
  assert.deepEqual([ended.out, got.length], ['', 0]);
});

test('Ctrl-C while it waits: exit 130, and how to go on following', async (t) => {
  let kill: (signal: NodeJS.Signals) => void = () => undefined;
  const body = { operationId: 'op_1', platformId: 'acme', state: 'running', sites: [] };
  const { env } = await serve(t, ({ method }, index) => {
    if (index === 2) setTimeout(() => kill('SIGINT'), 50);
    if (index === 2) return { silent: true };
    return { status: method === 'POST' ? 202 : 200, body };
  });
  const ended = await start(['deploy', 'acme', '--env', 'dev', '--wait'], env, (given) => {
    kill = given;
  });
  assert.equal(ended.code, 130, ended.err);
  assert.match(ended.err, /the work goes on: slipway status acme --watch/);
  assert.doesNotMatch(ended.err + ended.out, new RegExp(token));
});

test('Ctrl-C before the answer of a write: how to repeat it', async (t) => {
  let kill: (signal: NodeJS.Signals) => void = () => undefined;
  const { env, got } = await serve(t, () => {
    setTimeout(() => kill('SIGINT'), 50);
    return { silent: true };
  });
  const ended = await start(['deploy', 'acme', '--env', 'dev'], env, (given) => {
    kill = given;
  });
  assert.equal(ended.code, 130);
  assert.ok(ended.err.includes(`--idempotency-key ${got[0]?.headers['idempotency-key']}`));
});

test('files are looked for where npm was called', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'key'), token);
  const { url, got } = await serve(t, () => ({ body: { items: [] } }));
  const env = { SLIPWAY_URL: url, npm_lifecycle_event: 'slipway', INIT_CWD: directory };
  const ended = await start(['platform', 'list', '--token-file', 'key'], env);
  assert.equal(ended.code, 0, ended.err);
  assert.equal(got[0]?.headers.authorization, `Bearer ${token}`);
});

test('package.json names the commands', () => {
  const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal(bin.slipway, 'cli/slipway.mjs');
  assert.equal(scripts.slipway, 'node cli/slipway.mjs');
  assert.equal(scripts['tenant:provision-cf'], 'node cli/slipway.mjs org provision --wait');
});

test('tenant:provision-cf waits although there is no terminal', async (t) => {
  const publishing = { slug: 'aurora', name: 'A', canProvision: true, steps: [], state: 'ready' };
  const done = { publicationId: 'pub_1', slug: 'aurora', state: 'live', label: 'live' };
  const { env, got } = await serve(t, ({ method }) =>
    method === 'POST'
      ? { body: { projectName: 'aurora-ark', publishing } }
      : { body: { ...publishing, publication: { ...done, by: 'a', via: 'api', createdAt: 'x' } } },
  );
  const ended = await start(['org', 'provision', '--wait', 'aurora', '--json'], env);
  assert.equal(ended.code, 0, ended.err);
  assert.equal(JSON.parse(ended.out).publishing.publication.state, 'live');
  assert.equal(got.length, 2);
});
