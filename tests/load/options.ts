// The command line of the load.
import { parseArgs } from 'node:util';

/** What to do, and for how long. */
export interface Options {
  /** The soak in place of the throughput. */
  readonly soak: boolean;
  /** Of one measurement. */
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** Of traffic in the soak. */
  readonly minutes: number;
  /** Between two kills of the soak. */
  readonly kill_every_s: number;
  /** Of what the soak's traffic is drawn from; absent: another one each time. */
  readonly seed: number | undefined;
  /** The result as JSON on standard output; everything else goes to standard error. */
  readonly json: boolean;
  readonly help: boolean;
}

/** How the command is called. */
export const usage = `npm run load -- [options]

Throughput: the Worker in workerd with D1 on disk, over loopback, beside a plain Worker with Hono
and zod that does the same.

  --seconds N      of each measurement (default 4)
  --rounds N       measurements of each kind and side, in turns (default 5)
  --connections N  at once (default 8)

Soak: mixed traffic against all that \`npm start\` starts, the Worker killed with SIGKILL again and
again; then everything that was acknowledged must be there, and every site at its end.

  --soak           the soak in place of the throughput
  --minutes N      of traffic (default 10)
  --kill-every N   seconds between two kills (default 30)
  --seed N         repeats the choices of an earlier run, as far as its answers allow

Both:

  --json           the result as JSON on standard output, the rest on standard error
`;

/** The command line was wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the arguments. @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const values = parsed(args);
  return {
    soak: values.soak,
    seconds: within('--seconds', values.seconds, 1, 600),
    rounds: within('--rounds', values.rounds, 1, 100),
    connections: within('--connections', values.connections, 1, 256),
    minutes: within('--minutes', values.minutes, 0.1, 24 * 60),
    kill_every_s: within('--kill-every', values['kill-every'], 5, 3600),
    seed: values.seed === undefined ? undefined : within('--seed', values.seed, 0, 2 ** 31 - 1),
    json: values.json,
    help: values.help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        soak: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '4' },
        rounds: { type: 'string', default: '5' },
        connections: { type: 'string', default: '8' },
        minutes: { type: 'string', default: '10' },
        'kill-every': { type: 'string', default: '30' },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function within(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new UsageError(`${name} must be a number from ${min} to ${max}`);
}
