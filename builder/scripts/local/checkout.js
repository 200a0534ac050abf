// Puts the starter into STARTER_DIR, from STARTER_SOURCE, at the commit SHELL_SHA or, without one,
// at the source's head. A folder that is no repository of its own is copied. Sees no secret.

import { cpSync, existsSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pnpmEnvironment, run } from '../lib/commands.js';
import { annotate } from '../lib/text.js';

const TIMEOUT_MS = 10 * 60_000;
const LEFT_OUT = ['node_modules', 'dist'];

function copy(source, target) {
  const wanted = (path) => !LEFT_OUT.includes(relative(source, path).split(sep)[0]);
  cpSync(source, target, { recursive: true, filter: wanted });
}

async function git(...args) {
  const env = { ...pnpmEnvironment(), GIT_TERMINAL_PROMPT: '0' };
  const { ok, status } = await run('git', args, { env, timeoutMs: TIMEOUT_MS });
  if (!ok) throw new Error(status);
}

async function checkOut(source, target, sha) {
  const folder = statSync(source, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (folder && !existsSync(join(source, '.git')) && !existsSync(join(source, 'HEAD'))) {
    copy(source, target);
    return;
  }
  await git('clone', '--quiet', '--no-checkout', '--', source, target);
  await git('-C', target, 'checkout', '--quiet', '--detach', sha || 'HEAD');
}

const { STARTER_SOURCE, STARTER_DIR, SHELL_SHA } = process.env;
try {
  await checkOut(STARTER_SOURCE, STARTER_DIR, SHELL_SHA);
} catch (error) {
  annotate('error', `The starter could not be checked out. ${error.message}`);
  process.exitCode = 1;
}
