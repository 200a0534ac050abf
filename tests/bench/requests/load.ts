// A bounded load on one Worker over loopback.
import { createRequire } from 'node:module';
import { quantile } from '../measure.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Running extends Promise<{ readonly errors: number }> {
  on(
    event: 'response',
    told: (client: unknown, status: number, bytes: number, took_ms: number) => void,
  ): void;
}

// The part of autocannon that is used: it comes without types.
const autocannon = createRequire(import.meta.url)('autocannon') as (options: {
  readonly url: string;
  readonly connections: number;
  readonly amount: number;
  readonly requests: readonly (Sent & { setupRequest?: (own: Sent) => Sent })[];
}) => Running;

/** Requests of one kind. */
export interface Kind {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the next request. */
  readonly body?: () => string;
  /** The status that every one must have. */
  readonly status: number;
}

/** What a turn of requests was like. */
export interface Turn {
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** Sends `count` requests over four connections. @throws where one is answered otherwise. */
export async function turnOf(url: string, kind: Kind, count: number): Promise<Turn> {
  const times: number[] = [];
  const odd: number[] = [];
  const { method, path, headers, body } = kind;
  const request = { method, path, headers: { ...headers } };
  const began = performance.now();
  let ended = began;
  const running = autocannon({
    url,
    connections: 4,
    amount: count,
    requests: [
      body === undefined
        ? request
        : { ...request, setupRequest: (own) => ({ ...own, body: body() }) },
    ],
  });
  running.on('response', (_client, status, _bytes, took_ms) => {
    times.push(took_ms);
    ended = performance.now();
    if (status !== kind.status) odd.push(status);
  });
  const result = await running;
  if (odd.length > 0 || result.errors > 0 || times.length < count) {
    throw new Error(`${method} ${path}: ${odd.length} odd answers (${odd[0]}), ${result.errors}`);
  }
  return {
    per_second: (times.length * 1000) / (ended - began),
    p50_ms: quantile(times, 0.5),
    p99_ms: quantile(times, 0.99),
  };
}
