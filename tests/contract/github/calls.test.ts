// A call of the modelled runner that breaks is one to make again, wherever it breaks: a Worker that
// is killed while it answers must not end the simulated world.
import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { call, TryAgain } from '../../../simulator/runner/calls.ts';

const breaks: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'before the answer': (response) => response.destroy(),
  'in the middle of the body': (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"half":', () => setImmediate(() => response.destroy()));
  },
};

for (const [where, cut] of Object.entries(breaks)) {
  test(`a connection that is cut ${where}`, async (t) => {
    const server = createServer((_request, response) => cut(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const request = new Request(`http://127.0.0.1:${port}/x`);
    await assert.rejects(call(fetch, request), TryAgain);
  });
}
