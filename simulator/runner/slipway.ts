// The builder protocol's four calls, as a runner makes them.

import type { Fetch } from '../base/contract.ts';
import { call, fields, type Reply } from './calls.ts';
import type { Config, Deployment } from './site.ts';

/** A batch that was claimed. */
export interface Batch {
  readonly batchId: string;
  /** Those of the claimed shard. */
  readonly deployments: readonly Deployment[];
  /** How many shards the batch has; absent where the API knows none. */
  readonly shards?: number;
  /** Opens the later calls for this batch. */
  readonly token?: string;
}

/** One result of a report. */
export interface Result {
  readonly deploymentId: string;
  readonly outcome: 'building' | 'uploaded' | 'failed';
  readonly configEtag?: string;
  readonly pagesDeploymentId?: string;
  readonly url?: string;
  readonly manifestDigest?: string;
  readonly reason?: string;
  readonly logTail?: string;
}

/** What becomes of a deployment that is to be made. */
export type Turn =
  | { readonly turn: 'granted' | 'dropped' }
  | { readonly turn: 'wait'; readonly waitMs: number };

/** A call was refused for good. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  constructor(message: string, status: number, code: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
  /** Another run does this work. */
  get fenced(): boolean {
    return this.code === 'claim.fenced' || this.code === 'report.fenced';
  }
  get nothingToBuild(): boolean {
    return this.code === 'claim.nothing_to_build';
  }
}

/** The Slipway API as a builder sees it. All calls throw Refused and TryAgain. */
export interface Slipway {
  claim(body: Record<string, unknown>): Promise<Batch>;
  config(deployment: Deployment): Promise<{ config: Config; etag: string }>;
  /** Granted where the API does not know turns: 404. */
  turn(batchId: string, runId: string, deploymentId: string): Promise<Turn>;
  /** At most 50 results. */
  report(batchId: string, runId: string, results: readonly Result[]): Promise<void>;
}

const MAX_LOG_TAIL = 4_096;

/** The API at `url` with the builder's key, or whatever stands for it at the time of a call. */
export function slipwayClient(fetch: Fetch, url: string, key: () => string): Slipway {
  const base = url.replace(/\/+$/, '');
  const send = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const headers = {
      authorization: `Bearer ${key()}`,
      'user-agent': 'slipway-builder',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await call(fetch, new Request(base + path, { method, headers, ...init }));
    if (reply.status === 200) return reply;
    const code = String(fields(reply.body).code ?? reply.status);
    throw new Refused(`${method} ${path}: ${code}`, reply.status, code);
  };

  return {
    async claim(body) {
      const batch = (await send('POST', '/api/v1/claims', body)).body as Batch;
      const { batchId, deployments, shards, token } = batch;
      const also = { ...(shards === undefined ? {} : { shards }), ...(token && { token }) };
      return { batchId, deployments, ...also };
    },
    async config({ platformId, environment, configVersion }) {
      const query = new URLSearchParams({ env: environment, version: String(configVersion) });
      const path = `/api/v1/platforms/${encodeURIComponent(platformId)}/config?${query}`;
      const { body, headers } = await send('GET', path);
      return { config: body as Config, etag: headers.get('etag') ?? '' };
    },
    async turn(batchId, runId, deploymentId) {
      const path = `/api/v1/batches/${encodeURIComponent(batchId)}/turns`;
      try {
        return (await send('POST', path, { runId, deploymentId })).body as Turn;
      } catch (error) {
        if (error instanceof Refused && error.status === 404) return { turn: 'granted' };
        throw error;
      }
    },
    async report(batchId, runId, results) {
      const short = results.map((result) =>
        result.logTail === undefined
          ? result
          : { ...result, logTail: result.logTail.slice(-MAX_LOG_TAIL) },
      );
      const path = `/api/v1/batches/${encodeURIComponent(batchId)}/reports`;
      await send('POST', path, { runId, results: short });
    },
  };
}
