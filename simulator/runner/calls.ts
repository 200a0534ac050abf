// HTTP calls of the modelled runner: one call, one classified outcome.

import { ConnectionLost, type Fetch } from '../base/contract.ts';

/** What came back. `body` is the JSON value, or null. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Thrown where a call may be made again later: no answer, 429 or 5xx. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
  /** What the server asked for, or undefined. */
  readonly after_ms: number | undefined;
  constructor(message: string, after_ms?: number) {
    super(message);
    this.after_ms = after_ms;
  }
}

/** Makes one call. Throws TryAgain. Any other status is returned. */
export async function call(fetch: Fetch, request: Request): Promise<Reply> {
  const where = `${request.method} ${new URL(request.url).pathname}`;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(request);
    // The connection can also be cut in the middle of the body.
    text = await answer.text();
  } catch (error) {
    // A real fetch reports a cut connection as a TypeError.
    if (error instanceof ConnectionLost || error instanceof TypeError) {
      throw new TryAgain(`${where}: no answer`);
    }
    throw error;
  }
  if (answer.status === 429 || answer.status >= 500) {
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    const after_ms = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    throw new TryAgain(`${where}: ${answer.status} ${text.slice(0, 500)}`, after_ms);
  }
  return { status: answer.status, body: parse(text), headers: answer.headers };
}

/** The fields of an object; empty for anything else. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
