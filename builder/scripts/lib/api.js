// Slipway's API as the builder uses it: JSON in, JSON out, bounded time, bounded retries.

import { setTimeout as sleep } from 'node:timers/promises';
import { createCredential } from './credential.js';

// Together about a minute and a half: longer than a Worker is away while it is replaced.
const ATTEMPTS = 8;
const ATTEMPT_TIMEOUT_MS = 20_000;
const LONGEST_WAIT_MS = 30_000;

/** A final answer that is no success. `status` is 0 when no answer came at all. */
export class ApiError extends Error {
  constructor(message, status, code) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** The API's base address without a trailing slash: https, or http on the loopback interface. */
function baseAddress(text) {
  const url = URL.canParse(text ?? '') ? new URL(text) : undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) {
    return url.href.replace(/\/+$/, '');
  }
  throw new Error('The secret NNO_API_URL is missing or is not an https address');
}

/** How long to wait after failed attempt `attempt` (from 0), in milliseconds. */
function backOff(attempt, baseMs, retryAfter) {
  const asked = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0;
  const own = baseMs * 2 ** attempt * (0.75 + Math.random() / 2);
  return Math.min(LONGEST_WAIT_MS, Math.max(own, asked));
}

async function attemptOnce(url, request) {
  const signal = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
  const response = await fetch(url, { ...request, redirect: 'manual', signal });
  const text = await response.text();
  if (response.ok) return { response, body: JSON.parse(text) };
  let problem = {};
  try {
    problem = JSON.parse(text) ?? {};
  } catch {
    // An error page of something in between: the status has to do.
  }
  return { response, problem };
}

/**
 * Makes a client from NNO_API_URL and NNO_INTERNAL_API_KEY, or GitHub's own token for this job.
 * `call(method, path, body?)` gives `{ body, headers }` of a 2xx answer. Network errors and 5xx are
 * tried again, anything else is not; then it throws ApiError. SLIPWAY_RETRY_MS sets the first wait.
 */
export function createApi(env = process.env) {
  const base = baseAddress(env.NNO_API_URL);
  const credential = createCredential(env, base);
  const baseMs = Number(env.SLIPWAY_RETRY_MS ?? 1000);

  async function call(method, path, body) {
    const headers = {
      accept: 'application/json',
      'user-agent': 'slipway-builder',
    };
    const request = { method, headers };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      request.body = JSON.stringify(body);
    }
    let failure = new ApiError('not tried', 0, '');
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      let retryAfter;
      try {
        headers.authorization ??= `Bearer ${await credential()}`;
        const { response, body: answer, problem } = await attemptOnce(`${base}${path}`, request);
        if (response.ok) return { body: answer, headers: response.headers };
        const code = typeof problem.code === 'string' ? problem.code : '';
        const said = typeof problem.detail === 'string' ? `: ${problem.detail}` : '';
        const text = `${method} ${path} answered ${response.status} ${code}${said}`;
        failure = new ApiError(text, response.status, code);
        retryAfter = response.headers.get('retry-after');
      } catch (error) {
        const cause = error.cause?.code ?? (error.name === 'Error' ? error.message : error.name);
        failure = new ApiError(`${method} ${path} failed: ${cause}`, 0, '');
      }
      if (failure.status !== 0 && failure.status < 500) throw failure;
      if (attempt + 1 < ATTEMPTS) await sleep(backOff(attempt, baseMs, retryAfter));
    }
    throw failure;
  }

  return { call };
}
