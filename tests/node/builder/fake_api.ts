// A fake of Slipway's API on loopback: answers the builder protocol and records every call.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that arrived. `body` is the parsed JSON, or undefined. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: unknown;
}

/** An answer. `body` is sent as JSON. `cut` ends the connection without any answer. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cut?: boolean;
}

/** One reported result, as far as tests look at it. */
export interface Result {
  readonly deploymentId: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly logTail?: string;
  readonly configEtag?: string;
  readonly pagesDeploymentId?: string;
  readonly url?: string;
  readonly manifestDigest?: string;
}

/** A running fake. */
export interface FakeApi {
  readonly url: string;
  readonly calls: Call[];
  /** The calls whose path begins with `prefix`. */
  to(prefix: string): Call[];
  /** Every result in the bodies of report calls, in order; refused calls are included. */
  results(): Result[];
  /** The deployments for which a turn was asked, in order. */
  turns(): string[];
  close(): void;
}

/** A problem document. */
export function problem(status: number, code: string): Answer {
  return { status, body: { code, title: code, status }, headers: { 'x-kind': 'problem' } };
}

/** One deployment in a claim's answer. */
export function deployment(name: string, fields: object = {}): Record<string, unknown> {
  return {
    deploymentId: `dep_${name}`,
    platformId: name,
    environment: 'dev',
    projectName: `${name}-dev-portal`,
    branch: 'main',
    configVersion: 3,
    shellSha: '',
    ...fields,
  };
}

/** A claim's 200 answer over these deployments. */
export function batch(deployments: object[], fields: object = {}): Answer {
  const place = { batchId: 'bat_1', account: 'main', environment: 'dev', shard: 0, shards: 1 };
  return { status: 200, body: { ...place, deployments, ...fields } };
}

/** The configuration that is served for a platform; `note` lands in the env document. */
export function configOf(platform: string, note = 'fine'): Record<string, string> {
  return {
    featuresConfig: 'export const featuresConfig = {"features": {}, "stacks": {}};\n',
    envConfig: `export const envConfig = {"APP_NAME": "${platform}", "NOTE": "${note}"};\n`,
    authConfig: 'export const authConfig = {"provider": "none"};\n',
  };
}

function standard(call: Call): Answer {
  const config = /^\/api\/v1\/platforms\/([^/]+)\/config\?/.exec(call.path);
  if (config?.[1] !== undefined) {
    return { status: 200, body: configOf(config[1]), headers: { etag: '"3-ab12"' } };
  }
  if (call.path === '/api/v1/claims') return batch([deployment('acme')]);
  if (call.path.endsWith('/reports')) return { status: 200, body: { accepted: 1 } };
  if (call.path.endsWith('/turns')) return { status: 200, body: { turn: 'granted' } };
  return problem(404, 'route.unknown');
}

/** The calls about batches whose path ends so, with their bodies. */
function bodiesOf<Body>(calls: readonly Call[], end: '/reports' | '/turns'): Body[] {
  const wanted = calls.filter(({ path }) => path.startsWith('/api/v1/batches/'));
  return wanted.filter(({ path }) => path.endsWith(end)).map((call) => call.body as Body);
}

/** Starts a fake. `answer` may answer a call; undefined means the standard answer. */
export async function startFakeApi(
  answer: (call: Call, calls: readonly Call[]) => Answer | undefined = () => undefined,
): Promise<FakeApi> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const call: Call = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      body: text === '' ? undefined : JSON.parse(text),
    };
    calls.push(call);
    const given = answer(call, calls) ?? standard(call);
    if (given.cut) {
      request.socket.destroy();
      return;
    }
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(JSON.stringify(given.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const to = (prefix: string): Call[] => calls.filter((call) => call.path.startsWith(prefix));
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    to,
    results: () =>
      bodiesOf<{ results: Result[] }>(calls, '/reports').flatMap((body) => body.results),
    turns: () =>
      bodiesOf<{ deploymentId: string }>(calls, '/turns').map((body) => body.deploymentId),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
