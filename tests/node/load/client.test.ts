// The soak's client: what it sends again, what it holds against the Worker, and what it does not.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Client, openClient } from '../../load/soak/client.ts';

type Answer = (response: ServerResponse) => void;

const problem = (status: number, code: string): Answer => {
  return (response) => {
    response.writeHead(status, {
      'x-request-id': 'r1',
      'content-type': 'application/problem+json',
    });
    response.end(JSON.stringify({ status, code }));
  };
};
const cut: Answer = (response) => response.destroy();
const runtime: Answer = (response) => response.writeHead(503).end('Your worker restarted');
const fine: Answer = (response) => response.writeHead(202, { 'x-request-id': 'r2' }).end('{}');

/** A client of a server that gives these answers, one after the other; and what it was asked. */
async function against(
  t: TestContext,
  answers: readonly Answer[],
): Promise<{ client: Client; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const answer = answers[asked.length] ?? fine;
    asked.push(request);
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { client: openClient(`http://127.0.0.1:${port}`, 'admin-key'), asked };
}

const ask = {
  method: 'POST',
  path: '/api/v1/platforms',
  body: { platformId: 'acme' },
  headers: { 'idempotency-key': 'k' },
} as const;

test('what got no answer is sent again under the same key', async (t) => {
  const { client, asked } = await against(t, [
    cut,
    problem(503, 'storage.contended'),
    runtime,
    fine,
  ]);
  const got = await client.ask(ask);
  assert.deepEqual([got.status, got.repeated], [202, true]);
  assert.deepEqual(
    asked.map(({ headers }) => headers['idempotency-key']),
    ['k', 'k', 'k', 'k'],
  );
  const { cut: cuts, refused, faults, runtime: others, answered } = client.counts;
  assert.deepEqual([cuts, [...refused], faults, others], [1, [['storage.contended', 1]], [], 1]);
  assert.deepEqual([...answered], [['writes', 1]]);
});

test('every other 5xx of the Worker is a fault', async (t) => {
  const { client } = await against(t, [
    problem(500, 'internal.trap'),
    problem(503, 'credential.missing'),
  ]);
  await client.ask(ask);
  assert.equal(client.counts.faults.length, 2);
  assert.match(client.counts.faults.join('\n'), /internal\.trap.*\n.*credential\.missing/);
});

test('a refusal is an answer', async (t) => {
  const { client, asked } = await against(t, [problem(409, 'platform.exists')]);
  const got = await client.ask(ask);
  assert.deepEqual([got.status, got.repeated, asked.length], [409, false, 1]);
  assert.deepEqual(client.counts.faults, []);
});
