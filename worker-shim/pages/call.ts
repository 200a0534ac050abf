// One call of the API from a page, and what is told of it when it did not work. Never throws.
import type { Problem } from './api_types.ts';
import { offline, send } from './browser.ts';

/** Why a call did not give what was asked for. */
export interface Trouble {
  /** `network`: no answer; `signed_out`: nobody is signed in; `problem`: the API's refusal. */
  readonly kind: 'network' | 'signed_out' | 'problem';
  readonly status?: number;
  readonly code?: string;
  readonly title: string;
  readonly detail?: string;
  readonly next?: string;
  readonly requestId?: string;
  /** What is wrong with each field, by JSON Pointer. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Whether the same again may work later. */
  readonly retryable: boolean;
}

/** What a call gave. */
export type Answer<Value> =
  | { readonly value: Value; readonly status: number }
  | { readonly trouble: Trouble };

/** What a call sends beside its method and path. */
export interface Sent {
  readonly body?: object;
  readonly idempotencyKey?: string;
  readonly bearer?: string;
  /** Milliseconds after which the answer is given up; a minute unless said. */
  readonly patience_ms?: number;
}

const no_answer: Trouble = {
  kind: 'network',
  title: 'No answer came',
  detail: 'The connection broke, or took too long.',
  next: 'Check your connection, then try again. Nothing is done twice.',
  retryable: true,
};

const no_network: Trouble = {
  ...no_answer,
  title: 'You are offline',
  detail: 'This device has no connection.',
  next: 'It is tried again when the connection is back.',
};

const nobody: Trouble = {
  kind: 'signed_out',
  title: 'You are signed out',
  detail: 'Your session has ended.',
  next: 'Sign in again. Nothing is lost.',
  retryable: false,
};

/** Sends one request and reads its answer. */
export async function call<Value>(
  method: string,
  path: string,
  sent: Sent = {},
): Promise<Answer<Value>> {
  try {
    const response = await send(path, {
      method,
      headers: headersOf(sent),
      signal: AbortSignal.timeout(sent.patience_ms ?? 60_000),
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    if (response.type === 'opaqueredirect') return { trouble: nobody };
    const text = await response.text();
    if (response.ok) {
      return {
        value: (text === '' ? undefined : JSON.parse(text)) as Value,
        status: response.status,
      };
    }
    return { trouble: troubleOf(response, text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { trouble: unreadable() };
    return { trouble: offline() ? no_network : no_answer };
  }
}

function headersOf(sent: Sent): Record<string, string> {
  return {
    accept: 'application/json',
    ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(sent.idempotencyKey === undefined ? {} : { 'idempotency-key': sent.idempotencyKey }),
    ...(sent.bearer === undefined ? {} : { authorization: `Bearer ${sent.bearer}` }),
  };
}

function troubleOf(response: Response, text: string): Trouble {
  const { status } = response;
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const problem = problemIn(text);
  if (status === 401) return { ...nobody, status, ...(problem.code && { code: problem.code }) };
  const fault = status >= 500 && problem.title === undefined;
  return {
    kind: 'problem',
    status,
    title: problem.title ?? (fault ? 'The service did not answer as it should' : 'Refused'),
    retryable: problem.retryable ?? status >= 500,
    ...(problem.code && { code: problem.code }),
    ...(problem.detail && { detail: problem.detail }),
    ...((problem.next ?? fault) && { next: problem.next ?? 'Try again in a minute.' }),
    ...(status >= 500 && requestId && { requestId }),
    ...(problem.errors && { errors: errorsOf(problem.errors) }),
  };
}

function problemIn(text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function errorsOf(errors: NonNullable<Problem['errors']>): Record<string, string> {
  return Object.fromEntries(errors.map((one) => [one.pointer, one.detail ?? 'Not valid.']));
}

function unreadable(): Trouble {
  return {
    kind: 'problem',
    title: 'The answer could not be read',
    next: 'Reload the page. If it happens again, tell the people who run this service.',
    retryable: true,
  };
}
