import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Commit } from '../../bindings/js/control.ts';
import { bytesOf } from '../../bindings/js/frame.ts';
import { commit } from '../../worker-shim/interpret/commit.ts';
import { type EffectDelay, StorageFailure } from '../../worker-shim/ports.ts';
import { d1Db } from '../../worker-shim/storage/d1.ts';
import type { World } from '../../worker-shim/world.ts';
import { scriptedCore } from '../node/support/scripted_core.ts';
import { freshState, rowsOf, testWorld } from './support.ts';

const core = scriptedCore(() => ({ done: {} }));
const identity = (cause_id: string) => ({ cause_id, number: 1, at_ms: 1000 });

// One event, one row, one document and one effect, marked so that each writer's can be told apart.
function change(mark: string, seq: number): { wanted: Commit; segments: Uint8Array[] } {
  return {
    wanted: {
      journal: 1,
      author: 'tok_1',
      rows: [{ table: 'site', segment: 2 }],
      documents: [{ id: `doc-${mark}`, segment: 3 }],
      effects: [{ key: 'site:a', seq, due_at_ms: 5000 }],
    },
    segments: [
      '{}',
      `[{"aggregate":"site:a","seq":${seq},"event":{"mark":"${mark}","n":1.50}}]`,
      `[{"id":"a","row":{"mark":"${mark}","platform_id":"p"}}]`,
      `text of ${mark}`,
    ].map(bytesOf),
  };
}

async function make(world: World, mark: string, seq: number, cause = mark): Promise<boolean> {
  const { wanted, segments } = change(mark, seq);
  return await commit(world, identity(cause), wanted, segments);
}

describe('commit', () => {
  beforeEach(freshState);

  it('stores everything and wakes the effect with its delay', async () => {
    const sent: EffectDelay[] = [];
    const world = testWorld(core, {
      now: () => 1500,
      queue: { send: async (messages) => void sent.push(...messages) },
    });
    expect(await make(world, 'one', 1)).toBe(true);
    expect(await rowsOf('SELECT * FROM journal')).toEqual([
      {
        id: 1,
        aggregate: 'site:a',
        seq: 1,
        at_ms: 1000,
        cause_id: 'one',
        commit_number: 1,
        event: '{"mark":"one","n":1.50}',
        author: 'tok_1',
        format: 1,
      },
    ]);
    expect(await rowsOf('SELECT id, "row", platform_id FROM site')).toEqual([
      { id: 'a', row: '{"mark":"one","platform_id":"p"}', platform_id: 'p' },
    ]);
    expect(await rowsOf('SELECT * FROM outbox')).toEqual([
      {
        effect_key: 'site:a',
        seq: 1,
        due_at_ms: 5000,
        attempts: 0,
        again_at_ms: null,
        send_at_ms: 5000,
      },
    ]);
    expect(await rowsOf('SELECT * FROM document')).toEqual([
      { id: 'doc-one', body: 'text of one' },
    ]);
    expect(sent).toEqual([{ key: 'site:a', due_at_ms: 5000, delay_s: 4 }]);
  });

  it('undoes all of the second of two commits from one state', async () => {
    const sent: EffectDelay[] = [];
    const world = testWorld(core, { queue: { send: async (each) => void sent.push(...each) } });
    expect(await make(world, 'first', 1)).toBe(true);
    const before = await rowsOf('SELECT * FROM journal');
    expect(await make(world, 'second', 1)).toBe(false);
    expect(await rowsOf('SELECT * FROM journal')).toEqual(before);
    expect(await rowsOf('SELECT "row" FROM site')).toEqual([
      { row: '{"mark":"first","platform_id":"p"}' },
    ]);
    expect(await rowsOf('SELECT seq, attempts FROM outbox')).toEqual([{ seq: 1, attempts: 0 }]);
    expect(sent).toHaveLength(1);
  });

  it('undoes 250 events when the last of them is taken', async () => {
    const world = testWorld(core);
    expect(await make(world, 'first', 250)).toBe(true);
    const events = Array.from({ length: 250 }, (_, index) => {
      return { aggregate: 'site:a', seq: index + 1, event: {} };
    });
    const segments = [bytesOf('{}'), bytesOf(JSON.stringify(events))];
    expect(await commit(world, identity('many'), { journal: 1 }, segments)).toBe(false);
    expect(await rowsOf('SELECT count(*) AS n FROM journal')).toEqual([{ n: 1 }]);
  });

  it('recognises its own commit after a lost answer, and only its own', async () => {
    const db = d1Db(env.DB);
    const losing = {
      ...db,
      batch: async (statements: Parameters<typeof db.batch>[0]) => {
        await db.batch(statements);
        throw new StorageFailure('the answer was lost');
      },
    };
    const unsent = {
      ...db,
      batch: async () => {
        throw new StorageFailure('nothing was sent');
      },
    };
    expect(await make(testWorld(core, { db: losing }), 'one', 1)).toBe(true);
    expect(await make(testWorld(core, { db }), 'one', 1)).toBe(true);
    expect(await make(testWorld(core, { db }), 'one', 1, 'other cause')).toBe(false);
    await expect(make(testWorld(core, { db: unsent }), 'two', 2)).rejects.toThrow(StorageFailure);
    // That a run's first commit has happened is no sign of its second.
    const second = (db: World['ports']['db'], mark: string, seq: number): Promise<boolean> => {
      const { wanted, segments } = change(mark, seq);
      return commit(testWorld(core, { db }), { ...identity('one'), number: 2 }, wanted, segments);
    };
    await expect(second(unsent, 'two', 2)).rejects.toThrow(StorageFailure);
    expect(await second(db, 'again', 1)).toBe(false);
    expect(await rowsOf('SELECT cause_id FROM journal')).toEqual([{ cause_id: 'one' }]);
  });

  it('overwrites an effect only with an equal or higher seq', async () => {
    const world = testWorld(core);
    const write = (seq: number, due_at_ms?: number): Promise<boolean> => {
      const effect = { key: 'e', seq, ...(due_at_ms === undefined ? {} : { due_at_ms }) };
      return commit(world, identity('x'), { effects: [effect] }, [bytesOf('{}')]);
    };
    const stored = () => rowsOf('SELECT seq, due_at_ms, attempts FROM outbox');
    await write(4, 100);
    await write(3, 999);
    expect(await stored()).toEqual([{ seq: 4, due_at_ms: 100, attempts: 0 }]);
    await write(4, 200);
    expect(await stored()).toEqual([{ seq: 4, due_at_ms: 200, attempts: 1 }]);
    await write(5);
    expect(await stored()).toEqual([{ seq: 5, due_at_ms: null, attempts: 0 }]);
  });

  it('commits although the queue refuses the message, and logs it', async () => {
    const queue = { send: () => Promise.reject(new Error('queue down')) };
    const world = testWorld(core, { queue });
    expect(await make(world, 'one', 1)).toBe(true);
    expect(world.logged).toMatchObject([{ event: 'queue_send_failed', count: 1 }]);
    expect(await rowsOf('SELECT seq FROM outbox')).toEqual([{ seq: 1 }]);
  });

  it('refuses a row that is not JSON and keeps nothing of the commit', async () => {
    const { wanted, segments } = change('one', 1);
    segments[2] = bytesOf('[{"id":"a","row":"not json"}]');
    const done = commit(testWorld(core), identity('one'), wanted, segments);
    await expect(done).rejects.toThrow(StorageFailure);
    expect(await rowsOf('SELECT * FROM journal')).toEqual([]);
  });
});
