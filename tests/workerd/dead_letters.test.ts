// The queue of dead messages through the Worker itself, with the compiled core and real D1; and the
// queue that the Worker is bound to.
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import worker from '../../worker-shim/main.ts';
import { configured, created, openApi } from './api_world.ts';
import { freshState, rowsOf } from './support.ts';

const key = 'site:acme/dev';
const instance = { ...env, ...configured };

type Delivered = Awaited<ReturnType<typeof getQueueResult>>;

async function deliver(queue: string, body: unknown): Promise<Delivered> {
  const batch = createMessageBatch(queue, [{ id: 'one', timestamp: 0, attempts: 1, body }]);
  const context = createExecutionContext();
  await worker.queue(batch, instance);
  return await getQueueResult(batch, context);
}

// A row that the core cannot read: whoever looks at the site is a trap.
async function damage(): Promise<void> {
  await env.DB.prepare(`UPDATE site SET "row" = json_set("row", '$.state', 'damaged')`).run();
}

async function due(): Promise<number> {
  const [row] = await rowsOf(`SELECT due_at_ms FROM outbox WHERE effect_key = '${key}'`);
  return Number(row?.due_at_ms);
}

describe('a message that was given up', () => {
  beforeEach(freshState);

  it('is tried once more, and kept as a dead letter with its reason', async () => {
    const api = openApi();
    await created(api);
    await damage();
    const body = { key, due_at_ms: await due() };
    expect((await deliver('slipway-effects', body)).explicitAcks).toEqual([]);
    expect((await deliver('slipway-dead', body)).explicitAcks).toEqual(['one']);
    expect((await deliver('slipway-dead', body)).explicitAcks).toEqual(['one']);
    const { items } = (await api.ask({ path: '/api/v1/dead-letters' })).json();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ effect: key, givenUp: 2 });
    expect(items[0].error).toMatch(/^CoreTrap: /);
    const ready = await api.ask({ path: '/readyz', key: null });
    expect(ready.status).toBe(503);
    const failed = ready.json().checks.filter((check: { ok: boolean }) => !check.ok);
    expect(failed.map((check: { name: string }) => check.name)).toContain('dead_letters');
    expect(ready.text).not.toContain('acme');
  });

  it('is acknowledged without a letter when the work can be done now', async () => {
    const api = openApi();
    await created(api);
    await env.DB.prepare('UPDATE outbox SET due_at_ms = NULL').run();
    expect((await deliver('slipway-dead', { key, due_at_ms: 1 })).explicitAcks).toEqual(['one']);
    expect(await rowsOf('SELECT id FROM dead_letter')).toEqual([]);
  });

  it('is sent anew by an operator, and struck off by one', async () => {
    const api = openApi();
    await created(api);
    await damage();
    await deliver('slipway-dead', { key, due_at_ms: await due() });
    const [{ id }] = (await rowsOf('SELECT id FROM dead_letter')) as [{ id: string }];
    const path = `/api/v1/dead-letters/${id}`;
    api.sent.length = 0;
    expect((await api.ask({ method: 'POST', path: `${path}/retry` })).status).toBe(202);
    expect(api.sent).toEqual([{ key, due_at_ms: await due(), delay_s: 0 }]);
    expect((await api.ask({ method: 'POST', path: '/api/v1/dead-letters/retry' })).json()).toEqual({
      retried: 1,
      more: false,
    });
    expect((await api.ask({ method: 'DELETE', path })).status).toBe(204);
    expect((await api.ask({ method: 'DELETE', path })).status).toBe(404);
    expect(await rowsOf('SELECT id FROM dead_letter')).toEqual([]);
  });

  it('that names no effect comes again, and is never lost in silence', async () => {
    const result = await deliver('slipway-dead', 'nonsense');
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages.map((message) => message.msgId)).toEqual(['one']);
  });

  it('is taken by the Worker that the real queue is bound to', async () => {
    await env.DB.prepare(
      `INSERT INTO outbox (effect_key, seq, due_at_ms) VALUES ('site:gone/dev', 1, 1)`,
    ).run();
    await env.EFFECTS.send({ key: 'site:gone/dev', due_at_ms: 1 });
    const settled = async () =>
      (await rowsOf('SELECT 1 FROM outbox WHERE due_at_ms IS NULL')).length === 1;
    await expect.poll(settled, { timeout: 120_000 }).toBe(true);
  });
});
