// One run of the command line: read, find the command, run it, print what it comes to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { help_commands, helpText } from './about.ts';
import { openApi } from './api.ts';
import type { Command, Context, Result } from './command.ts';
import { config_commands } from './config.ts';
import { deploy_commands } from './deploy.ts';
import { doctor_commands } from './doctor.ts';
import { CliError, exits, Interrupted, type Trouble, usageError, WouldSend } from './errors.ts';
import type { Host } from './host.ts';
import { type Line, nearest, readLine, requireTaken } from './options.ts';
import { org_commands } from './org.ts';
import { org_admin_commands } from './org_admin.ts';
import { platform_commands } from './platform.ts';
import { type Talk, talkOf } from './talk.ts';
import { findTarget, type Target } from './target.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ...org_commands,
  ...org_admin_commands,
  ...platform_commands,
  ...config_commands,
  ...deploy_commands,
  ...doctor_commands,
  ...help_commands,
];

/** Runs the command line; resolves to its exit code, and never rejects. */
export async function runCli(args: readonly string[], host: Host): Promise<number> {
  let talk = talkOf(host, { json: wishedJson(args) });
  try {
    const line = readLine(aliased(args));
    talk = talkOf(host, line.values);
    return await runLine(line, host, talk);
  } catch (error) {
    return explain(error, host, talk);
  }
}

// Until the options are read, errors are told as the words say.
function wishedJson(args: readonly string[]): string {
  return args.includes('--json=stream') ? 'stream' : args.includes('--json') ? 'object' : '';
}

// What people type out of habit.
function aliased(args: readonly string[]): readonly string[] {
  const [only, ...rest] = args;
  if (only === '--version' || only === '-v' || only === '-V') return ['version', ...rest];
  return args;
}

async function runLine(line: Line, host: Host, talk: Talk): Promise<number> {
  const { words, values } = line;
  const version = versionOf(host);
  const { command, rest } = findCommand(words, values.help === true);
  if (command === undefined || values.help === true) {
    talk.text(helpText(commands, command, words));
    return words.length === 0 && values.help !== true ? exits.usage : exits.ok;
  }
  requireTaken(values, command.options, command.name);
  const given = argumentsOf(command, rest);
  let found: Promise<Target> | undefined;
  const target = (): Promise<Target> => {
    found ??= findTarget(host, values, talk);
    return found;
  };
  const api = openApi({ host, values, talk, version, target });
  const context: Context = { host, values, talk, api, given, version };
  const result = await command.run(context);
  if (host.signal.aborted) throw new Interrupted();
  return print(result, talk);
}

function print(result: Result, talk: Talk): number {
  if (talk.json === undefined) talk.text(result.text);
  else if (talk.json === 'object') talk.record(result.data);
  else if (result.items !== undefined) for (const item of result.items) talk.record(item);
  else if (result.told !== true) talk.record(result.data);
  if (result.trouble === undefined) return result.exit ?? exits.ok;
  talk.trouble(result.trouble);
  return result.trouble.exit;
}

// The longest name that the words begin with.
function findCommand(
  words: readonly string[],
  help: boolean,
): { command: Command | undefined; rest: readonly string[] } {
  for (let length = Math.min(3, words.length); length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ');
    const command = commands.find((each) => each.name === name);
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  const begun = words.join(' ');
  const isGroup = commands.some(({ name }) => name.startsWith(`${begun} `));
  if (words.length === 0 || (help && isGroup)) return { command: undefined, rest: [] };
  if (isGroup) {
    const verbs = commands.filter(({ name }) => name.startsWith(`${begun} `));
    const all = verbs.map(({ name }) => name.slice(begun.length + 1)).join(', ');
    throw usageError(`${begun} needs one of: ${all}`, `See slipway help ${begun}.`);
  }
  const typed = words.slice(0, 2).join(' ');
  const names = commands.map(({ name }) => name);
  const meant = nearest(typed, names) ?? nearest(words[0] ?? '', names);
  const hint = meant === undefined ? 'See slipway help.' : `Did you mean slipway ${meant}?`;
  throw usageError(`There is no command ${typed}`, hint);
}

function argumentsOf(command: Command, rest: readonly string[]): Record<string, string> {
  const { name, takes } = command;
  // `help` takes the words of a command.
  if (takes[0] === 'command...?') return { words: rest.join(' ') };
  const needed = takes.filter((each) => !each.endsWith('?'));
  const missing = needed[rest.length];
  if (missing !== undefined) {
    throw usageError(`${name} needs <${missing}>`, `See slipway help ${name}.`);
  }
  if (rest.length > takes.length) {
    throw usageError(`${name} takes no ${rest[takes.length]}`, `See slipway help ${name}.`);
  }
  if (rest.includes('')) throw usageError('An argument is empty');
  const named = rest.map((value, index) => [(takes[index] ?? '').replace('?', ''), value]);
  return Object.fromEntries(named) as Record<string, string>;
}

function explain(error: unknown, host: Host, talk: Talk): number {
  if (error instanceof WouldSend) {
    const text = JSON.stringify(error.request, null, 2);
    if (talk.json === undefined) talk.text(text);
    else talk.record(error.request);
    talk.note('dry run: this would be sent; nothing was');
    return exits.ok;
  }
  if (host.signal.aborted || error instanceof Interrupted || isAbort(error)) {
    return exits.interrupted;
  }
  const trouble = error instanceof CliError ? error.trouble : unexpected(error, host);
  if (talk.json !== undefined) talk.record({ error: trouble });
  talk.trouble(trouble);
  return trouble.exit;
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

// Most likely an answer of another form than this version knows.
function unexpected(error: unknown, host: Host): Trouble {
  const stack = error instanceof Error && host.env.SLIPWAY_DEBUG === '1' ? error.stack : undefined;
  return {
    exit: exits.failure,
    code: 'cli.unexpected',
    title: 'A fault of this command, or an answer that it does not understand',
    detail: stack ?? String(error),
    next: 'Use the command line of the version that is deployed; SLIPWAY_DEBUG=1 shows more.',
  };
}

function versionOf(host: Host): string {
  const text = readFileSync(join(host.root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
