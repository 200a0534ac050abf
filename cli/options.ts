// The options of all commands, and the command line read: which command, which values. An option
// means the same wherever it is taken.
import { parseArgs } from 'node:util';
import { type CliError, usageError } from './errors.ts';

/** How an option is given. */
interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** Every option there is. */
export const option_specs = {
  url: { type: 'string', value: 'URL', help: 'address of the instance (or SLIPWAY_URL)' },
  'token-file': { type: 'string', value: 'FILE', help: 'file that holds the API token or key' },
  json: { type: 'string', value: '', help: 'data as one JSON object; --json=stream: NDJSON' },
  quiet: { type: 'boolean', short: 'q', help: 'no progress and no notes' },
  color: { type: 'boolean', help: 'no colour (also NO_COLOR)' },
  help: { type: 'boolean', short: 'h', help: 'what the command does' },
  yes: { type: 'boolean', short: 'y', help: 'do it without asking' },
  'dry-run': { type: 'boolean', help: 'change nothing; say what would be done' },
  wait: { type: 'boolean', help: 'wait for the end (default on a terminal); --no-wait: do not' },
  timeout: { type: 'string', value: 'TIME', help: 'longest wait, such as 90s, 10m (default 20m)' },
  'idempotency-key': { type: 'string', value: 'KEY', help: 'own key of a request (else random)' },
  env: { type: 'string', multiple: true, value: 'ENV', help: 'dev, stg or prod' },
  file: { type: 'string', value: 'FILE', help: 'JSON file; - for standard input' },
  'hook-file': { type: 'string', value: 'FILE', help: 'file with the hook URL; - for stdin' },
  'show-hook': { type: 'boolean', help: 'print the deploy hook URL in full' },
  id: { type: 'string', value: 'ORGID', help: "the organisation's id in your application" },
  name: { type: 'string', value: 'NAME', help: 'name for people' },
  member: { type: 'string', multiple: true, value: 'USER[:ROLE]', help: 'member; repeat it' },
  role: { type: 'string', value: 'ROLE', help: 'admin or member (default member)' },
  project: { type: 'string', value: 'NAME', help: 'the Pages project behind a pasted hook' },
  org: { type: 'string', value: 'SLUG', help: 'the organisation of a publication' },
  reason: { type: 'string', value: 'TEXT', help: 'why; shown in the history' },
  version: { type: 'string', value: 'N', help: 'a configuration version (default: the newest)' },
  source: { type: 'boolean', help: 'as the TypeScript that the builder gets' },
  'if-match': { type: 'string', value: 'ETAG', help: 'version it starts from; * for whatever' },
  to: { type: 'string', value: 'ID', help: 'the deployment to go back to' },
  watch: { type: 'boolean', help: 'follow every change' },
  limit: { type: 'string', value: 'N', help: 'entries of a page' },
  cursor: { type: 'string', value: 'CURSOR', help: 'the next page, as the last one named it' },
  all: { type: 'boolean', help: 'all pages' },
  prefix: { type: 'string', value: 'TEXT', help: 'ids that begin with this' },
  state: { type: 'string', value: 'STATE', help: 'with a site in this state' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** The name of an option. */
export type OptionName = keyof typeof option_specs;

/** Options that every command takes. */
export const common_options: readonly OptionName[] = [
  'url',
  'token-file',
  'json',
  'quiet',
  'color',
  'help',
];

type ValueOf<N extends OptionName> = (typeof option_specs)[N] extends { type: 'boolean' }
  ? boolean
  : (typeof option_specs)[N] extends { multiple: true }
    ? string[]
    : string;

/** The values that were given. */
export type Values = { readonly [N in OptionName]?: ValueOf<N> };

/** The command line, taken apart. */
export interface Line {
  readonly words: readonly string[];
  readonly values: Values;
}

/** Takes the command line apart. @throws CliError where it has an option that no command has */
export function readLine(args: readonly string[]): Line {
  try {
    const { values, positionals } = parseArgs({
      args: args.map((each, index) => withJsonForm(each, args.indexOf('--'), index)),
      options: option_specs,
      allowPositionals: true,
      allowNegative: true,
    });
    return { words: positionals, values: values as Values };
  } catch (error) {
    throw asUsage(error, args);
  }
}

// `--json` may stand alone: then it means the object form.
function withJsonForm(arg: string, end: number, index: number): string {
  return arg === '--json' && (end < 0 || index < end) ? '--json=object' : arg;
}

function asUsage(error: unknown, args: readonly string[]): CliError {
  const token = args.some((each) => /^--(token|key|api-token|admin-key)(=|$)/.test(each));
  if (token) {
    return usageError(
      'A token is never given on the command line: others on this machine could read it',
      'Set SLIPWAY_TOKEN, or name a file with --token-file.',
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  const wrong = message.match(/Unknown option '(--?[^']*)'/)?.[1];
  if (wrong === undefined) return usageError(message.split('. ')[0] ?? message);
  const meant = nearest(wrong.replace(/^-+(no-)?/, ''), Object.keys(option_specs));
  const hint = meant === undefined ? 'See --help.' : `Did you mean --${meant}?`;
  return usageError(`There is no option ${wrong}`, hint);
}

/** The option must be one of the command's. @throws CliError */
export function requireTaken(values: Values, taken: readonly OptionName[], command: string): void {
  for (const name of Object.keys(values) as OptionName[]) {
    if (taken.includes(name) || common_options.includes(name)) continue;
    throw usageError(`${command} has no option --${name}`, `See slipway help ${command}.`);
  }
  const { json } = values;
  if (json !== undefined && json !== 'object' && json !== 'stream') {
    throw usageError('--json is given alone, or as --json=stream');
  }
}

/** `90`, `90s`, `10m` or `1h` in milliseconds. @throws CliError */
export function durationOf(text: string): number {
  const [, digits, unit] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600 }[unit ?? 's'];
  if (digits === undefined || seconds === undefined || Number(digits) === 0) {
    throw usageError(`--timeout ${text} is no time`, 'Write it like 90s, 10m or 1h.');
  }
  return Number(digits) * seconds * 1000;
}

/** The known word that was probably meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const far = Math.max(2, Math.floor(word.length / 3));
  const ranked = known
    .map((each) => ({ each, steps: distance(word, each) }))
    .sort((a, b) => a.steps - b.steps);
  return ranked[0] !== undefined && ranked[0].steps <= far ? ranked[0].each : undefined;
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...to].entries()) {
      const swap = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(swap, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
