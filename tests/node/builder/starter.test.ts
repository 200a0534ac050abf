// The starter as the builder uses it: a real pnpm install and build in a copy, over configuration
// that the builder's own script wrote.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from './fake_runner.ts';

const run = promisify(execFile);
const STARTER = join(ROOT, 'starter');
const SCRIPT = join(ROOT, 'builder', 'scripts', 'write-platform-config.js');
const NAME = `Acme & "S\u00f6hne" <b>'x'</b> %MODE% $& {{platform}}`;
const PATH = [dirname(process.execPath), join(ROOT, 'node_modules', '.bin'), process.env.PATH];

let folder = '';
let starter = '';

const identity = {
  SLIPWAY_DEPLOYMENT: 'dep_01K9ZQ',
  SLIPWAY_PLATFORM: 'acme',
  SLIPWAY_ENVIRONMENT: 'stg',
  SLIPWAY_CONFIG_VERSION: '12',
  SLIPWAY_SHELL_SHA: 'c'.repeat(40),
};

async function pnpm(...args: string[]): Promise<void> {
  const env = { ...process.env, ...identity, PATH: PATH.join(delimiter), CI: 'true' };
  await run('pnpm', args, { cwd: starter, env });
}

async function build(name: string): Promise<Record<string, Buffer>> {
  const features = {
    features: { 'team-chat': { enabled: true, options: { rooms: 3 } } },
    stacks: { crm: { enabled: false, options: {} } },
  };
  const auth = { provider: 'oidc', issuer: 'https://id.example.com', clientId: 'shell-1' };
  const config = {
    featuresConfig: `export const featuresConfig = ${JSON.stringify(features)};\n`,
    envConfig: `export const envConfig = ${JSON.stringify({ APP_NAME: name })};\n`,
    authConfig: `export const authConfig = ${JSON.stringify(auth)};\n`,
  };
  const file = join(folder, 'platform-config.json');
  writeFileSync(file, JSON.stringify(config));
  await run(process.execPath, [SCRIPT, file, starter]);
  await pnpm('build');
  const dist = join(starter, 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((each) => [each.slice(dist.length), readFileSync(each)]));
}

function text(files: Record<string, Buffer>, pattern: RegExp): string {
  const path = Object.keys(files).find((each) => pattern.test(each));
  assert.ok(path !== undefined, `no file like ${pattern}`);
  return String(files[path]);
}

function sha256(bytes: Buffer | undefined): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starter-test-'));
  starter = join(folder, 'starter');
  const leave = ['node_modules', 'dist'];
  const filter = (source: string): boolean => !leave.includes(basename(source));
  cpSync(STARTER, starter, { recursive: true, filter });
  await pnpm('install', '--frozen-lockfile', '--prefer-offline');
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('HTML and JavaScript hold the configured tenant, and the HTML is still safe', async () => {
  const files = await build(NAME);
  const escaped =
    'Acme &amp; &quot;S\u00f6hne&quot; &lt;b&gt;&#39;x&#39;&lt;/b&gt; %MODE% $&amp; {{platform}}';
  for (const page of [/^\/index\.html$/, /^\/404\.html$/]) {
    const html = text(files, page);
    assert.ok(html.includes(escaped), String(page));
    assert.ok(!html.includes('<b>'));
    assert.match(html, /data-platform="acme" data-environment="stg"/);
  }
  assert.match(text(files, /^\/index\.html$/), /<code>acme<\/code>/);
  const script = text(files, /^\/assets\/index-.*\.js$/);
  for (const part of [
    'S\u00f6hne',
    'team-chat',
    'rooms',
    'crm',
    'https://id.example.com',
    'shell-1',
  ]) {
    assert.ok(script.includes(part), part);
  }
});

test('the manifest names the build and the digest of every asset, and nothing else', async () => {
  const files = await build('Acme');
  const manifest = JSON.parse(text(files, /slipway\.json$/)) as { files: Record<string, string> };
  const assets = Object.keys(files).filter((path) => path.startsWith('/assets/'));
  assert.ok(assets.length >= 2);
  assert.deepEqual(manifest, {
    deployment: 'dep_01K9ZQ',
    platform: 'acme',
    environment: 'stg',
    version: 12,
    shell_sha: 'c'.repeat(40),
    files: Object.fromEntries(assets.sort().map((path) => [path, sha256(files[path])])),
  });
});

test('the same input gives the same bytes, another name other bytes', async () => {
  const [first, second] = [await build('Acme'), await build('Acme')];
  assert.deepEqual(second, first);
  const other = await build('Zenith');
  assert.notDeepEqual(other, first);
});

test('without a configured name the platform id stands in for it', async () => {
  const files = await build('');
  assert.match(text(files, /^\/index\.html$/), /<title>acme<\/title>/);
});

test('the starter cannot deploy: no workflow, no deploy script, no wrangler', () => {
  const files = readdirSync(STARTER, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^(node_modules|dist)(\/|$)/.test(path))
    .map((path) => basename(path));
  assert.ok(!existsSync(join(STARTER, '.github')));
  assert.deepEqual(
    files.filter((name) => /^(deploy\.ya?ml|wrangler\..*)$/.test(name)),
    [],
  );
  const json = readFileSync(join(STARTER, 'package.json'), 'utf8');
  assert.ok(!/deploy"\s*:|wrangler|gh-pages/.test(json));
});

test('the lockfile names no registry address', () => {
  for (const part of ['starter', 'builder']) {
    const lock = readFileSync(join(ROOT, part, 'pnpm-lock.yaml'), 'utf8');
    assert.ok(!/https?:\/\//.test(lock), part);
  }
});
