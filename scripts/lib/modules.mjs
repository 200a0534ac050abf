// node_modules: whether it is what package-lock.json says, and installing it when it is not.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, root, SetupError } from './process.mjs';

const lockPath = join(root, 'package-lock.json');
const stampPath = join(root, 'node_modules/.slipway-stamp');

/**
 * Installs exactly the locked packages unless node_modules holds them already. No install script
 * runs. A stamp with the lock's digest makes the next call cheap.
 *
 * Not `npm ci`: it refuses a lock that lacks other platforms' optional binaries, and a lock lacks
 * those when it was made against a mirror without them. What was installed is compared instead.
 * @param {(text: string) => void} report prints one line of progress
 * @throws {SetupError} when npm fails, or installed something else than the lock says
 */
export async function ensureModules(report) {
  const lock = readFileSync(lockPath);
  const digest = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === digest) return;
  if (!sameAsInstalled(lock.toString())) {
    report('installing npm packages');
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    await must(['npm', 'install', ...flags], 'npm install');
    if (!sameAsInstalled(lock.toString())) {
      throw new SetupError('node_modules differs from package-lock.json: run "npm install"');
    }
    report('npm packages installed');
  }
  writeFileSync(stampPath, digest);
}

/**
 * Whether npm's own record of what it installed agrees with the lock. Optional packages (other
 * platforms' binaries) may be absent.
 * @param {string} lockText package-lock.json
 * @returns {boolean}
 */
function sameAsInstalled(lockText) {
  const recordPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(recordPath)) return false;
  const installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages;
  const locked = Object.entries(JSON.parse(lockText).packages);
  return locked.every(([path, wanted]) => {
    // A package of this repository is a link: nothing here imports it by its name.
    if (!path.startsWith('node_modules/') || wanted.link === true) return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}
