// The builder protocol's three calls, as a runner makes them.

import type { Fetch } from '../base/contract.ts';
import { call, fields, type Reply } from './calls.ts';
import type { Config, Deployment } from './site.ts';

/** A batch that was claimed. */
export interface Batch {
  readonly batchId: string;
  readonly deployments: readonly Deployment[];
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

/** A call was refused for good. `fenced`: another run does this work. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly fenced: boolean;
  constructor(message: string, fenced: boolean) {
    super(message);
    this.fenced = fenced;
  }
}

/** The Slipway API as a builder sees it. All calls throw Refused and TryAgain. */
export interface Slipway {
  claim(body: Record<string, unknown>): Promise<Batch>;
  config(deployment: Deployment): Promise<{ config: Config; etag: string }>;
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
    const fenced = code === 'claim.fenced' || code === 'report.fenced';
    throw new Refused(`${method} ${path}: ${code}`, fenced);
  };

  return {
    async claim(body) {
      const batch = (await send('POST', '/api/v1/claims', body)).body as Batch;
      const { batchId, deployments, token } = batch;
      return token === undefined ? { batchId, deployments } : { batchId, deployments, token };
    },
    async config({ platformId, environment, configVersion }) {
      const query = new URLSearchParams({ env: environment, version: String(configVersion) });
      const path = `/api/v1/platforms/${encodeURIComponent(platformId)}/config?${query}`;
      const { body, headers } = await send('GET', path);
      return { config: body as Config, etag: headers.get('etag') ?? '' };
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
