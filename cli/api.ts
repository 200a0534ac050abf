// The API as the commands call it: each request is checked offline, sent, and repeated where that
// is safe; every refusal becomes an error with an exit code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Operation, operations } from '../bindings/generated/operations.ts';
import type { Core } from '../bindings/js/core.ts';
import { coreOf, refusalOf } from './check.ts';
import { CliError, exitOfProblem, exits, Interrupted, type Trouble, WouldSend } from './errors.ts';
import type { Host } from './host.ts';
import type { Values } from './options.ts';
import type { Talk } from './talk.ts';
import { requireToken, type Target } from './target.ts';

/** A request of a command. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** With parameters in braces, as the operation list has it. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Members of the body that are secrets. */
  readonly secret?: readonly string[];
  /** Milliseconds that the answer may take; default 30 s. */
  readonly patience_ms?: number;
  /** Goes without a key: the open routes. */
  readonly open?: boolean;
  /** Is sent once: whether it fails is what is asked for. */
  readonly once?: boolean;
  /** Statuses that are an answer although they are none of 2xx. */
  readonly allow?: readonly number[];
}

/** An answer that is not a refusal. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** The API of one instance. */
export interface Api {
  /** @throws CliError, Interrupted, or WouldSend for a write of a dry run */
  call(call: Call): Promise<Answer>;
  /** Finds out what is wrong with a request without sending it. @throws CliError */
  check(call: Call): void;
  /** Where the API is; found when it is first needed. */
  target(): Promise<Target>;
}

/** What an API needs to be there. */
export interface ApiParts {
  readonly host: Host;
  readonly values: Values;
  readonly talk: Talk;
  readonly version: string;
  readonly target: () => Promise<Target>;
}

const attempts_max = 4;
const first_pause_ms = 500;
const longest_pause_ms = 60_000;
const patience_ms = 30_000;
const passing = [429, 502, 503, 504];

/** An API that finds its target when it first sends something. */
export function openApi(parts: ApiParts): Api {
  const { host, values, talk } = parts;
  let core: Core | undefined | 'unasked' = 'unasked';
  const check = (call: Call): void => {
    const operation = operationOf(call);
    // The instance may know an operation that this checkout does not.
    if (operation === undefined) return;
    if (core === 'unasked') {
      core = coreOf(host.root);
      if (core === undefined) talk.note('not checked offline: npm run setup builds the core');
    }
    if (core === undefined) return;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const refusal = refusalOf(core, {
      operation,
      params: paramsOf(call, operation),
      query: queryOf(call),
      headers: call.headers ?? {},
      body,
    });
    if (refusal === undefined) return;
    const trouble = troubleOf(refusal.status, refusal.problem);
    throw new CliError({ ...trouble, exit: exits.usage, offline: true });
  };
  const call = async (given: Call): Promise<Answer> => {
    const keyed = withKey(given, values['idempotency-key'] ?? host.random());
    check(keyed);
    const planned = values['dry-run'] === true && keyed.method !== 'GET';
    const wanted = planned ? dryRunOf(host, keyed) : keyed;
    const target = await parts.target();
    return await sendPatiently(parts, target, wanted);
  };
  return { call, check, target: parts.target };
}

// Every POST is safe to repeat: the second one is answered as the first.
function withKey(call: Call, key: string): Call {
  if (call.method !== 'POST') return call;
  return { ...call, headers: { 'idempotency-key': key, ...call.headers } };
}

// An operation with a dry run of its own makes one; another one is not sent.
function dryRunOf(host: Host, call: Call): Call {
  if (takesDryRun(host.root, call)) return { ...call, query: { ...call.query, dryRun: 'true' } };
  const body = call.body === undefined ? undefined : withoutSecrets(call.body, call.secret ?? []);
  throw new WouldSend({
    dryRun: true,
    method: call.method,
    path: pathOf(call),
    headers: call.headers ?? {},
    ...(body === undefined ? {} : { body }),
  });
}

function withoutSecrets(body: object, secret: readonly string[]): object {
  const pairs = Object.entries(body).map(([name, value]) => [
    name,
    secret.includes(name) ? '(secret)' : value,
  ]);
  return Object.fromEntries(pairs) as object;
}

interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { parameters?: readonly { name?: string }[] }>>>
  >;
}

function takesDryRun(root: string, call: Call): boolean {
  const operation = operationOf(call);
  if (operation === undefined) return false;
  const text = readFileSync(join(root, 'bindings/generated/openapi.json'), 'utf8');
  const { paths } = JSON.parse(text) as OpenApi;
  const { parameters } = paths[operation.path]?.[operation.method.toLowerCase()] ?? {};
  return parameters?.some(({ name }) => name === 'dryRun') === true;
}

/** The operation that a call is of; whatever its parameters are called. */
export function operationOf({ method, path }: Call): Operation | undefined {
  const shape = (template: string): string => template.replace(/\{\w+\}/g, '{}');
  return operations.find((each) => each.method === method && shape(each.path) === shape(path));
}

// Under the names that the operation has for them.
function paramsOf(call: Call, operation: Operation): Record<string, string> {
  const ours = [...call.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const theirs = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return Object.fromEntries(
    theirs.map((name, index) => [name, call.params?.[ours[index] ?? ''] ?? '']),
  );
}

function queryOf(call: Call): [string, string][] {
  return Object.entries(call.query ?? {}).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
}

/** The call's path with its parameters and its query. */
export function pathOf(call: Call): string {
  const path = call.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(call.params?.[name] ?? ''),
  );
  const query = new URLSearchParams(queryOf(call)).toString();
  return query === '' ? path : `${path}?${query}`;
}

async function sendPatiently(parts: ApiParts, target: Target, call: Call): Promise<Answer> {
  const { host, talk } = parts;
  const repeatable = call.once !== true && (call.method === 'GET' || call.method === 'POST');
  for (let attempt = 1; ; attempt += 1) {
    const last = !repeatable || attempt === attempts_max;
    const outcome = await sendOnce(parts, target, call);
    if (host.signal.aborted) {
      if (call.method !== 'GET') talk.note(`whether it was done is not known. ${again(call)}`);
      throw new Interrupted();
    }
    if (outcome.answer !== undefined) return outcome.answer;
    const { after_ms } = outcome;
    const lost = outcome.lost === true && call.method !== 'GET';
    const next = lost ? { next: `${outcome.trouble.next ?? ''} ${again(call)}`.trim() } : {};
    const trouble = { ...outcome.trouble, ...next };
    const pause_ms = after_ms ?? first_pause_ms * 2 ** (attempt - 1) * (0.75 + jitter(host) / 2);
    if (last || !outcome.again || pause_ms > longest_pause_ms) throw new CliError(trouble);
    talk.note(`${trouble.title}; again in ${Math.ceil(pause_ms / 1000)} s`);
    await host.sleep(pause_ms);
    if (host.signal.aborted) throw new Interrupted();
  }
}

// After a write whose answer is missing: it may have been done.
function again({ method, headers }: Call): string {
  const key = headers?.['idempotency-key'];
  return method === 'POST' && key !== undefined
    ? `Repeat it with --idempotency-key ${key}: then it is done once.`
    : 'Look whether it was done, then repeat it.';
}

// From 0 to 1: not everyone who was refused comes back at the same instant.
const jitter = (host: Host): number => (host.random().charCodeAt(0) % 16) / 16;

type Outcome =
  | { readonly answer: Answer }
  | {
      readonly answer?: undefined;
      readonly trouble: Trouble;
      readonly again: boolean;
      readonly after_ms?: number;
      /** Nobody knows whether the request arrived. */
      readonly lost?: boolean;
    };

async function sendOnce(parts: ApiParts, target: Target, call: Call): Promise<Outcome> {
  const { host, version } = parts;
  const token = call.open === true ? undefined : requireToken(target);
  const time = AbortSignal.timeout(call.patience_ms ?? patience_ms);
  const headers = {
    accept: 'application/json',
    'user-agent': `slipway-cli/${version}`,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...call.headers,
  };
  try {
    const response = await host.fetch(`${target.url}${pathOf(call)}`, {
      method: call.method,
      headers,
      // The key goes to the one address that was given, and nowhere else.
      redirect: 'manual',
      signal: AbortSignal.any([host.signal, time]),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    return outcomeOf(call, response, await response.text(), target);
  } catch (error) {
    const lost = !unsent.includes(causeOf(error).code ?? '');
    return { trouble: unreachable(error, target, time.aborted), again: true, lost };
  }
}

function outcomeOf(call: Call, response: Response, text: string, target: Target): Outcome {
  const { status, headers } = response;
  const body = parsed(text);
  const fine = (status >= 200 && status < 300) || call.allow?.includes(status) === true;
  if (fine && body !== unreadable && !isProblem(body)) {
    return { answer: { status, headers, body } };
  }
  const requestId = headers.get('x-request-id');
  const trouble =
    isProblem(body) && status >= 400 ? troubleOf(status, body) : strange(status, headers, target);
  const settled = isProblem(body) && body.retryable === false && status !== 429;
  const wait_s = Number(headers.get('retry-after') ?? 'none');
  return {
    trouble: requestId === null ? trouble : { ...trouble, requestId },
    again: passing.includes(status) && !settled,
    ...(Number.isFinite(wait_s) ? { after_ms: wait_s * 1000 } : {}),
  };
}

const unreadable = Symbol('unreadable');

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return unreadable;
  }
}

/** The members of a problem document that count here. */
interface ProblemLike {
  readonly code: string;
  readonly title?: string;
  readonly detail?: string;
  readonly next?: string;
  readonly retryable?: boolean;
  readonly errors?: Trouble['errors'];
}

function isProblem(body: unknown): body is ProblemLike {
  return typeof body === 'object' && body !== null && 'code' in body;
}

function troubleOf(status: number, problem: unknown): Trouble {
  if (!isProblem(problem)) return { exit: exits.failure, code: 'answer', title: `HTTP ${status}` };
  const { code, title, detail, errors, next, retryable } = problem;
  const old = code === 'route.unknown' ? 'Deploy this version of Slipway to the instance.' : next;
  return {
    exit: exitOfProblem(status, code, retryable === true),
    status,
    code,
    title: title ?? code,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(old === undefined ? {} : { next: old }),
  };
}

// Something between here and the instance has answered, or another service.
function strange(status: number, headers: Headers, target: Target): Trouble {
  const base = { status, code: 'answer.unexpected' };
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? '';
    const where = URL.canParse(to, target.url) ? new URL(to, target.url).host : 'elsewhere';
    return {
      ...base,
      exit: exits.failure,
      title: `${target.url} sends to ${where} instead of answering`,
      next: 'Check the address; let the API past a sign-in wall such as Cloudflare Access.',
    };
  }
  return {
    ...base,
    exit: passing.includes(status) ? exits.later : exitOfProblem(status, '', false),
    title: `${target.url} answered HTTP ${status}, not as Slipway does`,
    next: 'Check the address, and whether the Worker is deployed there.',
  };
}

// No connection was made.
const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

function causeOf(error: unknown): { readonly code?: string; readonly message: string } {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : '';
  return typeof code === 'string' ? { code, message: text } : { message: text };
}

function unreachable(error: unknown, target: Target, late: boolean): Trouble {
  const { code, message } = causeOf(error);
  const why = code ?? message;
  return {
    exit: exits.failure,
    code: late ? 'network.timeout' : 'network.unreachable',
    title: `${target.url} ${late ? 'did not answer in time' : 'cannot be reached'}`,
    ...(late ? {} : { detail: why }),
    next: 'Check the address (--url, SLIPWAY_URL) and the network.',
  };
}
