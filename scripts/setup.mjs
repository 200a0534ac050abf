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
 * `emscripten`: core.wasm by Emscripten; `quiet`: print nothing unless something fails.
 * @typedef {{
 *   core?: boolean, native?: boolean, wasmTests?: boolean, emscripten?: boolean, browser?: boolean,
 *   quiet?: boolean,
 * }} Wanted
 */

/**
 * Makes ready what is wanted; what is ready already costs next to nothing.
 * @param {Wanted} [options]
 * @throws {SetupError} whose message says what to do
 */
export async function ensureReady(options = {}) {
  const started = performance.now();
  const report = (/** @type {string} */ text) => {
    if (!options.quiet) say(text, started);
  };
  await ensureDebianPackages(report, options.emscripten, options.browser);
  await ensureModules(report);
  if (options.core !== false) {
    const said = sayWhenLong('building build/core.wasm from C++, half a minute or more', report);
    const built = await buildPreset('wasi', options.wasmTests ? [] : ['core']).finally(said);
    placeCoreWasm();
    report(built ? 'built build/core.wasm' : 'build/core.wasm is current');
    report((await buildPages()) ? 'built build/pages' : 'build/pages is current');
  }
  if (options.native) {
    const said = sayWhenLong('building build/native, a minute or more', report);
    const compiled = await buildPreset('native', []).finally(said);
    report(compiled ? 'built build/native' : 'build/native is current');
  }
  if (options.emscripten) {
    const said = sayWhenLong('building core.wasm with Emscripten, half a minute or more', report);
    const compiled = await buildPreset('emscripten', ['core']).finally(said);
    report(compiled ? 'built build/emscripten' : 'build/emscripten is current');
  }
}

/**
 * Says what is going on when it turns out to take long.
 * @param {string} text
 * @param {(text: string) => void} report
 * @returns {() => void} to be called at the end
 */
function sayWhenLong(text, report) {
  const patience_ms = 1500;
  const timer = setTimeout(() => report(text), patience_ms);
  return () => clearTimeout(timer);
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
