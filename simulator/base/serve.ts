// Puts a service (a Fetch) behind a socket on the loopback interface.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionLost, type Fetch } from './contract.ts';

/** A listening server. */
export interface Served {
  /** Where it listens, without a slash at the end: `http://127.0.0.1:8080`. */
  url: string;
  port: number;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

const LARGEST_BODY_BYTES = 100 * 1024 * 1024;

/**
 * Serves `fetch` on 127.0.0.1. Port 0 takes a free one. Bodies up to 100 MiB are read whole; a
 * larger one is answered 413. ConnectionLost cuts the connection without an answer; any other
 * error is a defect of the service: 500, with the error on standard error.
 */
export async function serve(fetch: Fetch, port = 0): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    answer(fetch, incoming, outgoing).catch((error: unknown) => {
      if (!(error instanceof ConnectionLost)) console.error(error);
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  fetch: Fetch,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: 'close' }).end('the body is too large\n');
    return;
  }
  const response = await guarded(fetch, toRequest(incoming, body));
  const bytes = Buffer.from(await response.arrayBuffer());
  const headers = [...response.headers].flat();
  if (bytes.length > 0) headers.push('content-length', String(bytes.length));
  outgoing.writeHead(response.status, headers);
  outgoing.end(bytes);
}

async function guarded(fetch: Fetch, request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    console.error(error);
    return new Response('the simulator failed\n', { status: 500 });
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > LARGEST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function toRequest(incoming: IncomingMessage, body: Buffer): Request {
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  }
  const method = incoming.method ?? 'GET';
  const url = new URL(`http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`);
  const bodyless = method === 'GET' || method === 'HEAD';
  return new Request(url, {
    method,
    headers,
    ...(bodyless ? {} : { body: new Uint8Array(body) }),
  });
}
