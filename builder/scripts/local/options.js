// What `npm run builder` is told: its arguments and the variables of the machine.

import { existsSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What `--help` prints. */
export const USAGE = `Builds and deploys the batches that wait for a runner, on this machine.

usage: npm run builder -- --account NAME [--env dev|stg|prod] [--once] [--wait]

  --account NAME  the Cloudflare account, by its name in Slipway
  --env ENV       only batches of this environment
  --once          end after one batch, or at once when none waits
  --wait          with --once: wait until there is a batch
  --help          this text

Without --once it serves one batch after the other until Ctrl-C. What a stopped batch left open is
reported as cancelled; a second Ctrl-C ends at once.

Variables, the same as in build.yml:
  NNO_API_URL, NNO_INTERNAL_API_KEY   Slipway's address and its key for builders
  CF_API_TOKEN, CF_ACCOUNT_ID         the Cloudflare account's token (Pages, Edit) and id
  CLOUDFLARE_API_BASE_URL             optional: another API than Cloudflare's own
  STARTER_DIR                         optional: a folder with the starter; it is copied
  STARTER_REPOSITORY                  optional: owner/name at GitHub, or an address for git;
                                      otherwise neutrino-io/nno-stack-starter
  JOB_DEADLINE_MIN                    optional: the minutes that a batch may take (50)

Exit code: 0, also when nothing waits; 1 when all of the batch failed or none could be claimed; 2
when arguments or variables are wrong; 130 after Ctrl-C.
`;

/** Arguments or variables are wrong; the message says which. */
export class UsageError extends Error {}

const NEEDED = ['NNO_API_URL', 'NNO_INTERNAL_API_KEY', 'CF_API_TOKEN', 'CF_ACCOUNT_ID'];
const DEFAULT_REPOSITORY = 'neutrino-io/nno-stack-starter';

function parsed(args) {
  const flag = { type: 'boolean', default: false };
  const text = { type: 'string', default: '' };
  const options = { account: text, env: text, once: flag, wait: flag, help: flag };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function onPath(program, env) {
  const folders = (env.PATH ?? '').split(delimiter).filter((each) => each !== '');
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** Where the starter comes from: a folder of this machine, or an address for git. */
function starterSource(env) {
  if (env.STARTER_DIR) {
    const folder = resolve(env.STARTER_DIR);
    const config = join(folder, 'src', 'config');
    if (statSync(config, { throwIfNoEntry: false })?.isDirectory()) return folder;
    throw new UsageError(`STARTER_DIR is not a starter: there is no ${config}`);
  }
  const name = env.STARTER_REPOSITORY || DEFAULT_REPOSITORY;
  if (name.startsWith('-')) throw new UsageError('STARTER_REPOSITORY is not a repository');
  return /^[\w.-]+\/[\w.-]+$/.test(name) ? `https://github.com/${name}.git` : name;
}

/**
 * Reads the arguments; `env` must have everything that the steps will need.
 * @throws UsageError that names every fault at once
 */
export function readOptions(args, env) {
  const { account, env: environment, once, wait, help } = parsed(args);
  if (help) return { help };
  const faults = [];
  if (account === '') faults.push('--account is missing');
  if (!['', 'dev', 'stg', 'prod'].includes(environment)) faults.push('--env is dev, stg or prod');
  if (wait && !once) faults.push('--wait goes with --once');
  const missing = NEEDED.filter((name) => !env[name]);
  if (missing.length > 0) faults.push(`these variables are missing: ${missing.join(', ')}`);
  for (const program of ['pnpm', 'git']) {
    if (!onPath(program, env)) faults.push(`${program} is not on the PATH`);
  }
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  return { help, account, environment, once, wait, starter: starterSource(env) };
}
