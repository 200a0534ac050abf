// A simulated Cloudflare on disk continues where it ended, and the command that starts the world.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { diskStore } from '../../../simulator/base/store.ts';
import {
  ACCOUNT,
  call,
  createProject,
  createTestWorld,
  deploy,
  projectPath,
  TOKEN,
  upload,
  uploadToken,
  visit,
} from './support.ts';

const dir = mkdtempSync(join(tmpdir(), 'restart-'));
after(() => rmSync(dir, { recursive: true }));

test('projects, deployments, files and upload tokens outlive the process', async () => {
  const limits = { deploy_ms: 0 };
  const first = createTestWorld({ store: diskStore(join(dir, 'state')), limits });
  const before = await createProject(first, 'acme');
  const made = await deploy(first, 'acme', { '/index.html': 'one' });
  const jwt = await uploadToken(first, 'acme');
  const hash = (await upload(first, 'acme', { '/late.txt': 'late' }))['/late.txt'];

  const second = createTestWorld({ store: diskStore(join(dir, 'state')), limits });
  const project = await call(second, 'GET', projectPath('acme'));
  assert.equal(project.result.id, before.result.id);
  assert.equal((project.result.canonical_deployment as { id: string }).id, made.id);
  assert.equal(await (await visit(second, 'acme.pages.dev', '/')).text(), 'one');
  const check = { hashes: [hash] };
  const missing = await call(second, 'POST', '/pages/assets/check-missing', check, jwt);
  assert.deepEqual(missing.result, []);
  const next = await deploy(second, 'acme', { '/index.html': 'two' });
  assert.notEqual(next.id, made.id, 'identifiers do not come twice');
});

interface Started {
  url: string;
  stop(): Promise<void>;
}

// Starts the command; it ends with the test, however that ends.
async function start(t: TestContext, args: string[]): Promise<Started> {
  const main = resolve(import.meta.dirname, '../../../simulator/main.ts');
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  t.after(stop);
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, url } = JSON.parse(line) as { event: string; url: string };
    assert.equal(event, 'listening');
    return { url, stop };
  }
  throw new Error('the simulator ended before it listened');
}

test('main.ts serves the API, sites and control, and continues after a restart', async (t) => {
  const config = join(dir, 'config.json');
  const accounts = [{ id: ACCOUNT, tokens: [TOKEN] }];
  writeFileSync(config, JSON.stringify({ cloudflare: { accounts } }));
  const args = ['--config', config, '--state', join(dir, 'world')];
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'acme', production_branch: 'main' });
  const path = `/cloudflare/client/v4/accounts/${ACCOUNT}/pages/projects`;

  const first = await start(t, args);
  const plans = [
    { operation: 'cloudflare.project.create', nth: 1, fault: { when: 'after', answer: 'timeout' } },
  ];
  const planned = await fetch(`${first.url}/_sim/faults`, {
    method: 'POST',
    body: JSON.stringify({ plans }),
  });
  assert.equal(planned.status, 200);
  await assert.rejects(fetch(first.url + path, { method: 'POST', headers, body }));
  const again = await fetch(first.url + path, { method: 'POST', headers, body });
  assert.equal(again.status, 409);
  const calls = await (await fetch(`${first.url}/_sim/calls`)).text();
  assert.ok(!calls.includes(TOKEN));
  assert.deepEqual(
    JSON.parse(calls).cloudflare.map(({ status }: { status: number }) => status),
    [0, 409],
  );
  assert.equal((await fetch(`${first.url}/sites/acme.pages.dev/`)).status, 404);
  const bad = { method: 'POST', body: '{"plans":[{}]}' };
  assert.equal((await fetch(`${first.url}/_sim/faults`, bad)).status, 400);
  await first.stop();

  const second = await start(t, args);
  const state = (await (await fetch(`${second.url}/_sim/state`)).json()) as {
    cloudflare: { accounts: { projects: { name: string }[] }[] };
  };
  assert.equal(state.cloudflare.accounts[0]?.projects[0]?.name, 'acme');
  await second.stop();
});
