// Set-up on a fresh machine and after every change: system packages, npm packages, core.wasm,
// the web pages.
// Runs on Node 20 with nothing installed. Does only what is missing, so calling it again is cheap.
//   node scripts/setup.mjs [--native] [--wasm-tests] [--emscripten]
import { fileURLToPath } from 'node:url';
import { buildPreset, coreWasm, placeCoreWasm } from './lib/build.mjs';
import { ensureDebianPackages } from './lib/debian.mjs';
import { ensureModules } from './lib/modules.mjs';
import { node24, toolEnv } from './lib/node.mjs';
import { buildPages } from './lib/pages.mjs';
import { root, SetupError, say } from './lib/process.mjs';

export { coreWasm, node24, root, SetupError, toolEnv };

/**
 * What to make ready beside packages and node_modules. `core`: build/core.wasm and build/pages
 * (unless false); `browser`: Chromium;
 * `native`: the native programs (unit tests, emitter, door); `wasmTests`: the unit tests as Wasm;
 * `emscripten`: core.wasm by Emscripten.
 * @typedef {{
 *   core?: boolean, native?: boolean, wasmTests?: boolean, emscripten?: boolean, browser?: boolean,
 * }} Wanted
 */

/**
 * `quiet`: print nothing unless something fails; `modestly`: builds give way to others; `started`:
 * since when to count seconds.
 * @typedef {{ quiet?: boolean, modestly?: boolean, started?: number }} Manner
 */

/**
 * Makes ready what is wanted; what is ready already costs next to nothing.
 * @param {Wanted & Manner} [wanted]
 * @throws {SetupError} whose message says what to do
 */
export async function ensureReady(wanted = {}) {
  const options = { started: performance.now(), ...wanted };
  const report = reporter(options);
  await ensurePackages(options);
  if (options.core !== false) {
    const targets = options.wasmTests ? [] : ['core'];
    const built = await build('wasi', targets, 'build/core.wasm', options);
    placeCoreWasm();
    report(built ? 'built build/core.wasm' : 'build/core.wasm is current');
    report((await buildPages()) ? 'built build/pages' : 'build/pages is current');
  }
  const more = [
    { wanted: options.native, preset: 'native', targets: [] },
    { wanted: options.emscripten, preset: 'emscripten', targets: ['core'] },
  ];
  for (const { preset, targets } of more.filter((one) => one.wanted)) {
    const built = await build(preset, targets, `build/${preset}`, options);
    report(built ? `built build/${preset}` : `build/${preset} is current`);
  }
}

/**
 * Installs what building and testing need, nothing else.
 * @param {Wanted & Manner} [options]
 * @param {Wanted} [soon] what a later call will ask for, too
 * @throws {SetupError} whose message says what to do
 */
export async function ensurePackages(options = {}, soon = {}) {
  const report = reporter(options);
  const packages = [ensureDebianPackages(report, options, soon), ensureModules(report)];
  // Both come to their end even where one fails: who gives up must not leave an apt-get half done.
  const failed = (await Promise.allSettled(packages)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/**
 * Builds, and says now and then how far it is.
 * @param {string} preset
 * @param {string[]} targets
 * @param {string} name of what is built
 * @param {Manner} options
 * @returns {Promise<boolean>} whether anything had to be built
 */
async function build(preset, targets, name, options) {
  const report = reporter(options);
  let steps = '';
  const hear = (/** @type {string} */ text) => {
    steps = text.match(/\[(\d+\/\d+)\](?!.*\[\d+\/\d+\])/s)?.[1] ?? steps;
  };
  const patience_ms = 1500;
  const progress_ms = 30_000;
  const first = setTimeout(() => report(`building ${name} from C++`), patience_ms);
  const again = setInterval(() => report(`building ${name}: ${steps}`), progress_ms);
  try {
    return await buildPreset(preset, targets, { hear, modestly: options.modestly });
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}

/**
 * @param {Manner} options
 * @returns {(text: string) => void} prints one line of progress
 */
function reporter({ quiet, started = performance.now() }) {
  return (text) => {
    if (!quiet) say(text, started);
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const known = ['--native', '--wasm-tests', '--emscripten'];
  const flags = process.argv.slice(2);
  const unknown = flags.find((flag) => !known.includes(flag));
  try {
    if (unknown !== undefined) {
      throw new SetupError(`unknown flag ${unknown}; there are ${known.join(', ')}`);
    }
    await ensureReady({
      native: flags.includes('--native'),
      wasmTests: flags.includes('--wasm-tests'),
      emscripten: flags.includes('--emscripten'),
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
