import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, textOf } from '../../bindings/js/frame.ts';
import type { Documents } from '../../worker-shim/ports.ts';
import { d1Db } from '../../worker-shim/storage/d1.ts';
import { documentsInBoth } from '../../worker-shim/storage/documents_both.ts';
import { documentsInDb } from '../../worker-shim/storage/documents_d1.ts';
import { documentsInBucket } from '../../worker-shim/storage/documents_r2.ts';
import { limitedDb, StorageLimit } from '../../worker-shim/storage/limits.ts';
import * as statements from '../../worker-shim/storage/statements.ts';
import { freshState, rowsOf } from './support.ts';

async function readOne(documents: Documents, id: string): Promise<Uint8Array | undefined> {
  const [bytes] = await documents.getAll([id]);
  return bytes;
}

// What every document store must do.
function documentSuite(name: string, open: () => Documents): void {
  describe(`documents in ${name}`, () => {
    beforeEach(freshState);

    it('answers nothing for an id that was never written', async () => {
      expect(await readOne(open(), 'configs/a/1-x/env.config.ts')).toBeUndefined();
    });

    it('gives back the same bytes', async () => {
      for (const text of [
        '',
        '\ufeffbom',
        'a\r\n\u00e9\u4e16\u{1f600}\u2028',
        'x'.repeat(900_000),
      ]) {
        const id = `configs/a/${text.length}-x/env.config.ts`;
        await open().putAllIfAbsent([{ id, bytes: bytesOf(text) }]);
        expect(textOf((await readOne(open(), id)) ?? bytesOf('nothing'))).toBe(text);
      }
    });

    it('reads many in the order of the ids, what is missing among them', async () => {
      const texts = Array.from({ length: 9 }, (_, index) => ({
        id: `configs/${index}`,
        bytes: bytesOf(`text ${index}`),
      }));
      await open().putAllIfAbsent(texts);
      const ids = ['configs/7', 'nothing', 'configs/0', 'configs/7'];
      const found = await open().getAll(ids);
      const seen = found.map((bytes) => (bytes === undefined ? 'absent' : textOf(bytes)));
      expect(seen).toEqual(['text 7', 'absent', 'text 0', 'text 7']);
    });

    it('keeps the first of two writes', async () => {
      await open().putAllIfAbsent([{ id: 'id', bytes: bytesOf('first') }]);
      await open().putAllIfAbsent([{ id: 'id', bytes: bytesOf('second') }]);
      expect(textOf((await readOne(open(), 'id')) ?? bytesOf(''))).toBe('first');
    });

    it('removes many, and what is not there, too', async () => {
      const texts = ['a', 'b', 'c'].map((id) => ({ id, bytes: bytesOf(id) }));
      await open().putAllIfAbsent(texts);
      await open().removeAll(['a', 'nothing', 'c']);
      const found = await open().getAll(['a', 'b', 'c']);
      expect(found.map((bytes) => bytes !== undefined)).toEqual([false, true, false]);
      await open().removeAll([]);
    });

    it('refuses bytes that are not text and stores nothing', async () => {
      const bytes = new Uint8Array([0x61, 0xff]);
      await expect(open().putAllIfAbsent([{ id: 'id', bytes }])).rejects.toThrow(TypeError);
      expect(await readOne(open(), 'id')).toBeUndefined();
    });
  });
}

const inD1 = (): Documents => documentsInDb(d1Db(env.DB));
const inR2 = (): Documents => documentsInBucket(env.CONFIGS);
documentSuite('D1', inD1);
documentSuite('R2', inR2);
documentSuite('D1, and in R2', () => documentsInBoth(inD1(), inR2()));
documentSuite('R2, and in D1', () => documentsInBoth(inR2(), inD1()));

describe('documents in two stores', () => {
  beforeEach(freshState);

  it.each([
    ['D1', inD1, inR2],
    ['R2', inR2, inD1],
  ])('are written to %s and found in either', async (_name, first, other) => {
    await other().putAllIfAbsent([{ id: 'old', bytes: bytesOf('old') }]);
    const both = documentsInBoth(first(), other());
    await both.putAllIfAbsent([{ id: 'new', bytes: bytesOf('new') }]);
    const found = await both.getAll(['new', 'nothing', 'old']);
    expect(found.map((bytes) => bytes && textOf(bytes))).toEqual(['new', undefined, 'old']);
    expect(await readOne(other(), 'new')).toBeUndefined();
    expect(await readOne(first(), 'old')).toBeUndefined();
  });

  it('are found when they are moved between the two looks', async () => {
    await inD1().putAllIfAbsent([{ id: 'moved', bytes: bytesOf('text') }]);
    const moving: Documents = {
      ...inD1(),
      async getAll(ids) {
        await inR2().putAllIfAbsent([{ id: 'moved', bytes: bytesOf('text') }]);
        await inD1().removeAll(['moved']);
        return await inD1().getAll(ids);
      },
    };
    const bytes = await readOne(documentsInBoth(inR2(), moving), 'moved');
    expect(textOf(bytes ?? bytesOf('nothing'))).toBe('text');
  });
});

describe('the limits of D1', () => {
  beforeEach(freshState);
  const one = { sql: 'SELECT ?1 AS value', params: ['x'] };

  it('counts every statement of an invocation and refuses the one too many', async () => {
    const db = limitedDb(d1Db(env.DB), { ...limits, statements_max: 3 });
    await db.all(one.sql, one.params);
    await expect(db.reads([one, one, one])).rejects.toThrow(StorageLimit);
    expect(await db.reads([one, one])).toHaveLength(2);
    await expect(db.batch([one])).rejects.toThrow(/3 statements were used/);
  });

  const limits = { statements_max: 9, params_max: 2, sql_bytes_max: 40, value_bytes_max: 6 };
  const db = () => limitedDb(d1Db(env.DB), limits);

  it('refuses too many parameters, too long statements and too long values', async () => {
    expect(await db().all('SELECT ?1 AS value, ?2 AS x', ['123456', 1])).toHaveLength(1);
    await expect(db().all('SELECT 1', [1, 2, 3])).rejects.toThrow(/3 parameters/);
    await expect(db().all(`SELECT 1 -- ${'x'.repeat(40)}`, [])).rejects.toThrow(/a statement/);
    await expect(db().all(one.sql, ['1234567'])).rejects.toThrow(/parameter 1 passes/);
    await expect(db().all(one.sql, ['\u4e16\u4e16\u4e16'])).rejects.toThrow(/6 bytes/);
  });

  it('sends nothing of a batch of which one statement is refused', async () => {
    const write = (id: string) => ({ sql: statements.document_write, params: [id, 'text'] });
    const wide = limitedDb(d1Db(env.DB), { ...limits, sql_bytes_max: 1000 });
    await expect(wide.batch([write('a'), write('too long')])).rejects.toThrow(StorageLimit);
    expect(await rowsOf('SELECT id FROM document')).toEqual([]);
  });
});

describe('statements', () => {
  beforeEach(freshState);
  const { journal_append, outbox_write, commit_exists, documents_by_id, document_write } =
    statements;
  const { documents_delete, journal_cut } = statements;
  const named: Record<string, string> = {
    ...statements.queries,
    ...prefixed('rows_by_id', statements.rows_by_id),
    ...prefixed('rows_write', statements.rows_write),
    ...prefixed('rows_insert', statements.rows_insert),
    ...prefixed('rows_delete', statements.rows_delete),
    ...{ journal_append, outbox_write, commit_exists, documents_by_id, document_write },
    ...{ documents_delete },
    ...prefixed('journal_cut', Object.fromEntries(journal_cut.entries())),
  };

  it.each(Object.entries(named))('%s finds its rows by an index', async (_name, sql) => {
    const count = Math.max(0, ...[...sql.matchAll(/\?(\d)/g)].map(([, digit]) => Number(digit)));
    const params = Array.from({ length: count }, () => '[]');
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    const steps = plan.results.map((step) => step.detail);
    // The JSON parameter itself is read from end to end; a table never is, nor sorted aside.
    const bad = steps.filter((step) => /SCAN|TEMP B-TREE/.test(step) && !/json_each/.test(step));
    expect(bad).toEqual([]);
  });

  it("pages through a site's deployments, newest first", async () => {
    const rows = ['d1', 'd2', 'd3'].map((id) => ({ id, row: { id, site: 'p/dev' } }));
    const db = d1Db(env.DB);
    await db.batch([{ sql: statements.rows_write.deployment, params: [JSON.stringify(rows)] }]);
    const page = async (before: string) => {
      const found = await db.all(statements.queries.deployments_of_site, ['p/dev', before, 2]);
      return found.map((row) => JSON.parse(String(row.value)).id);
    };
    expect(await page('')).toEqual(['d3', 'd2']);
    expect(await page('d2')).toEqual(['d1']);
  });

  it('cuts journals off: a snapshot for the beginning of one, all of another', async () => {
    const db = d1Db(env.DB);
    const events = ['site:a', 'batch:b'].flatMap((aggregate) =>
      [1, 2, 3].map((seq) => ({ aggregate, seq, event: { n: seq } })),
    );
    const settled = [
      { key: 'batch:b', seq: 3 },
      { key: 'site:a', seq: 3 },
    ];
    await db.batch([
      { sql: statements.journal_append, params: [JSON.stringify(events), 1, 'c', 1, 'x'] },
      { sql: statements.outbox_write, params: [JSON.stringify(settled)] },
    ]);
    const cuts = [
      { aggregate: 'site:a', seq: 2, format: 2, event: { snapshot: true } },
      { aggregate: 'batch:b', seq: 3 },
    ];
    await db.batch(journal_cut.map((sql) => ({ sql, params: [JSON.stringify(cuts)] })));
    expect(await rowsOf('SELECT aggregate, seq, format, event FROM journal')).toEqual([
      { aggregate: 'site:a', seq: 2, format: 2, event: '{"snapshot":true}' },
      { aggregate: 'site:a', seq: 3, format: 1, event: '{"n":3}' },
    ]);
    expect(await rowsOf('SELECT effect_key FROM outbox')).toEqual([{ effect_key: 'site:a' }]);
  });

  it('sends again what is overdue, from the time that was set', async () => {
    const db = d1Db(env.DB);
    const effects = [
      { key: 'once', seq: 1, due_at_ms: 10 },
      { key: 'again', seq: 1, due_at_ms: 5, again_at_ms: 30 },
      { key: 'settled', seq: 1, again_at_ms: 1 },
    ];
    await db.batch([{ sql: statements.outbox_write, params: [JSON.stringify(effects)] }]);
    const keys = async (now_ms: number) => {
      const rows = await db.all(statements.queries.effects_overdue, [now_ms, 10]);
      return rows.map((row) => JSON.parse(String(row.value)).key);
    };
    expect(await keys(20)).toEqual(['once']);
    expect(await keys(30)).toEqual(['once', 'again']);
  });

  it('lists due effects, the longest due first, and no settled one', async () => {
    const db = d1Db(env.DB);
    const effects = [
      { key: 'late', seq: 1, due_at_ms: 20 },
      { key: 'settled', seq: 1 },
      { key: 'early', seq: 2, due_at_ms: 10 },
      { key: 'future', seq: 1, due_at_ms: 99 },
    ];
    await db.batch([{ sql: statements.outbox_write, params: [JSON.stringify(effects)] }]);
    const due = await db.all(statements.queries.effects_due, [20, 10]);
    expect(due.map((row) => row.value)).toEqual([
      '{"key":"early","seq":2,"due_at_ms":10,"attempts":0}',
      '{"key":"late","seq":1,"due_at_ms":20,"attempts":0}',
    ]);
  });
});

function prefixed(name: string, each: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(each).map(([table, sql]) => [`${name} ${table}`, sql]));
}
