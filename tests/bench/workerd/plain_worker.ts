// The Worker that Slipway's own is compared with: Hono and zod, the same tables, statements, check
// of the caller, replies, headers, log line and queue, and as many round trips to the database. It
// has two routes.
import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { provePrincipal } from '../../../worker-shim/auth/principal.ts';
import { keysOf, settingsOf, type Variables } from '../../../worker-shim/settings.ts';
import {
  document_write,
  documents_by_id,
  journal_append,
  outbox_write,
  queries,
  rows_by_id,
  rows_write,
} from '../../../worker-shim/storage/statements.ts';
import { parsed } from '../hand/text.ts';
import { createIssues, createSchema } from '../schemas/zod_create.ts';
import { refusalOf } from '../step/body.ts';
import { type AccountRow, decideCreate, replyFor, requestDigest } from '../step/create.ts';
import { problem, refused } from './plain_problems.ts';

interface Bindings {
  readonly DB: D1Database;
  readonly EFFECTS: Queue<{ key: string; due_at_ms: number }>;
}
type App = Context<{ Bindings: Bindings }>;

interface PlatformRow {
  readonly platform_id: string;
  readonly environments: ('dev' | 'stg' | 'prod')[];
  readonly config_version: number;
  readonly request_digest: string;
  readonly operation_id: string;
  readonly created_ms: number;
}

interface VersionRow {
  readonly version: number;
  readonly digest: string;
  readonly prefix: string;
  readonly overrides: readonly string[];
}

const body_bytes_max = 1024 * 1024;
// The fastest digest that workerd has: native, and answered at once. The core's is BLAKE3.
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function callerOf(context: App): Promise<'none' | 'admin' | 'internal'> {
  const variables: Variables = { ...context.env };
  const header = context.req.header('authorization');
  const { kind } = await provePrincipal(header, keysOf(variables));
  return kind === 'admin' || kind === 'internal' ? kind : 'none';
}

async function readRow<Row>(
  db: D1Database,
  table: 'platform' | 'config_version',
  id: string,
): Promise<Row | undefined> {
  const { results } = await db
    .prepare(rows_by_id[table])
    .bind(JSON.stringify([id]))
    .all<{ value: string }>();
  return results[0] === undefined ? undefined : (JSON.parse(results[0].value) as Row);
}

const app = new Hono<{ Bindings: Bindings }>();

app.use(async (context, next) => {
  const began = Date.now();
  const given = context.req.header('x-request-id') ?? '';
  const request_id = /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomHex();
  await next();
  context.header('x-request-id', request_id);
  context.header('x-content-type-options', 'nosniff');
  if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
  const { method } = context.req;
  const { status } = context.res;
  const ms = Date.now() - began;
  console.log(JSON.stringify({ event: 'request', request_id, method, status, ms }));
});

app.get('/api/v1/platforms/:platformId/config', async (context) => {
  const caller = await callerOf(context);
  if (caller === 'none') return problem('auth.missing');
  const id = context.req.param('platformId');
  const env = context.req.query('env');
  const db = context.env.DB;
  const platform = await readRow<PlatformRow>(db, 'platform', id);
  if (platform === undefined) return problem('platform.unknown');
  const number = context.req.query('version') ?? String(platform.config_version);
  const version_id = `${id}/${number.padStart(10, '0')}`;
  const version = await readRow<VersionRow>(db, 'config_version', version_id);
  if (version === undefined) return problem('config.version_unknown');
  const content = digest(`${version.digest}/${env ?? 'default'}`);
  const etag = `"${version.version}-${content.slice(0, 16)}"`;
  const headers = { etag, 'cache-control': 'private, no-cache' };
  if (context.req.header('if-none-match') === etag) {
    return new Response(null, { status: 304, headers });
  }
  const own = env !== undefined && version.overrides.includes(env) ? `/${env}` : '';
  const ids = [`/features`, `${own}/env`, `${own}/auth`];
  const paths = ids.map((name) => `${version.prefix}${name}.config.ts`);
  const found = await db
    .prepare(documents_by_id)
    .bind(JSON.stringify(paths))
    .all<{ id: string; value: string }>();
  const texts = new Map(found.results.map((row) => [row.id, row.value]));
  const [featuresConfig, envConfig, authConfig] = paths.map((path) => texts.get(path));
  return Response.json({ featuresConfig, envConfig, authConfig }, { headers });
});

app.post('/api/v1/platforms', async (context) => {
  const caller = await callerOf(context);
  if (caller === 'none') return problem('auth.missing');
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (bytes.length > body_bytes_max) return problem('body.too_large');
  const value = parsed(bytes);
  if (value === undefined) return problem('json.malformed');
  const body = createSchema.safeParse(value);
  if (!body.success) return refused('body.invalid', createIssues(value, body.error.issues));
  const refusal = refusalOf(body.data);
  if (refusal !== undefined) return refused(refusal.code, refusal.issues);
  const db = context.env.DB;
  const { platformId, environments } = body.data;
  const [rows, accounts] = await db.batch<{ value: string }>([
    db.prepare(rows_by_id.platform).bind(JSON.stringify([platformId])),
    db.prepare(queries.accounts),
  ]);
  const existing = rows?.results[0];
  if (existing !== undefined) {
    const row = JSON.parse(existing.value) as PlatformRow;
    if (requestDigest(body.data, digest) !== row.request_digest) {
      return problem('platform.exists', platformId);
    }
    const { operation_id, created_ms } = row;
    return accepted(operation_id, replyFor(platformId, operation_id, created_ms, environments));
  }
  const now_ms = Date.now();
  const cause_id = randomHex();
  const decision = decideCreate(body.data, {
    now_ms,
    entropy: cause_id,
    settings: settingsOf({ ...context.env }),
    accounts: (accounts?.results ?? []).map((row) => JSON.parse(row.value) as AccountRow),
    author: caller,
    digest,
  });
  const tables = rows_write as Readonly<Record<string, string>>;
  const write_document = db.prepare(document_write);
  await db.batch([
    ...decision.documents.map(([id, text]) => write_document.bind(id, text)),
    db.prepare(journal_append).bind(decision.journal, now_ms, cause_id, 1, caller),
    ...decision.rows.map(([table, json]) => db.prepare(tables[table] ?? '').bind(json)),
    db.prepare(outbox_write).bind(JSON.stringify(decision.effects)),
  ]);
  await context.env.EFFECTS.sendBatch(
    decision.effects.map(({ key, due_at_ms }) => ({ body: { key, due_at_ms }, delaySeconds: 0 })),
  );
  return accepted(decision.operation_id, decision.reply);
});

function accepted(operation_id: string, reply: string): Response {
  const location = `/api/v1/operations/${operation_id}`;
  const headers = { location, 'content-type': 'application/json' };
  return new Response(reply, { status: 202, headers });
}

export default app;
