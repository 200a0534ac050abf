// A command line under test: a machine without a terminal, what it printed, and a server that
// answers what the test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Host, sleep } from '../../../cli/host.ts';
import { runCli } from '../../../cli/run.ts';

/** The checkout. */
export const root = join(import.meta.dirname, '../../..');
/** The key of every run; nothing may print it. */
export const token = 'slp_planted-secret-token-0123456789abcdef';
/** The secret of a deploy hook; nothing may print it but what is asked for it. */
export const hook_secret = '7c1f9a52-3b64-4d0e-9a11-5ec4e7aa1a2b';
/** The address that holds it. */
export const hook_url = [
  'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks',
  hook_secret,
].join('/');

/** What a run came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What was asked on the terminal. */
  readonly asked: readonly string[];
}

/** The machine of a run. */
export interface Machine {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** There is a terminal: answers of the person. */
  readonly answers?: readonly string[];
  readonly stdoutTerminal?: boolean;
  readonly signal?: AbortSignal;
  readonly fetch?: Host['fetch'];
  /** The checkout; default: this one. */
  readonly root?: string;
  /** Each pause takes no time, and the clock goes on by it. */
  readonly onSleep?: (ms: number) => void | Promise<void>;
}

/** Runs the command line in this process. */
export async function cli(args: readonly string[], machine: Machine = {}): Promise<Ran> {
  let out = '';
  let err = '';
  let slept_ms = 0;
  const asked: string[] = [];
  const answers = [...(machine.answers ?? [])];
  const terminal = machine.answers !== undefined;
  const { files = {}, signal = new AbortController().signal, onSleep } = machine;
  const host: Host = {
    env: machine.env ?? {},
    root: machine.root ?? root,
    interactive: terminal,
    stdoutTerminal: machine.stdoutTerminal ?? terminal,
    stderrTerminal: terminal,
    signal,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    fetch: machine.fetch ?? ((url, init) => fetch(url, init)),
    now_ms: () => performance.now() + slept_ms,
    sleep: async (ms) => {
      slept_ms += ms;
      await (onSleep === undefined ? sleep(0, signal) : onSleep(ms));
    },
    random: () => crypto.randomUUID(),
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
    readStdin: async () => machine.stdin ?? '',
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
  };
  const code = await runCli(args, host);
  return { code, out, err, asked };
}

/** A request that the server got. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An answer; `cut` breaks the connection instead. */
export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly cut?: boolean;
  /** Never answers. */
  readonly silent?: boolean;
}

/** A server and what it got. */
export interface Server {
  readonly url: string;
  readonly got: Got[];
  /** Address and key of this server. */
  readonly env: Readonly<Record<string, string>>;
}

/** Answers each request as the script says, until the test has ended. */
export async function serve(
  test: TestContext,
  script: (got: Got, index: number) => Scripted | Promise<Scripted>,
): Promise<Server> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', async () => {
      const { method = '', url: path = '', headers } = request;
      const each = { method, path, headers, body };
      got.push(each);
      reply(response, await script(each, got.length - 1));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const url = `http://127.0.0.1:${port}`;
  return { url, got, env: { SLIPWAY_URL: url, SLIPWAY_TOKEN: token } };
}

function reply(response: ServerResponse, scripted: Scripted): void {
  const { status = 200, headers = {}, body, cut, silent } = scripted;
  if (silent === true) return;
  if (cut === true) {
    response.destroy();
    return;
  }
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'x-request-id': 'req-1', ...headers });
  response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
}

/** A problem document. */
export function problem(status: number, code: string, more: object = {}): Scripted {
  const body = {
    type: `urn:slipway:${code}`,
    title: `title of ${code}`,
    status,
    code,
    detail: `detail of ${code}`,
    retryable: false,
    next: `next of ${code}`,
    ...more,
  };
  return { status, body };
}
