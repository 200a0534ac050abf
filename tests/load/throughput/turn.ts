// A load on one Worker for some seconds, with autocannon.
import { createRequire } from 'node:module';
import { quantile } from '../../bench/measure.ts';

/** A request of autocannon. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Running extends Promise<{ readonly errors: number; readonly timeouts: number }> {
  on(
    event: 'response',
    told: (client: unknown, status: number, bytes: number, took_ms: number) => void,
  ): void;
}

// The part of autocannon that is used: it comes without types.
const autocannon = createRequire(import.meta.url)('autocannon') as (options: {
  readonly url: string;
  readonly connections: number;
  readonly duration: number;
  readonly requests: readonly (Sent & { setupRequest?: (own: Sent) => Sent })[];
}) => Running;

/** Requests of one kind. */
export interface Kind {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the next request has of its own. */
  readonly next?: () => { readonly body: string; readonly headers?: Record<string, string> };
  /** The status that every answer should have. */
  readonly status: number;
}

/** What some seconds of requests were like. */
export interface Turn {
  readonly requests: number;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** Answers of another status than was to be expected. */
  readonly odd: number;
  /** Connections that broke, and requests without an answer. */
  readonly errors: number;
}

/** Sends requests for `seconds` over so many connections; each sends its next one when answered. */
export async function turnFor(
  url: string,
  kind: Kind,
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<Turn> {
  const times: number[] = [];
  let odd = 0;
  const { method, path, headers, next } = kind;
  const request = { method, path, headers };
  const setupRequest = (own: Sent): Sent => {
    const { body, headers: more } = next?.() ?? {};
    return { ...own, headers: { ...headers, ...more }, ...(body === undefined ? {} : { body }) };
  };
  const began = performance.now();
  let ended = began;
  const running = autocannon({
    url,
    connections,
    duration: seconds,
    requests: [next === undefined ? request : { ...request, setupRequest }],
  });
  running.on('response', (_client, status, _bytes, took_ms) => {
    times.push(took_ms);
    ended = performance.now();
    if (status !== kind.status) odd += 1;
  });
  const { errors, timeouts } = await running;
  return {
    requests: times.length,
    per_second: (times.length * 1000) / (ended - began),
    p50_ms: quantile(times, 0.5),
    p99_ms: quantile(times, 0.99),
    max_ms: quantile(times, 1),
    odd,
    errors: errors + timeouts,
  };
}
