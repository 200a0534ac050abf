// What a command is, what it is given, and what it comes to.
import type { Answer, Api, Call } from './api.ts';
import { CliError, type Trouble, usageError } from './errors.ts';
import type { Host } from './host.ts';
import { durationOf, type OptionName, type Values } from './options.ts';
import type { Talk } from './talk.ts';

/** What a command works with. */
export interface Context {
  readonly host: Host;
  readonly values: Values;
  readonly talk: Talk;
  readonly api: Api;
  /** The arguments by name, as `Command.takes` names them. */
  readonly given: Readonly<Record<string, string>>;
  readonly version: string;
}

/** What a command comes to. */
export interface Result {
  /** For `--json`. */
  readonly data: unknown;
  /** For people. */
  readonly text: string;
  /** With `--json=stream` each of these is a line; absent: the data is one. */
  readonly items?: readonly unknown[];
  /** With `--json=stream` everything has been told already. */
  readonly told?: boolean;
  /** Exit code without a trouble; absent: 0. */
  readonly exit?: number;
  /** It ended badly: shown after the data, with its exit code. */
  readonly trouble?: Trouble;
}

/** One command. */
export interface Command {
  /** Noun and verb, or one word. */
  readonly name: string;
  /** Arguments in order; one that ends with `?` may be left out. */
  readonly takes: readonly string[];
  /** One line. */
  readonly summary: string;
  /** More, where that is needed. */
  readonly details?: string;
  readonly options: readonly OptionName[];
  /** Without `slipway`. */
  readonly examples: readonly string[];
  run(context: Context): Promise<Result>;
}

/** Options of commands that wait for what they started. */
export const waiting: readonly OptionName[] = ['wait', 'timeout'];
/** Options of POSTs. */
export const posting: readonly OptionName[] = ['dry-run', 'idempotency-key'];
/** Options of lists. */
export const listing: readonly OptionName[] = ['limit', 'cursor', 'all'];

const timeout_default_ms = 20 * 60_000;

/** The longest wait that was asked for. @throws CliError */
export function timeoutOf(values: Values): number {
  return values.timeout === undefined ? timeout_default_ms : durationOf(values.timeout);
}

/** Whether to wait: as it was asked, else where a person looks on. */
export function waits({ values, host }: Context): boolean {
  return values.wait ?? host.stderrTerminal;
}

/** The argument. */
export function argument(context: Context, name: string): string {
  return context.given[name] ?? '';
}

/** The slug: one under which an organisation could be registered. @throws CliError */
export function slugOf(context: Context): string {
  const slug = argument(context, 'slug');
  const body = { orgId: 'org', name: 'Org' };
  context.api.check({ method: 'PUT', path: '/api/v1/orgs/{slug}', params: { slug }, body });
  return slug;
}

/** The platform that was named: an id that a platform could have. @throws CliError */
export function platformIdOf(context: Context): string {
  const platformId = argument(context, 'platformId');
  const body = { platformId, environments: ['dev'] };
  context.api.check({ method: 'POST', path: '/api/v1/platforms', body });
  return platformId;
}

/** The option, which this command cannot do without. @throws CliError */
export function required(context: Context, name: 'id' | 'name' | 'org' | 'role'): string {
  const value = context.values[name];
  if (value === undefined || value === '') {
    throw usageError(`--${name} is needed`, 'See --help.');
  }
  return value;
}

/**
 * Asks before something that cannot be undone; with `--yes` or `--dry-run` it does not.
 * @throws CliError where nobody can be asked, or the answer is not yes
 */
export async function confirm(context: Context, what: string): Promise<void> {
  const { values, host } = context;
  if (values.yes === true || values['dry-run'] === true) return;
  if (!host.interactive) {
    throw usageError(`${what}: that has to be confirmed`, 'Add --yes.');
  }
  const answer = await host.ask(`${what}. Go on? [y/N] `, false);
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw usageError('Nothing was done');
}

/** Checks, asks, then calls: what is wrong is said before anyone is asked. */
export async function callConfirmed(context: Context, what: string, call: Call): Promise<Answer> {
  context.api.check(call);
  await confirm(context, what);
  return await context.api.call(call);
}

/** The JSON object of a file, or of standard input. @throws CliError */
export async function readJson(context: Context, file: string): Promise<Record<string, unknown>> {
  const text = await readInput(context, file);
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told below, without the text: it may be anything.
  }
  throw usageError(`${file === '-' ? 'Standard input' : file} does not hold a JSON object`);
}

/** The text of a file, or of standard input. @throws CliError */
export async function readInput({ host }: Context, file: string): Promise<string> {
  try {
    return file === '-' ? await host.readStdin() : host.readFile(file);
  } catch {
    throw usageError(`${file} cannot be read`);
  }
}

/** A list, one page of it or all. */
export interface List<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** Reads a list as far as the options say. @throws CliError */
export async function readList<T>(context: Context, call: Call): Promise<List<T>> {
  const { values, api } = context;
  const items: T[] = [];
  let { cursor } = values;
  for (;;) {
    const query = { ...call.query, limit: values.limit, cursor };
    const page = (await api.call({ ...call, query })).body as List<T>;
    items.push(...page.items);
    if (values.all !== true || page.nextCursor === undefined || page.nextCursor === cursor) {
      const { nextCursor } = page;
      return nextCursor === undefined ? { items } : { items, nextCursor };
    }
    cursor = page.nextCursor;
  }
}

/** A list as the result of a command. */
export function listResult<T>(context: Context, list: List<T>, text: string): Result {
  if (list.nextCursor !== undefined) {
    context.talk.note(`there are more: --cursor ${list.nextCursor}, or --all`);
  }
  const none = list.items.length === 0 ? '(none)' : text;
  return { data: list, items: list.items, text: none };
}

/** Ends with this trouble. */
export function fail(trouble: Trouble): never {
  throw new CliError(trouble);
}
