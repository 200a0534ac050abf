// What is packed runs: in workerd, in Node, wherever fetch is; and its declarations hold.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import type { Provision } from '../src/types.ts';
import { programForNode, programForWorkerd, typedProgram } from './programs.ts';
import { calls, hook_address, publish, root, type Stage, stage, token, usual } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-packed-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const installed = join(folder, 'node_modules/@slipway/cloudflare-pages');
const packed = pack();

/** Packs the package and unpacks it where a program of the folder finds it. */
function pack(): string[] {
  const own = join(root, 'bindings/cloudflare-pages');
  // From a copy: two runs of the tests must not build into one folder.
  const copy = join(folder, 'copy');
  execFileSync(process.execPath, [join(own, 'build.mjs'), join(copy, 'dist')], {
    stdio: 'inherit',
  });
  for (const name of ['package.json', 'README.md']) {
    writeFileSync(join(copy, name), readFileSync(join(own, name)));
  }
  const flags = ['--ignore-scripts', '--json', '--offline', '--cache', join(folder, 'cache')];
  const env = { ...process.env, npm_config_update_notifier: 'false' };
  execFileSync('npm', ['pack', ...flags], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  mkdirSync(installed, { recursive: true });
  const tarball = join(copy, 'slipway-cloudflare-pages-0.1.0.tgz');
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  return listed.trim().split('\n').sort();
}

/** The module of an entry, as it was packed. */
async function entry(name: string): Promise<{ provision: Provision; ProvisionError: unknown }> {
  return import(pathToFileURL(join(installed, 'dist', name)).href);
}

test('what is packed: the entries, the core, the declarations, no source', () => {
  const names = ['core.wasm', 'default.js', 'error.d.ts', 'index.d.ts', 'node.js', 'public.d.ts'];
  const dist = [...names, 'types.d.ts', 'workerd.js'].map((name) => `package/dist/${name}`);
  assert.deepEqual(packed, ['package/README.md', ...dist, 'package/package.json']);
  for (const name of ['default.js', 'workerd.js']) {
    assert.doesNotMatch(readFileSync(join(installed, 'dist', name), 'utf8'), /node:/);
  }
});

test('Node finds its entry by the name of the package, and reads the core from its file', () => {
  const script = join(folder, 'main.mjs');
  writeFileSync(script, programForNode(usual.accountId));
  const said = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  const [made = '', refused] = said.trim().split('\n');
  const [result, sent] = JSON.parse(made);
  assert.equal(result.projectUrl, 'https://acme-ark.pages.dev');
  assert.ok(result.deployHookUrl.startsWith(hook_address));
  assert.deepEqual(sent, ['GET', 'POST', 'POST']);
  assert.equal(refused, 'true body.invalid');
});

test('the entry for Node and a core of the caller', async () => {
  const { provision } = await entry('node.js');
  const bytes = readFileSync(join(installed, 'dist/core.wasm'));
  const { compile } = await import('../src/compile.ts');
  for (const own of [{}, { core: await compile(bytes) }]) {
    const on = stage();
    const { fetch } = on.cloudflare;
    const made = await provision('aurora', { ...usual, fetch, ...own });
    assert.match(await publish(on, made), /Aurora Books/);
  }
});

test('the default entry fetches the core from beside it, again after a failure', async (t) => {
  const { provision } = await entry('default.js');
  const wanted: string[] = [];
  t.mock.method(globalThis, 'fetch', async (url: URL) => {
    wanted.push(url.href);
    if (wanted.length === 1) return new Response('', { status: 503 });
    return new Response(readFileSync(url));
  });
  const on = stage();
  const { fetch } = on.cloudflare;
  await assert.rejects(provision('aurora', { ...usual, fetch }), {
    name: 'ProvisionError',
    code: 'core.unavailable',
    retryable: true,
  });
  assert.deepEqual(calls(on), []);
  const made = await provision('aurora', { ...usual, fetch });
  await provision('borealis', { ...usual, fetch });
  assert.match(await publish(on, made), /Aurora Books/);
  const core = pathToFileURL(join(installed, 'dist/core.wasm')).href;
  assert.deepEqual(wanted, [core, core]);
});

/** A Worker that uses the package, as a consumer's bundler makes it. */
async function bundleWorker(): Promise<void> {
  const source = join(folder, 'worker.mjs');
  writeFileSync(source, programForWorkerd(usual));
  await build({
    entryPoints: [source],
    outdir: join(folder, 'out'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    conditions: ['workerd'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
  });
}

/** A request of the Worker, as miniflare hands it over. */
type Incoming = Pick<Request, 'url' | 'method' | 'text'> & {
  readonly headers: Iterable<[string, string]>;
};

async function passedOn(on: Stage, request: Incoming): Promise<Response> {
  const { url, method } = request;
  const body = method === 'GET' ? {} : { body: await request.text() };
  return on.cloudflare.fetch(new Request(url, { method, headers: [...request.headers], ...body }));
}

test('a Worker that imports the package provisions in workerd', async () => {
  await bundleWorker();
  const on = stage();
  const options = convertV4MiniflareOptions({
    name: 'consumer',
    host: '127.0.0.1',
    port: 0,
    compatibilityDate: '2026-11-01',
    modules: [
      {
        type: 'ESModule' as const,
        path: 'worker.mjs',
        contents: readFileSync(join(folder, 'out/worker.mjs'), 'utf8'),
      },
      {
        type: 'CompiledWasm' as const,
        path: 'core.wasm',
        contents: readFileSync(join(folder, 'out/core.wasm')),
      },
    ],
    telemetry: { enabled: false },
    cf: false,
    logRequests: false,
    outboundService: (request: Incoming) => passedOn(on, request),
  } as never);
  const host = new Miniflare(options);
  try {
    const { href } = await host.ready;
    const answer = await fetch(`${href}aurora`);
    const made = (await answer.json()) as { deployHookUrl: string; steps: string[] };
    assert.equal(answer.status, 200, JSON.stringify(made));
    assert.equal(made.steps.at(-1), 'hook_ready');
    assert.match(await publish(on, made as never), /Aurora Books/);
    const refused = await (await fetch(`${href}Bad_Slug`)).json();
    assert.partialDeepStrictEqual(refused, { typed: true, code: 'body.invalid' });
    assert.ok(!JSON.stringify(refused).includes(token));
  } finally {
    await host.dispose();
  }
});

for (const moduleResolution of ['nodenext', 'bundler'] as const) {
  test(`the declarations hold for a caller: ${moduleResolution}`, () => {
    const use = join(folder, `use-${moduleResolution}`);
    mkdirSync(use);
    writeFileSync(join(use, 'a.mts'), typedProgram);
    const config = {
      compilerOptions: {
        module: moduleResolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution,
        ...{ target: 'es2022', lib: ['es2022', 'dom'], types: [], noEmit: true, strict: true },
      },
      files: ['a.mts'],
    };
    writeFileSync(join(use, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '--pretty', 'false', '-p', use], { stdio: 'pipe' });
  });
}
