// The command line of the benchmark.
import { parseArgs } from 'node:util';

/** What to measure and where to say it. */
export interface Options {
  /** Letters of the cases; empty: all. */
  readonly only: readonly string[];
  /** Fewer rounds: rough numbers in half a minute. */
  readonly quick: boolean;
  /** Nothing in workerd. */
  readonly node_only: boolean;
  /** Where the results go as JSON. */
  readonly json?: string | undefined;
  /** Whether docs/performance.md gets the tables. */
  readonly write: boolean;
  readonly help: boolean;
}

/** How the command is called. */
export const usage = `npm run bench -- [options]

  --only a,b   cases, by letter:
                 a config.validate     b github.runs        c pages.deployments
                 d create_project      e one step           f whole requests
                 g the module
  --quick      rough numbers in half a minute
  --node-only  nothing in workerd
  --json FILE  the results as JSON, too
  --write      put the tables into docs/performance.md`;

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/** Reads the arguments. @throws Error that says which one is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      'node-only': { type: 'boolean', default: false },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',').filter((letter) => letter !== '');
  const odd = only.find((letter) => !letters.includes(letter));
  if (odd !== undefined)
    throw new Error(`there is no case ${odd}; there are ${letters.join(', ')}`);
  const { quick, json, write, help } = values;
  return { only, quick, node_only: values['node-only'], json, write, help };
}
