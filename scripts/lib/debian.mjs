// Debian packages: which are missing, and getting them.
import { browserPackages, debianPackages, emscriptenPackages } from './packages.mjs';
import { has, must, run, SetupError } from './process.mjs';

/**
 * What is needed beside the usual packages.
 * @typedef {{ emscripten?: boolean | undefined, browser?: boolean | undefined }} More
 */

/**
 * Installs what is missing when that needs no password.
 * @param {(text: string) => void} report prints one line of progress
 * @param {More} [now] what is installed, too
 * @param {More} [soon] what a later call will ask for: a person who has to type the command, or to
 *   find the tools, is told all of it at once
 * @throws {SetupError} with the exact command to type when it takes a password, or with what to
 *   install on a system without apt-get
 */
export async function ensureDebianPackages(report, now = {}, soon = {}) {
  const wanted = [...debianPackages, ...furtherPackages(now)];
  const all = [...new Set([...wanted, ...furtherPackages(soon)])];
  if (!has('dpkg-query') || !has('apt-get')) return requireTools(all);
  const missing = await missingPackages(all);
  if (missing.length === 0) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends'];
  const prefix = await privilege();
  if (prefix === undefined) {
    const typed = `sudo apt-get update && sudo ${[...install, ...missing].join(' ')}`;
    throw new SetupError(`Debian packages are missing. Type this, then try again:\n\n  ${typed}`);
  }
  const first = missing.filter((name) => wanted.includes(name));
  if (first.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  report(`installing Debian packages: ${first.join(' ')}`);
  // Lists that could not be fetched matter only if the installation then fails, which says so.
  await run([...prefix, 'apt-get', 'update'], { env });
  await must([...prefix, ...install, ...first], 'apt-get install', { env });
  report('Debian packages installed');
}

/**
 * The packages of what is needed beside the usual ones. What EMSDK or CHROMIUM_PATH names is there.
 * @param {More} more
 * @returns {string[]}
 */
function furtherPackages({ emscripten = false, browser = false }) {
  return [
    ...(emscripten && !process.env.EMSDK ? emscriptenPackages : []),
    ...(browser && !process.env.CHROMIUM_PATH ? browserPackages : []),
  ];
}

/**
 * The packages of the list that are not fully installed, in its order.
 * @param {string[]} wanted
 * @returns {Promise<string[]>}
 */
async function missingPackages(wanted) {
  const format = ['-W', '-f', '$' + '{Package} $' + '{db:Status-Status}\n'];
  const { output } = await run(['dpkg-query', ...format, ...wanted]);
  const installed = new Set(output.split('\n'));
  return wanted.filter((name) => !installed.has(`${name} installed`));
}

/**
 * What to put before a command so that root runs it.
 * @returns {Promise<string[] | undefined>} undefined when it would take a password
 */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  if (!has('sudo')) return undefined;
  const { code } = await run(['sudo', '-n', 'true']);
  return code === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * Without apt-get: checks only that the build tools are there; CMake looks for the headers.
 * @param {string[]} packages those that hold the tools
 */
function requireTools(packages) {
  const compiler = process.env.WASI_SDK_PATH ? [] : ['clang++-22', 'wasm-ld-22'];
  const second = [
    ...(packages.includes('emscripten') ? ['em++', 'wasm-metadce'] : []),
    ...(packages.includes('chromium') ? ['chromium'] : []),
  ];
  const missing = ['cmake', 'ninja', ...compiler, ...second].filter((tool) => !has(tool));
  if (missing.length === 0) return;
  const names = packages.join(' ');
  throw new SetupError(`not on PATH: ${missing.join(' ')}. Install what Debian calls: ${names}`);
}
