// Debian packages: which are missing, and getting them.
import { browserPackages, debianPackages, emscriptenPackages } from './packages.mjs';
import { has, must, run, SetupError } from './process.mjs';

/**
 * Installs what is missing when that needs no password.
 * @param {(text: string) => void} report prints one line of progress
 * @param {boolean} [emscripten] whether Emscripten is needed, too, and EMSDK does not name one
 * @param {boolean} [browser] whether a browser is needed, too, and CHROMIUM_PATH does not name one
 * @throws {SetupError} with the exact command to type when it takes a password, or with what to
 *   install on a system without apt-get
 */
export async function ensureDebianPackages(report, emscripten = false, browser = false) {
  const more = [
    ...(emscripten && !process.env.EMSDK ? emscriptenPackages : []),
    ...(browser && !process.env.CHROMIUM_PATH ? browserPackages : []),
  ];
  if (!has('dpkg-query') || !has('apt-get')) return requireTools(more);
  const missing = await missingPackages([...debianPackages, ...more]);
  if (missing.length === 0) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  const prefix = await privilege();
  if (prefix === undefined) {
    const typed = `sudo apt-get update && sudo ${install.join(' ')}`;
    throw new SetupError(`Debian packages are missing. Type this, then try again:\n\n  ${typed}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  report(`installing Debian packages: ${missing.join(' ')}`);
  // Lists that could not be fetched matter only if the installation then fails, which says so.
  await run([...prefix, 'apt-get', 'update'], { env });
  await must([...prefix, ...install], 'apt-get install', { env });
  report('Debian packages installed');
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
 * @param {string[]} more packages beside the usual ones
 */
function requireTools(more) {
  const compiler = process.env.WASI_SDK_PATH ? [] : ['clang++-22', 'wasm-ld-22'];
  const second = [
    ...(more.includes('emscripten') ? ['em++', 'wasm-metadce'] : []),
    ...(more.includes('chromium') ? ['chromium'] : []),
  ];
  const missing = ['cmake', 'ninja', ...compiler, ...second].filter((tool) => !has(tool));
  if (missing.length === 0) return;
  const names = [...debianPackages, ...more].join(' ');
  throw new SetupError(`not on PATH: ${missing.join(' ')}. Install what Debian calls: ${names}`);
}
