// Stands in for the Worker in front of the pages: the built pages, and an API whose state a test
// sets. It decides nothing: what a test says is what the page is told.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { Hono } from 'hono';
import { buildPages, pagesFolder } from '../../../scripts/lib/pages.mjs';
import type { Publication, Publishing, Session } from '../../../worker-shim/pages/api_types.ts';
import { isUnderWay } from '../../../worker-shim/pages/words.ts';
import { addPages } from '../../../worker-shim/routes/pages.ts';

/** A request as the API saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** An answer of the API: a value as JSON, or a whole response. */
export type Said = object | Response;

type Stream = ReadableStreamDefaultController<Uint8Array>;
type Handler = (seen: Seen) => Said | Promise<Said>;

const org = '/me/orgs/org-aurora/publishing';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A problem document. */
export function problem(status: number, code: string, rest: object = {}): Response {
  const body = { type: 'about:blank', status, code, title: code, retryable: false, ...rest };
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'x-request-id': '5c1e77ab90d24f36' },
  });
}

/** The files of the built pages. */
export async function pageFiles(): Promise<{ manifest: string; texts: Record<string, string> }> {
  await buildPages();
  const read = (name: string): string => readFileSync(join(pagesFolder, `${name}.txt`), 'utf8');
  const manifest = read('manifest.json');
  const names = Object.keys(JSON.parse(manifest));
  return { manifest, texts: Object.fromEntries(names.map((name) => [name, read(name)])) };
}

/** The mock; `url` is where it listens. */
export class MockApi {
  url = '';
  session: Session = { signedIn: true, user: 'ada@aurora.example' };
  /** What the API says of the org; a function answers anew each time. */
  publishing: Publishing | (() => Response);
  publications: readonly Publication[] = [];
  nextCursor: string | undefined;
  /** Answers to writes, such as `POST /auto-provision`, by method and path below `publishing`. */
  readonly on = new Map<string, Handler>();
  readonly seen: Seen[] = [];
  /** Every connection is cut. */
  down = false;
  /** Streams are refused, as by a proxy that does not let them through. */
  streamless = false;
  readonly #streams = new Set<Stream>();
  #server: Server | undefined;
  #changed: (() => void)[] = [];

  constructor(publishing: Publishing) {
    this.publishing = publishing;
  }

  async start(): Promise<void> {
    const app = await this.#app();
    const server = createServer((incoming, outgoing) => {
      void this.#answer(app, incoming, outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Changes the state, and tells everyone who follows. */
  set(change: Partial<Publishing>): void {
    if (typeof this.publishing === 'function') throw new Error('there is no state to change');
    this.publishing = { ...this.publishing, ...change, seq: this.publishing.seq + 1 };
    for (const stream of this.#streams) this.#tell(stream, this.publishing);
    for (const wake of this.#changed.splice(0)) wake();
  }

  /** Ends the streams as the Worker does after five minutes. */
  expire(): void {
    for (const stream of this.#streams) {
      stream.enqueue(encode('event: close\ndata: {"reason":"time"}\n\n'));
      stream.close();
    }
    this.#streams.clear();
  }

  /** Cuts every connection that is open. */
  cut(): void {
    this.#server?.closeAllConnections();
    this.#streams.clear();
  }

  /** The writes that came, as `POST /publish`. */
  writes(): string[] {
    const writes = this.seen.filter(({ method }) => method !== 'GET');
    return writes.map(({ method, path }) => `${method} ${path.replace(org, '')}`);
  }

  async #app(): Promise<Hono> {
    const app = new Hono();
    addPages(app, await pageFiles(), () => undefined);
    app.get('/me/session', () => Response.json(this.session));
    app.get('/issuer/sign-in', (context) =>
      context.redirect(`${context.req.query('return')}#access_token=header.payload.signature`),
    );
    app.get(org, (context) => this.#read(context.req.raw));
    app.get(`${org}/publications`, (context) => {
      if (typeof this.publishing === 'function') return this.publishing();
      const more = context.req.query('cursor') !== undefined;
      const next = this.nextCursor === undefined || more ? {} : { nextCursor: this.nextCursor };
      return Response.json({ items: more ? [] : this.publications, ...next });
    });
    app.all('*', async (context) => {
      const seen = this.seen.at(-1);
      const { method, path } = context.req;
      const handler = this.on.get(`${method} ${path.replace(org, '')}`);
      if (handler === undefined || seen === undefined) return problem(404, 'route.unknown');
      const said = await handler(seen);
      return said instanceof Response ? said : Response.json(said);
    });
    return app;
  }

  async #read(request: Request): Promise<Response> {
    const { publishing } = this;
    if (typeof publishing === 'function') return publishing();
    if (request.headers.get('accept') === 'text/event-stream') {
      if (this.streamless) return new Response('no streams here', { status: 502 });
      let mine: Stream;
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => {
          mine = controller;
          this.#streams.add(controller);
          this.#tell(controller, publishing);
        },
        cancel: () => void this.#streams.delete(mine),
      });
      return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
    }
    if (new URL(request.url).searchParams.has('wait') && isUnderWay(publishing)) {
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve);
      });
    }
    return Response.json(this.publishing);
  }

  #tell(stream: Stream, publishing: Publishing): void {
    const data = JSON.stringify(publishing);
    stream.enqueue(encode(`retry: 200\n\nid: ${publishing.seq}\nevent: state\ndata: ${data}\n\n`));
    if (isUnderWay(publishing)) return;
    stream.enqueue(encode('event: close\ndata: {"reason":"rests"}\n\n'));
    stream.close();
    this.#streams.delete(stream);
  }

  async #answer(app: Hono, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (this.down) return void incoming.socket.destroy();
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const { method = 'GET', url = '/' } = incoming;
    const headers = new Headers(incoming.headers as Record<string, string>);
    const body = Buffer.concat(parts).toString();
    const isPage = /^\/(assets|orgs|sign-in|help|issuer)/.test(url);
    if (!isPage) this.seen.push({ method, path: url, headers, body });
    const sent = method === 'GET' || method === 'HEAD' ? {} : { body };
    const response = await app.fetch(new Request(this.url + url, { method, headers, ...sent }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body === null) return void outgoing.end();
    outgoing.flushHeaders();
    Readable.fromWeb(response.body as NodeStream)
      .on('error', () => outgoing.destroy())
      .pipe(outgoing);
  }
}
