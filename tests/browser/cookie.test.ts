// The session cookie as the Worker sets it is kept and sent on loopback, where there is no TLS: so
// that signing in can be tried on one machine, by either name of it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openPage } from './support/browser.ts';
import { browserForAll } from './support/setting.ts';

const browser = browserForAll();
const cookie = '__Host-slipway=a.b.c; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=600';

test('a __Host- cookie is accepted over http on 127.0.0.1 and on localhost', async () => {
  const server = createServer((request, response) => {
    const set = request.method === 'POST' ? { 'set-cookie': cookie } : {};
    response.writeHead(200, { 'content-type': 'text/plain', ...set });
    response.end(request.headers.cookie ?? 'none');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const host of ['127.0.0.1', 'localhost']) {
    const { page, close } = await openPage(browser(), `http://${host}:${port}/`);
    const sent = await page.evaluate(async () => {
      await fetch('/', { method: 'POST', credentials: 'same-origin' });
      return [document.cookie, await (await fetch('/')).text()];
    });
    assert.deepEqual(sent, ['', '__Host-slipway=a.b.c'], host);
    await close();
  }
  server.closeAllConnections();
  server.close();
});
