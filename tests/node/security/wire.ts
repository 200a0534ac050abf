// The real Worker in workerd on loopback, and bytes on a socket to it: what no client would send.
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';

const root = join(import.meta.dirname, '../../..');

/** A Worker that listens. */
export interface ListeningWorker {
  readonly port: number;
  stop(): Promise<void>;
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'worker-shim/main.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'import'],
    loader: { '.txt': 'text' },
    plugins: [
      {
        name: 'core',
        setup(builder) {
          const external = { path: './core.wasm', external: true };
          builder.onResolve({ filter: /\.wasm$/ }, () => external);
        },
      },
    ],
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** Starts the Worker with an empty database. */
export async function startWorker(variables: Record<string, string>): Promise<ListeningWorker> {
  const core = new Uint8Array(readFileSync(join(root, 'build/core.wasm')));
  const host = new Miniflare(
    convertV4MiniflareOptions({
      name: 'wire',
      host: '127.0.0.1',
      port: 0,
      compatibilityDate: '2026-11-01',
      modules: [
        { type: 'ESModule', path: 'worker.js', contents: await bundled() },
        { type: 'CompiledWasm', path: 'core.wasm', contents: core },
      ],
      bindings: variables,
      d1Databases: { DB: 'DB' },
      r2Buckets: { CONFIGS: 'CONFIGS' },
      queueProducers: { EFFECTS: 'EFFECTS' },
      outboundService: () => new Response('nobody is there', { status: 404 }),
      logRequests: false,
      handleStructuredLogs: () => undefined,
      telemetry: { enabled: false },
      cf: false,
    }),
  );
  const { port } = await host.ready;
  const db = await host.getD1Database('DB');
  const folder = join(root, 'worker-shim/migrations');
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, name), 'utf8').replaceAll(/^--.*$/gm, '');
    for (const statement of text.split(/;\s*$/m)) {
      if (statement.trim() !== '') await db.prepare(statement).run();
    }
  }
  return { port: Number(port), stop: () => host.dispose() };
}

/** What came back on a socket, until the other side closed it or said nothing for a while. */
export interface Said {
  /** The status of each answer. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Bytes that the other side took. */
  readonly taken: number;
}

/**
 * Sends bytes as they are, one part after the other, and listens; parts are no longer sent once
 * there is an answer. Waits `patience_ms` for its first bytes.
 */
export async function say(
  { port }: ListeningWorker,
  parts: string | Iterable<string | Uint8Array>,
  patience_ms = 20_000,
): Promise<Said> {
  const socket = connect({ port, host: '127.0.0.1' });
  const heard: Buffer[] = [];
  socket.setMaxListeners(0);
  let over = false;
  const closed = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      resolve();
    };
    socket.on('data', (bytes) => {
      heard.push(bytes);
      // A connection that is kept open is given up a while after its last answer.
      socket.setTimeout(2_000);
    });
    socket.on('error', end).on('close', end).on('end', end);
    socket.setTimeout(patience_ms, end);
  });
  let taken = 0;
  for (const part of typeof parts === 'string' ? [parts] : parts) {
    if (over || heard.length > 0) break;
    const full = !socket.write(part);
    taken += part.length;
    if (full) await Promise.race([new Promise((then) => socket.once('drain', then)), closed]);
  }
  await closed;
  socket.destroy();
  const text = Buffer.concat(heard).toString('latin1');
  const statuses = [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, code]) => Number(code));
  return { statuses, text, taken };
}
