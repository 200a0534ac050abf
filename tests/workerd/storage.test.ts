import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, textOf } from '../../bindings/js/frame.ts';
import type { Documents } from '../../worker-shim/ports.ts';
import { d1Db } from '../../worker-shim/storage/d1.ts';
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

    it('deletes what is there, and nothing else', async () => {
      const ids = ['configs/1', 'configs/2', 'configs/3'];
      await open().putAllIfAbsent(ids.map((id) => ({ id, bytes: bytesOf(id) })));
      await open().deleteAll(['configs/1', 'configs/3', 'configs/4']);
      await open().deleteAll(['configs/1']);
      const left = (await open().getAll(ids)).map((bytes) => bytes && textOf(bytes));
      expect(left).toEqual([undefined, 'configs/2', undefined]);
    });

    it('refuses bytes that are not text and stores nothing', async () => {
      const bytes = new Uint8Array([0x61, 0xff]);
      await expect(open().putAllIfAbsent([{ id: 'id', bytes }])).rejects.toThrow(TypeError);
      expect(await readOne(open(), 'id')).toBeUndefined();
    });
  });
}

documentSuite('D1', () => documentsInDb(d1Db(env.DB)));
documentSuite('R2', () => documentsInBucket(env.CONFIGS));

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
  const { journal_append, outbox_write, commit_exists } = statements;
  const { documents_by_id, document_write, documents_delete } = statements;
  const named: Record<string, string> = {
    ...statements.queries,
    ...prefixed('rows_by_id', statements.rows_by_id),
    ...prefixed('rows_write', statements.rows_write),
    ...prefixed('rows_insert', statements.rows_insert),
    ...prefixed('rows_delete', statements.rows_delete),
    ...{ journal_append, outbox_write, commit_exists },
    ...{ documents_by_id, document_write, documents_delete },
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
