// Workers for the benchmark: bundled with esbuild, run by Miniflare in workerd on loopback.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { validatorsCode } from '../schemas/ajv_compiled.ts';

/** A Worker that answers. */
export interface StartedWorker {
  /** Without a trailing slash. */
  readonly url: string;
  /** The Miniflare around it, for its bindings. */
  readonly host: Miniflare;
  stop(): Promise<void>;
}

/** What a Worker is bound to, by name. */
export interface WorkerBindings {
  /** Variables and secrets. */
  readonly bindings: Record<string, string>;
  /** Databases, buckets and queues that are only written to: their own names. */
  readonly d1Databases: Record<string, string>;
  readonly r2Buckets: Record<string, string>;
  readonly queueProducers: Record<string, string>;
  /** Folder of what they hold. */
  readonly resourcePersistencePath: string;
}

/** What a Worker is made of. */
export interface WorkerParts {
  /** Path of its entry, relative to this file. */
  readonly entry: string;
  /** Bytes of each `.wasm` that it imports, by the last part of the import's path. */
  readonly modules: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  readonly bindings?: WorkerBindings;
}

const validators: Plugin = {
  name: 'validators',
  setup(builder) {
    builder.onResolve({ filter: /^virtual:validators$/ }, ({ path }) => ({ path, namespace: 'v' }));
    builder.onLoad({ filter: /.*/, namespace: 'v' }, () => ({
      contents: validatorsCode(),
      resolveDir: import.meta.dirname,
    }));
    builder.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({
      path: `./${path.split('/').at(-1)}`,
      external: true,
    }));
  },
};

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'import'],
    external: ['node:*'],
    plugins: [validators],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** Bundles and starts a Worker; resolves when it can be asked. */
export async function startWorker({
  entry,
  modules,
  bindings,
}: WorkerParts): Promise<StartedWorker> {
  const script = await bundled(entry);
  const wasm = Object.entries(modules).map(([path, contents]) => ({
    type: 'CompiledWasm' as const,
    path,
    contents,
  }));
  const host = new Miniflare(
    convertV4MiniflareOptions({
      name: 'bench',
      host: '127.0.0.1',
      port: 0,
      compatibilityDate: '2026-11-01',
      compatibilityFlags: ['nodejs_compat'],
      modules: [{ type: 'ESModule', path: 'worker.js', contents: script }, ...wasm],
      logRequests: false,
      // Log lines are written, read here and dropped.
      handleStructuredLogs: () => undefined,
      telemetry: { enabled: false },
      cf: false,
      ...bindings,
    }),
  );
  const url = (await host.ready).href.replace(/\/$/, '');
  return { url, host, stop: () => host.dispose() };
}

/** The version of workerd that these Workers run in. */
export function workerdVersion(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('miniflare'));
  return (require('workerd/package.json') as { version: string }).version;
}
