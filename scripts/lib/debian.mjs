// Debian packages: which are missing, and getting them.
import { debianPackages } from './packages.mjs';
import { has, must, run, SetupError } from './process.mjs';

/**
 * Installs what is missing when that needs no password.
 * @param {(text: string) => void} report prints one line of progress
 * @throws {SetupError} with the exact command to type when it takes a password, or with what to
 *   install on a system without apt-get
 */
export async function ensureDebianPackages(report) {
  if (!has('dpkg-query') || !has('apt-get')) return requireTools();
  const missing = await missingPackages();
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
 * @returns {Promise<string[]>}
 */
async function missingPackages() {
  const format = ['-W', '-f', '$' + '{Package} $' + '{db:Status-Status}\n'];
  const { output } = await run(['dpkg-query', ...format, ...debianPackages]);
  const installed = new Set(output.split('\n'));
  return debianPackages.filter((name) => !installed.has(`${name} installed`));
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

/** Without apt-get: checks only that the build tools are there; CMake looks for the headers. */
function requireTools() {
  const compiler = process.env.WASI_SDK_PATH ? [] : ['clang++-22', 'wasm-ld-22'];
  const missing = ['cmake', 'ninja', ...compiler].filter((tool) => !has(tool));
  if (missing.length === 0) return;
  const names = debianPackages.join(' ');
  throw new SetupError(`not on PATH: ${missing.join(' ')}. Install what Debian calls: ${names}`);
}
