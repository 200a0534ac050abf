// `version` and `help`, and what `--help` prints.
import { core_abi_version } from '../bindings/js/core.ts';
import { coreOf } from './check.ts';
import type { Command, Context } from './command.ts';
import { usageError } from './errors.ts';
import { common_options, type OptionName, option_specs } from './options.ts';
import { fields, table } from './talk.ts';

const version: Command = {
  name: 'version',
  takes: [],
  summary: 'which version this is',
  options: [],
  examples: ['version', 'version --json'],
  async run({ host, version: slipway }) {
    const core = coreOf(host.root) !== undefined;
    const data = { slipway, node: process.versions.node, coreAbi: core_abi_version, core };
    const text = fields([
      ['slipway', slipway],
      ['node', data.node],
      ['core', core ? `ABI ${core_abi_version}` : 'not built: npm run setup'],
    ]);
    return { data, text };
  },
};

/** `help` has to know the others: run.ts gives them. */
function helpOf(all: () => Promise<readonly Command[]>): Command {
  return {
    name: 'help',
    takes: ['command...?'],
    summary: 'what the commands do',
    options: [],
    examples: ['help', 'help org provision'],
    async run({ given }: Context) {
      const list = await all();
      const words = (given.words ?? '').split(' ').filter((each) => each !== '');
      const command = list.find(({ name }) => name === words.join(' '));
      const group = list.some(({ name }) => name.startsWith(`${words.join(' ')} `));
      if (words.length > 0 && command === undefined && !group) {
        throw usageError(`There is no command ${words.join(' ')}`, 'See slipway help.');
      }
      const text = helpText(list, command, words);
      return { data: { help: text }, text };
    },
  };
}

/** The commands of this file. */
export const help_commands: readonly Command[] = [
  version,
  helpOf(async () => (await import('./run.ts')).commands),
];

/** The help of one command, of a group, or of everything. */
export function helpText(
  all: readonly Command[],
  command: Command | undefined,
  words: readonly string[],
): string {
  if (command !== undefined) return commandHelp(command);
  const group = words.length === 0 ? all : all.filter(({ name }) => startsWith(name, words));
  const rows = group.map((each) => [`  ${usageOf(each)}`, each.summary]);
  return [
    'slipway <command> [options]',
    '',
    table(rows),
    '',
    'Options of every command:',
    optionTable(common_options),
    '',
    'The address is --url or SLIPWAY_URL, the key SLIPWAY_TOKEN or --token-file. Without any',
    'the instance of a running `npm start` in this checkout is used.',
    'Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, 4 auth, 5 conflict, 6 try later,',
    '7 timed out waiting, 8 verification failed, 130 Ctrl-C.',
    '`slipway help <command>` has examples.',
  ].join('\n');
}

const startsWith = (name: string, words: readonly string[]): boolean =>
  `${name} `.startsWith(`${words.join(' ')} `);

const usageOf = ({ name, takes }: Command): string =>
  [
    name,
    ...takes.map((each) => (each.endsWith('?') ? `[${each.slice(0, -1)}]` : `<${each}>`)),
  ].join(' ');

function commandHelp(command: Command): string {
  const { summary, details, options, examples } = command;
  const own = options.length === 0 ? [] : ['', 'Options:', optionTable(options)];
  return [
    `slipway ${usageOf(command)}${options.length === 0 ? '' : ' [options]'}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(details === undefined ? [] : [details]),
    ...own,
    '',
    'Options of every command:',
    optionTable(common_options),
    '',
    'Examples:',
    ...examples.map((each) => `  slipway ${each}`),
  ].join('\n');
}

function optionTable(names: readonly OptionName[]): string {
  const rows = names.map((name) => {
    const spec: { help: string; short?: string; value?: string } = option_specs[name];
    const short = spec.short === undefined ? '' : `-${spec.short}, `;
    const value = spec.value === undefined || spec.value === '' ? '' : ` ${spec.value}`;
    // Colour is the rule where a person looks on: what one can do is go without.
    return [`  ${short}--${name === 'color' ? 'no-color' : name}${value}`, spec.help];
  });
  return table(rows);
}
