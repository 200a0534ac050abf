import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamRequest } from '../../bindings/js/control.ts';
import { textOf } from '../../bindings/js/frame.ts';
import type { Ports } from '../../worker-shim/ports.ts';
import { Contended, run, TooManyRounds } from '../../worker-shim/run.ts';
import { d1Db } from '../../worker-shim/storage/d1.ts';
import { RequestError } from '../../worker-shim/upstream/send.ts';
import { type Seen, scriptedCore } from '../node/support/scripted_core.ts';
import { freshState, rowsOf, testWorld } from './support.ts';

const request: UpstreamRequest = {
  target: 'github',
  method: 'POST',
  path: '/x',
  timeout_ms: 1000,
  body_max: 100,
};
const event = (seq: number): string => `[{"aggregate":"a","seq":${seq},"event":{}}]`;

// The event that the next writer would append, from what the core was shown.
function nextSeq(seen: Seen): number {
  const fact = seen.facts.find((each) => each.key === 'journal');
  return JSON.parse(seen.text(fact?.segment ?? 0)).length + 1;
}

const journalNeed = {
  key: 'journal',
  read: 'query',
  query: 'journal_of',
  params: ['a', 0, 100],
} as const;

describe('run', () => {
  beforeEach(freshState);

  it('gathers every kind of fact in the order of the needs', async () => {
    await env.DB.prepare(`INSERT INTO site (id, "row") VALUES ('s', '{"v": 1}')`).run();
    const core = scriptedCore((seen) =>
      seen.facts.length > 0
        ? { done: { reply: { status: 200, segment: 1 } }, segments: ['ok'] }
        : {
            need: [
              { key: 'u', read: 'upstream', request: { ...request, method: 'GET' } },
              { key: 'q', read: 'query', query: 'accounts', params: [] },
              { key: 'r1', read: 'row', table: 'site', id: 's' },
              { key: 'd', read: 'document', id: 'none' },
              { key: 'r2', read: 'row', table: 'site', id: 'none' },
            ],
          },
    );
    const reads: number[] = [];
    const db = d1Db(env.DB);
    const counted = {
      ...db,
      reads: (statements: Parameters<typeof db.reads>[0]) => {
        reads.push(statements.length);
        return db.reads(statements);
      },
    };
    const world = testWorld(core, {
      db: counted,
      fetch: async () => new Response('up', { status: 404, headers: { etag: '"e"', date: 'x' } }),
    });
    const outcome = await run(world, { kind: 'tick', operation: 'sweep' });
    expect(textOf(outcome.body ?? new Uint8Array())).toBe('ok');
    const [first, second] = core.seen;
    expect(second?.facts).toEqual([
      {
        key: 'u',
        outcome: 'answered',
        status: 404,
        headers: { etag: '"e"', 'content-type': 'text/plain;charset=UTF-8' },
        truncated: false,
        segment: 1,
      },
      { key: 'q', outcome: 'found', segment: 2 },
      { key: 'r1', outcome: 'found', segment: 3 },
      { key: 'd', outcome: 'absent' },
      { key: 'r2', outcome: 'absent' },
    ]);
    expect([1, 2, 3].map((n) => second?.text(n))).toEqual(['up', '[]', '{"v": 1}']);
    expect(second?.now_ms).toBe(first?.now_ms);
    expect(second?.entropy).toBe(first?.entropy);
    expect(reads).toEqual([2]);
  });

  it('commits the write-ahead before it sends, and sends once', async () => {
    const order: string[] = [];
    const core = scriptedCore((seen) => {
      const acted = seen.facts.find((fact) => fact.key === 'act:one');
      return acted === undefined
        ? { act: { key: 'act:one', commit: { journal: 1 }, request }, segments: [event(1)] }
        : { done: { commit: { journal: 1 } }, segments: [event(2)] };
    });
    const fetch: Ports['fetch'] = async () => {
      order.push(`journal has ${(await rowsOf('SELECT id FROM journal')).length}`);
      throw new TypeError('connection reset');
    };
    await run(testWorld(core, { fetch }), { kind: 'tick', operation: 'sweep' });
    expect(order).toEqual(['journal has 1']);
    expect(core.seen[1]?.facts).toEqual([{ key: 'act:one', outcome: 'lost', detail: 'network' }]);
    const rows = await rowsOf('SELECT seq, commit_number, cause_id FROM journal ORDER BY id');
    expect(rows).toEqual([
      { seq: 1, commit_number: 1, cause_id: core.seen[0]?.entropy },
      { seq: 2, commit_number: 2, cause_id: core.seen[0]?.entropy },
    ]);
  });

  it('sends nothing when the write-ahead loses, and starts over from fresh facts', async () => {
    let sent = 0;
    let rival = true;
    const core = scriptedCore((seen) => {
      if (seen.facts.length === 0) {
        return { need: [journalNeed] };
      }
      return seen.facts.some((fact) => fact.key === 'act')
        ? { done: {} }
        : {
            act: { key: 'act', commit: { journal: 1 }, request },
            segments: [event(nextSeq(seen))],
          };
    });
    const db = d1Db(env.DB);
    const raced: Ports['db'] = {
      ...db,
      async batch(statements) {
        if (rival) {
          rival = false;
          await env.DB.prepare(
            `INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, event)
             VALUES ('a', 1, 0, 'rival', 1, '{}')`,
          ).run();
        }
        await db.batch(statements);
      },
    };
    const fetch: Ports['fetch'] = async () => {
      sent += 1;
      return new Response('');
    };
    const world = testWorld(core, { db: raced, fetch });
    await run(world, { kind: 'tick', operation: 'sweep' });
    expect(sent).toBe(1);
    expect(world.logged).toMatchObject([{ event: 'race_lost' }]);
    expect(await rowsOf('SELECT seq FROM journal ORDER BY seq')).toEqual([{ seq: 1 }, { seq: 2 }]);
    expect(new Set(core.seen.map((seen) => seen.entropy)).size).toBe(2);
  });

  it('gives up after five lost races and after sixteen rounds', async () => {
    await env.DB.prepare(
      `INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, event)
             VALUES ('a', 1, 0, 'rival', 1, '{}')`,
    ).run();
    const loser = scriptedCore(() => ({ done: { commit: { journal: 1 } }, segments: [event(1)] }));
    await expect(run(testWorld(loser), { kind: 'tick', operation: 'sweep' })).rejects.toThrow(
      Contended,
    );
    expect(loser.seen).toHaveLength(5);
    const asker = scriptedCore(() => ({ need: [journalNeed] }));
    await expect(run(testWorld(asker), { kind: 'tick', operation: 'sweep' })).rejects.toThrow(
      TooManyRounds,
    );
    expect(asker.seen).toHaveLength(16);
  });

  it('refuses an unknown credential before anything is committed or sent', async () => {
    let sent = 0;
    const core = scriptedCore(() => ({
      act: {
        key: 'act',
        commit: { journal: 1 },
        request: { ...request, credential: 'cloudflare:other' },
      },
      segments: [event(1)],
    }));
    const fetch: Ports['fetch'] = async () => {
      sent += 1;
      return new Response('');
    };
    const done = run(testWorld(core, { fetch }), { kind: 'tick', operation: 'sweep' });
    await expect(done).rejects.toThrow(RequestError);
    expect(sent).toBe(0);
    expect(await rowsOf('SELECT id FROM journal')).toEqual([]);
  });
});
