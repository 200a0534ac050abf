// The decision of POST /api/v1/platforms (src/app/platform_create.cpp) in plain JavaScript, as fast
// as we can write it. What makes it fast: every JSON text is made once by JSON.stringify and used
// in all places where it stands; what is rendered is JSON.stringify with indentation; texts stay
// texts until they leave; identifiers and dates are made once.
import { orderedConfig } from '../hand/config_order.ts';
import type { ConfigDocuments } from '../hand/config_rules.ts';
import { asCoreWrites } from '../hand/text.ts';
import { type Environment, environment_names, type PlatformCreate } from './body.ts';
import { renderedFor } from './render.ts';

/** An account as it is stored. */
export interface AccountRow {
  readonly seq: number;
  readonly name: string;
  readonly cloudflare_id: string;
  readonly capacity: number;
}

/** A digest of the text's UTF-8 bytes: 64 hex digits. */
export type Digest = (text: string) => string;

/** What the decision depends on beside the body. */
export interface Known {
  readonly now_ms: number;
  readonly entropy: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly accounts: readonly AccountRow[];
  readonly author: string;
  readonly digest: Digest;
}

/** What becomes true: texts as the storage takes them. */
export interface Decision {
  readonly operation_id: string;
  readonly journal: string;
  readonly rows: readonly (readonly [table: string, json: string])[];
  readonly documents: readonly (readonly [id: string, text: string])[];
  readonly effects: readonly { key: string; seq: number; due_at_ms: number }[];
  readonly reply: string;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID of the time and the last 80 bits of `entropy`. */
function ulid(now_ms: number, entropy: string): string {
  let text = '';
  let time = now_ms;
  for (let i = 0; i < 10; i += 1) {
    text = alphabet.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  for (let at = 12; at < 32; at += 5) {
    const bits = Number.parseInt(entropy.slice(at, at + 5), 16);
    text +=
      alphabet.charAt(bits >> 15) +
      alphabet.charAt((bits >> 10) & 31) +
      alphabet.charAt((bits >> 5) & 31) +
      alphabet.charAt(bits & 31);
  }
  return text;
}

/** A body in canonical form, and its digests. */
interface Texts {
  readonly config: string;
  readonly digest: string;
  readonly request_digest: string;
  readonly ordered: ConfigDocuments;
}

function texts(body: PlatformCreate, digestOf: Digest): Texts {
  const { platformId, name, environments } = body;
  const own = body.config ?? {
    features: { features: {} },
    env: { default: { APP_NAME: name ?? platformId } },
    auth: { default: { provider: 'none' } },
  };
  const ordered = orderedConfig(own);
  const config = asCoreWrites(JSON.stringify(ordered));
  const digest = digestOf(config);
  const rest = asCoreWrites(JSON.stringify({ platformId, name, environments }));
  const request_digest = digestOf(body.config === undefined ? rest : rest + digest);
  return { config, digest, request_digest, ordered };
}

/** The digest by which the same request is known again. */
export function requestDigest(body: PlatformCreate, digestOf: Digest): string {
  return texts(body, digestOf).request_digest;
}

/** What the parts of a decision share. */
interface Context {
  readonly body: PlatformCreate;
  readonly known: Known;
  readonly account: string;
  readonly operation_id: string;
  readonly request_digest: string;
  readonly digest: string;
  readonly prefix: string;
  readonly overrides: readonly Environment[];
}

const reason = 'platform created';
// In which the events of the journal are written.
const format = 2;

const rowOf = (id: string, row: object): object => ({ id, row });

/** Entries of the journal and rows, collected in the order in which they are written. */
interface Writes {
  readonly journal: object[];
  readonly rows: [string, string][];
}

function put({ rows }: Writes, table: string, items: readonly object[]): void {
  rows.push([table, asCoreWrites(JSON.stringify(items))]);
}

function writeAccount({ account, known }: Context, writes: Writes): void {
  if (known.accounts.some((row) => row.name === account)) return;
  const cloudflare_id = known.settings.CF_ACCOUNT_ID ?? '';
  const registered = { name: account, cloudflare_id, capacity: 100 };
  const event = { type: 'account_registered', ...registered };
  writes.journal.push({
    aggregate: `account:${account}`,
    seq: 1,
    at_ms: known.now_ms,
    format,
    event,
  });
  put(writes, 'account', [rowOf(account, { seq: 1, ...registered })]);
}

function writePlatform(context: Context, writes: Writes): void {
  const { body, known, operation_id, request_digest, digest, prefix, overrides } = context;
  const { platformId: platform_id, environments } = body;
  const { now_ms: at_ms, author } = known;
  const name = body.name ?? platform_id;
  const aggregate = `platform:${platform_id}`;
  const type = 'platform_created';
  const whose = { platform_id, name, environments };
  const created = { type, ...whose, request_digest, operation_id, author };
  const stored = { type: 'config_stored', version: 1, digest, author, reason };
  writes.journal.push({ aggregate, seq: 1, at_ms, format, event: created });
  writes.journal.push({ aggregate, seq: 2, at_ms, format, event: stored });
  const row = { seq: 2, ...whose, config_version: 1, request_digest, operation_id };
  put(writes, 'platform', [rowOf(platform_id, { ...row, created_ms: at_ms })]);
  const source = 'structured';
  const version = { platform_id, version: 1, digest, prefix, overrides, source, author, reason };
  const id = `${platform_id}/0000000001`;
  put(writes, 'config_version', [rowOf(id, { ...version, created_ms: at_ms })]);
}

// A site's first look finds it an account.
function writeSites({ body, known, operation_id }: Context, writes: Writes): void {
  const platform_id = body.platformId;
  const { now_ms: at_ms, settings } = known;
  const wish = { config_version: 1, shell_sha: settings.SHELL_SHA ?? '' };
  const tried = { create_attempts: 0, attempted: false, adopting: false };
  const fresh = { state: 'creating', adopted: false, ...tried };
  const unhurried = { since_ms: 0, due_ms: 0, interactive: false };
  const desired = { revision: 1, ...wish, reasons: [reason], ...unhurried };
  const wishes = [];
  const rows = [];
  for (const environment of body.environments) {
    const id = `${platform_id}/${environment}`;
    const whose = { platform_id, environment, account: '' };
    const event = { type: 'site_planned', ...whose, ...wish, reason };
    writes.journal.push({ aggregate: `site:${id}`, seq: 1, at_ms, format, event });
    const project_name = `${platform_id}-${environment}-portal`;
    rows.push(rowOf(id, { seq: 1, ...whose, project_name, ...fresh, desired, updated_ms: at_ms }));
    wishes.push({ site: id, revision: 1, seq: 1 });
  }
  put(writes, 'site', rows);
  const operation = { id: operation_id, kind: 'platform_create', platform_id, sites: wishes };
  put(writes, 'operation', [rowOf(operation_id, { ...operation, created_ms: at_ms })]);
}

/** The decision on a body without faults, for a platform that does not exist. */
export function decideCreate(body: PlatformCreate, known: Known): Decision {
  const { platformId, environments } = body;
  const { now_ms } = known;
  const { config, digest, request_digest, ordered } = texts(body, known.digest);
  const prefix = `configs/${platformId}/1-${digest.slice(0, 16)}`;
  const overrides = environment_names.filter(
    (each) => ordered.env[each] !== undefined || ordered.auth[each] !== undefined,
  );
  const context: Context = {
    body,
    known,
    account: known.settings.CF_ACCOUNT_NAME ?? '',
    operation_id: `op_${ulid(now_ms, known.entropy)}`,
    request_digest,
    digest,
    prefix,
    overrides,
  };
  const writes: Writes = { journal: [], rows: [] };
  writeAccount(context, writes);
  writePlatform(context, writes);
  writeSites(context, writes);
  return {
    operation_id: context.operation_id,
    journal: asCoreWrites(JSON.stringify(writes.journal)),
    rows: writes.rows,
    documents: [[`${prefix}/config.json`, config], ...renderedFor(ordered, prefix, overrides)],
    effects: environments.map((each) => {
      return { key: `site:${platformId}/${each}`, seq: 1, due_at_ms: now_ms };
    }),
    reply: replyFor(platformId, context.operation_id, now_ms, environments),
  };
}

/** The reply to a creation whose sites have just been planned. */
export function replyFor(
  platformId: string,
  operationId: string,
  created_ms: number,
  environments: readonly Environment[],
): string {
  return JSON.stringify({
    operationId,
    kind: 'platform_create',
    platformId,
    state: 'running',
    createdAt: new Date(created_ms).toISOString(),
    sites: environments.map((environment) => {
      return { environment, state: 'running', step: 'creating' };
    }),
  });
}
