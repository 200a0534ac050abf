// Tokens, kept replies and the audit trail on real D1: the statements, the unique indices, the
// races. Who may do what: tests/node/access.
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { d1Db } from '../../worker-shim/storage/d1.ts';
import { queries, rows_insert, rows_write } from '../../worker-shim/storage/statements.ts';
import { type Api, acme, configured, created, everythingStored, openApi } from './api_world.ts';
import { freshState, rowsOf } from './support.ts';

const tokens = '/api/v1/tokens';
const platforms = '/api/v1/platforms';
const reader = { name: 'reader', scopes: ['platforms:read'], platforms: ['acme'] };

async function tokenOf(api: Api, body: object = reader) {
  const answer = await api.ask({ method: 'POST', path: tokens, body });
  expect(answer.status, answer.text).toBe(201);
  const { token, ...shown } = answer.json();
  return { token, shown };
}

describe('a token', () => {
  beforeEach(freshState);

  it('is handed out once and stored as its digest', async () => {
    const api = openApi();
    const { token, shown } = await tokenOf(api);
    expect(token).toMatch(/^slp_[A-Za-z0-9_-]{43}$/);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
    expect(await rowsOf('SELECT id, digest FROM token')).toEqual([
      { id: shown.tokenId, digest: hex.join('') },
    ]);
    expect(hex.join('').endsWith(shown.digestEnd)).toBe(true);
    const stored = JSON.stringify(await everythingStored());
    expect(stored).not.toContain(token.slice(4));
    const { items } = (await api.ask({ path: tokens })).json();
    expect(items).toEqual([shown]);
  });

  it('reads what it may, and is nobody from the moment that it is revoked', async () => {
    const api = openApi();
    await created(api);
    await created(api, { ...acme, platformId: 'globex' });
    const { token, shown } = await tokenOf(api);
    const status = async (path: string) => (await api.ask({ path, key: token })).status;
    expect(await status(`${platforms}/acme`)).toBe(200);
    expect(await status(`${platforms}/globex`)).toBe(404);
    expect(await status(tokens)).toBe(403);
    const listed = (await api.ask({ path: platforms, key: token })).json();
    expect(listed.items.map((item: typeof acme) => item.platformId)).toEqual(['acme']);
    const revoke = { method: 'DELETE', path: `${tokens}/${shown.tokenId}` };
    for (const _ of [1, 2]) {
      const answer = await api.ask(revoke);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect(await status(`${platforms}/acme`)).toBe(401);
    expect(
      await rowsOf(`SELECT count(*) AS n FROM journal WHERE aggregate LIKE 'token:%'`),
    ).toEqual([{ n: 2 }]);
  });

  it('counts until it expires', async () => {
    let now = Date.UTC(2026, 0, 1);
    const api = openApi(configured, { now: () => now });
    await created(api);
    const { token } = await tokenOf(api, { ...reader, expiresInDays: 1 });
    const status = async () => (await api.ask({ path: `${platforms}/acme`, key: token })).status;
    now += 86_399_999;
    expect(await status()).toBe(200);
    now += 1;
    expect(await status()).toBe(401);
  });

  it('cannot share its digest with another', async () => {
    const row = (id: string) => JSON.stringify([{ id, row: { id, digest: 'd' } }]);
    const write = (id: string) => ({ sql: rows_write.token, params: [row(id)] });
    const db = d1Db(env.DB);
    await db.batch([write('a')]);
    await expect(db.batch([write('b')])).rejects.toThrow('the database failed');
    expect(await db.all(queries.tokens_of_digest, ['d'])).toHaveLength(1);
  });
});

describe('an Idempotency-Key', () => {
  beforeEach(freshState);
  const once = { 'idempotency-key': 'once' };
  const ask = (api: Api, body: object = acme) =>
    api.ask({ method: 'POST', path: platforms, body, headers: once });

  it('gives the same reply again, and stores and sends nothing', async () => {
    const api = openApi();
    const first = await ask(api);
    expect(first.status).toBe(202);
    const [stored, sent] = [await everythingStored(), api.sent.length];
    const again = await ask(api);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('content-type')).toBe('application/json');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await ask(api, { ...acme, name: 'Other' });
    expect([other.status, other.json().code]).toEqual([422, 'idempotency.mismatch']);
    expect([await everythingStored(), api.sent.length]).toEqual([stored, sent]);
  });

  it('lets one of many at once be done, though they share no aggregate', async () => {
    const api = openApi();
    const create = () => api.ask({ method: 'POST', path: tokens, body: reader, headers: once });
    const answers = await Promise.all([create(), create(), create(), create()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(await rowsOf('SELECT count(*) AS n FROM token')).toEqual([{ n: 1 }]);
  });

  it('undoes the whole batch where its row is taken', async () => {
    const row = JSON.stringify([{ id: 'k', row: { created_ms: 1 } }]);
    const insert = { sql: rows_insert.kept_reply, params: [row] };
    const db = d1Db(env.DB);
    await db.batch([insert]);
    const site = JSON.stringify([{ id: 'a/dev', row: {} }]);
    const both = db.batch([{ sql: rows_write.site, params: [site] }, insert]);
    await expect(both).rejects.toThrow('the database failed');
    expect(await rowsOf('SELECT id FROM site')).toEqual([]);
    const old = await db.all(queries.kept_replies_before, [1, 9]);
    expect(old).toEqual([{ value: '{"id":"k"}' }]);
  });
});

describe('the audit trail', () => {
  beforeEach(freshState);

  it('names who caused each event, newest first, in pages', async () => {
    const api = openApi();
    await created(api);
    const { token, shown } = await tokenOf(api, { ...reader, scopes: ['deploy'] });
    const deploy = { method: 'POST', path: `${platforms}/acme/environments/dev/deployments` };
    expect((await api.ask({ ...deploy, key: token })).status).toBe(202);
    const page = (await api.ask({ path: '/api/v1/audit?limit=2' })).json();
    expect(page.items).toMatchObject([
      { author: shown.tokenId, aggregate: 'site:acme/dev', type: 'desired_changed' },
      { author: 'admin', aggregate: `token:${shown.tokenId}`, type: 'token_created' },
    ]);
    const next = (await api.ask({ path: `/api/v1/audit?cursor=${page.nextCursor}` })).json();
    expect(next.items.at(-1).id).toBe(1);
    expect(next.nextCursor).toBeUndefined();
  });
});
