// What `npm start` can be told.
import { parseArgs } from 'node:util';

/** The command line, read. */
export interface Options {
  /** End when everything is live, or when something is not. */
  readonly once: boolean;
  /** No demo platforms: only the orgs. */
  readonly orgs: boolean;
  /** Further platforms, built by the modelled runner. */
  readonly fleet: number;
  /** Port of the Worker; the simulator has the next one. */
  readonly port: number;
  /** Directory that everything is kept in. */
  readonly state: string;
}

/** What `--help` prints. */
export const usage = `npm start -- [--once] [--orgs] [--fleet N] [--port P] [--state DIR]

  --once      exit 0 when every demo site is live, non-zero with the reason when one is not
  --orgs      only the demo orgs, without the demo platforms
  --fleet N   add N platforms (1 to 90), built by the modelled runner
  --port P    port of the Worker (default 8787); the simulator listens on P + 1
  --state D   directory of all state (default .slipway); delete it to begin anew
`;

/** The command line was wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Undefined: help was asked for. @throws UsageError */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parse(args);
  if (values.help === true) return undefined;
  return {
    once: values.once === true,
    orgs: values.orgs === true,
    fleet: values.fleet === undefined ? 0 : wholeNumber('--fleet', values.fleet, 1, 90),
    port: wholeNumber('--port', values.port, 1024, 65_534),
    state: values.state,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        orgs: { type: 'boolean' },
        fleet: { type: 'string' },
        port: { type: 'string', default: '8787' },
        state: { type: 'string', default: '.slipway' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}`);
}
