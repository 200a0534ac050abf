// The shim's part of a stream: whoever leaves is not worked for, and a fault ends it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApp } from '../../../worker-shim/app.ts';
import { StorageFailure } from '../../../worker-shim/ports.ts';
import type { LogEntry } from '../../../worker-shim/world.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { scriptedCore } from '../support/scripted_core.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';
import { type Follower, follow } from './support.ts';

const headers = { 'content-type': 'text/event-stream' };

interface Opened {
  readonly follower: Follower;
  /** What the core was told to have said already, once a question. */
  readonly asked: () => (string | undefined)[];
  /** Ends the wait that the stream is in. */
  readonly wake: () => void;
  readonly abort: () => void;
  readonly logged: readonly LogEntry[];
}

/** A stream of numbers, one a round, whose waits a test ends; `fault` is thrown in round 3. */
async function open(fault?: Error): Promise<Opened> {
  let round = 0;
  const core = scriptedCore(({ input }) => {
    assert.equal(input.kind, 'request');
    round += 1;
    if (round === 3 && fault !== undefined) throw fault;
    const hold = { again_after_ms: 1000, token: String(round) };
    return {
      done: { reply: { status: 200, headers, segment: 1 }, hold },
      segments: [`: ${round}\n\n`],
    };
  });
  let wake = (): void => undefined;
  const sleep = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const world = memoryWorld(core, { ...memoryPorts({ db: openSqliteDb() }), sleep }, {});
  const controller = new AbortController();
  const request = new Request('http://slipway.test/healthz', { signal: controller.signal });
  return {
    follower: follow(await createApp().fetch(request, world)),
    asked: () => core.seen.map(({ input }) => (input.kind === 'request' ? input.held : undefined)),
    wake: () => wake(),
    abort: () => controller.abort(),
    logged: world.logged,
  };
}

/** Lets everything that is not waiting run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function next({ follower, wake }: Opened): Promise<string | undefined> {
  const part = follower.next();
  await turn();
  wake();
  return (await part)?.[0]?.comment;
}

test('each part is asked for with the token of the part before, and when it is read', async () => {
  const opened = await open();
  await turn();
  assert.deepEqual(opened.asked(), [undefined]);
  assert.equal(await next(opened), '1');
  await turn();
  assert.deepEqual(opened.asked(), [undefined]);
  assert.equal(await next(opened), '2');
  assert.equal(await next(opened), '3');
  assert.deepEqual(opened.asked(), [undefined, '1', '2']);
});

test('a client that closes the stream is not asked for again', async () => {
  const opened = await open();
  assert.equal(await next(opened), '1');
  const pending = opened.follower.next();
  await turn();
  await opened.follower.leave();
  opened.wake();
  await turn();
  assert.equal(await pending, undefined);
  assert.deepEqual(opened.asked(), [undefined]);
  assert.deepEqual(
    opened.logged.map(({ event }) => event),
    ['request', 'stream_ended'],
  );
});

test('a connection that is cut ends the stream at its next look', async () => {
  const opened = await open();
  assert.equal(await next(opened), '1');
  opened.abort();
  assert.equal(await next(opened), undefined);
  assert.deepEqual(opened.asked(), [undefined]);
});

test('a fault ends the stream, and the log says which', async () => {
  const opened = await open(new StorageFailure('the database is gone'));
  assert.equal(await next(opened), '1');
  assert.equal(await next(opened), '2');
  assert.equal(await next(opened), undefined);
  assert.match(String(opened.logged.at(-1)?.error), /the database is gone/);
});
