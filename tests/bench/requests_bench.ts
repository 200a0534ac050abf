// Whole requests through workerd with D1 on disk: Slipway's own Worker against a plain one.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { configDocuments } from './inputs/config.ts';
import { spreadOf } from './measure.ts';
import { type Kind, type Turn, turnOf } from './requests/load.ts';
import type { Row } from './result.ts';
import { settings } from './step/input.ts';
import { type StartedWorker, startWorker } from './workerd/start.ts';

const migrations = new URL('../../worker-shim/migrations/', import.meta.url);
/** Headers of an operator and of a builder, and the secret that signs webhooks. */
export const admin = { authorization: 'Bearer admin-key', 'content-type': 'application/json' };
export const builder = { authorization: 'Bearer internal-key' };
export const webhook_secret = 'webhook-secret';

const variables = {
  ...settings,
  SLIPWAY_ADMIN_KEY: 'admin-key',
  NNO_INTERNAL_API_KEY: 'internal-key',
  GITHUB_WEBHOOK_SECRET: webhook_secret,
  GITHUB_TOKEN: 'github-token',
  CF_API_TOKEN: 'cloudflare-token',
  // Nothing is sent there: no queue has a consumer.
  GITHUB_API_URL: 'http://127.0.0.1:9',
  CLOUDFLARE_API_URL: 'http://127.0.0.1:9',
};

/** Both Workers, each on a database of its own. */
export interface BothWorkers {
  readonly ours: StartedWorker;
  readonly plain: StartedWorker;
  stop(): Promise<void>;
}

async function startOne(
  entry: string,
  modules: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
  folder: string,
): Promise<StartedWorker> {
  const worker = await startWorker({
    entry,
    modules,
    bindings: {
      bindings: variables,
      d1Databases: { DB: 'slipway' },
      r2Buckets: { CONFIGS: 'slipway-configs' },
      queueProducers: { EFFECTS: 'slipway-effects' },
      resourcePersistencePath: folder,
    },
  });
  const db = await worker.host.getD1Database('DB');
  for (const name of readdirSync(migrations).sort()) {
    const sql = readFileSync(new URL(name, migrations), 'utf8').replaceAll(/^\s*--.*$/gm, '');
    for (const statement of sql.split(';').filter((text) => text.trim() !== '')) {
      await db.prepare(statement).run();
    }
  }
  return worker;
}

/** Starts both; `core_wasm` is the path of the module that ships. */
export async function startBoth(core_wasm: string): Promise<BothWorkers> {
  const folder = mkdtempSync(join(root, 'build/bench-'));
  const modules = { 'core.wasm': readFileSync(core_wasm) };
  const ours = await startOne('../../../worker-shim/main.ts', modules, join(folder, 'ours'));
  const plain = await startOne('./plain_worker.ts', {}, join(folder, 'plain'));
  return {
    ours,
    plain,
    async stop() {
      await Promise.all([ours.stop(), plain.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A request for a new platform: each call names another one. */
export function creations(config_bytes: number, prefix: string): () => string {
  const config = JSON.stringify(configDocuments(config_bytes));
  let count = 0;
  return () => {
    count += 1;
    return `{"platformId":"${prefix}-${count}","environments":["dev","prod"],"config":${config}}`;
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | null>;
  readonly body: string;
}

const compared_headers = ['content-type', 'etag', 'cache-control', 'www-authenticate'];
// The Workers take another digest each: the fastest that each has.
const etag_digest = /(?<=^"1-)[0-9a-f]{16}(?="$)/;

function comparableHeader(response: Response, name: string): string | null {
  return response.headers.get(name)?.replace(etag_digest, '') ?? null;
}

async function answerOf(worker: StartedWorker, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${worker.url}${path}`, init);
  const headers = compared_headers.map((name) => [name, comparableHeader(response, name)] as const);
  // Identifiers and times differ from run to run, and a parser's own words from host to host.
  const body = (await response.text())
    .replaceAll(/"code":"json.malformed","detail":"[^"]+"/g, '"code":"json.malformed"')
    .replaceAll(/op_[0-9A-Z]{26}/g, 'op_')
    .replaceAll(/"createdAt":"[^"]+"/g, '"createdAt":""');
  return { status: response.status, headers: Object.fromEntries(headers), body };
}

/** Asks both the same. @throws where they answer differently. @returns the answer. */
export async function mustAnswerAlike(
  { ours, plain }: BothWorkers,
  path: string,
  init: RequestInit,
): Promise<Answer> {
  const one = await answerOf(ours, path, init);
  const other = await answerOf(plain, path, init);
  if (JSON.stringify(one) !== JSON.stringify(other)) {
    const [left, right] = [one, other].map((answer) => JSON.stringify(answer).slice(0, 700));
    throw new Error(`${init.method ?? 'GET'} ${path}\n  ours:  ${left}\n  plain: ${right}`);
  }
  return one;
}

/** Creates `acme` and checks the replies of both, refusals included. @throws where they differ. */
export async function checkReplies(both: BothWorkers): Promise<void> {
  const config = '/api/v1/platforms/acme/config';
  const body = creations(4096, 'acme')().replace('acme-1', 'acme');
  const post = (text: string): RequestInit => ({ method: 'POST', headers: admin, body: text });
  const create = (text: string): Promise<Answer> =>
    mustAnswerAlike(both, '/api/v1/platforms', post(text));
  const get = (path: string, headers: Record<string, string>): Promise<Answer> =>
    mustAnswerAlike(both, path, { headers });
  const statuses = [
    (await create(body)).status,
    (await create(body)).status,
    (await create(body.replace('"dev",', ''))).status,
    (await create('{')).status,
    (await create('{"platformId":"A","environments":["dev"],"x":1}')).status,
    (await create(body.replace('acme', 'beta').replace('APP_NAME', 'APP_TOKEN'))).status,
    (await get(config, {})).status,
    (await get('/api/v1/platforms/nobody/config', builder)).status,
    (await get(`${config}?env=prod`, builder)).status,
  ];
  const expected = [202, 202, 409, 400, 422, 422, 401, 404, 200];
  if (statuses.join() !== expected.join()) throw new Error(`answered ${statuses.join()}`);
  await checkUnchanged(both, config);
}

// A fetch with the ETag of the one before: nothing is sent again.
async function checkUnchanged({ ours, plain }: BothWorkers, path: string): Promise<void> {
  for (const worker of [ours, plain]) {
    const headers = { ...builder, 'if-none-match': await etagOf(worker, path) };
    const { status } = await fetch(`${worker.url}${path}`, { headers });
    if (status !== 304) throw new Error(`answered ${status} to an ETag`);
  }
}

/** The ETag of a configuration. */
export async function etagOf(worker: StartedWorker, path: string): Promise<string> {
  const response = await fetch(`${worker.url}${path}`, { headers: builder });
  await response.arrayBuffer();
  return response.headers.get('etag') ?? '';
}

interface Named {
  readonly what: string;
  readonly sample: string;
  /** Requests in one turn, against those of the smallest kind. */
  readonly share: number;
  readonly kind: Kind;
}

async function kindsFor(worker: StartedWorker): Promise<Named[]> {
  const path = '/api/v1/platforms/acme/config';
  const get = { method: 'GET', path } as const;
  const post = { method: 'POST', path: '/api/v1/platforms', headers: admin, status: 202 } as const;
  const known = { ...builder, 'if-none-match': await etagOf(worker, path) };
  const fetched = { what: 'config fetch', share: 1 };
  const created = { what: 'platform create' };
  const small = creations(4096, 'four');
  const large = creations(65_536, 'sixty');
  return [
    { ...fetched, sample: '200, 4 KB', kind: { ...get, headers: builder, status: 200 } },
    { ...fetched, sample: '304', kind: { ...get, headers: known, status: 304 } },
    { ...created, share: 1, sample: '202, 4 KB', kind: { ...post, body: small } },
    { ...created, share: 0.25, sample: '202, 64 KB', kind: { ...post, body: large } },
  ];
}

const loads = {
  full: { requests: 100, rounds: 7 },
  quick: { requests: 32, rounds: 3 },
} as const;

/** Checks that both answer alike, then loads them in turns. */
export async function benchRequests(
  core_wasm: string,
  load: keyof typeof loads,
  told: (row: Row) => void,
): Promise<void> {
  const both = await startBoth(core_wasm);
  try {
    await checkReplies(both);
    const plain = await kindsFor(both.plain);
    for (const [index, ours] of (await kindsFor(both.ours)).entries()) {
      const other = plain[index];
      if (other !== undefined) await benchKind(both, ours, other, load, told);
    }
  } finally {
    await both.stop();
  }
}

async function benchKind(
  both: BothWorkers,
  ours: Named,
  plain: Named,
  load: keyof typeof loads,
  told: (row: Row) => void,
): Promise<void> {
  const { what, sample, share } = ours;
  const { requests, rounds } = loads[load];
  const sides = { ours, plain };
  const turn = (name: keyof typeof sides): Promise<Turn> =>
    turnOf(both[name].url, sides[name].kind, requests * share);
  const turns: Record<keyof typeof sides, Turn[]> = { ours: [], plain: [] };
  await turn('ours');
  await turn('plain');
  for (let round = 0; round < rounds; round += 1) {
    const order = ['ours', 'plain'] as const;
    for (const name of round % 2 === 0 ? order : order.toReversed()) {
      turns[name].push(await turn(name));
    }
  }
  const row = { group: 'f', what, host: 'workerd' } as const;
  const spreads = (of: keyof Turn): Row['cells'] => ({
    ours: spreadOf(turns.ours.map((one) => one[of])),
    plain: spreadOf(turns.plain.map((one) => one[of])),
  });
  told({ ...row, sample, unit: 'req/s', cells: spreads('per_second') });
  told({ ...row, sample: `${sample}, p50`, unit: 'ms', cells: spreads('p50_ms') });
  told({ ...row, sample: `${sample}, p99`, unit: 'ms', cells: spreads('p99_ms') });
}
