// Building with CMake: configuring a preset when needed, building targets, placing core.wasm.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has, must, root } from './process.mjs';

/** Where the module that ships is put: absolute path. */
export const coreWasm = join(root, 'build/core.wasm');

/** What to put before a command that gives way to others on the same machine. */
export const modestly = ['nice', '-n', '5'];

/**
 * Builds targets of one preset. Ninja skips what is current; a change of the presets, of the
 * toolchain files, of WASI_SDK_PATH or of EMSDK configures afresh. One build of a preset runs at a
 * time.
 * @param {string} preset a name in CMakePresets.json
 * @param {string[]} targets CMake targets; none means all
 * @param {{ hear?: (text: string) => void, modestly?: boolean | undefined }} [options]
 *   `hear` is told what is printed; `modestly`: what else runs on this machine has precedence
 * @returns {Promise<boolean>} whether anything had to be built
 * @throws {SetupError} with the compiler's output
 */
export async function buildPreset(preset, targets, options = {}) {
  mkdirSync(join(root, 'build', preset), { recursive: true });
  await configure(preset);
  const chosen = targets.flatMap((target) => ['--target', target]);
  const build = ['cmake', '--build', '--preset', preset, ...chosen];
  const command = [...lock(preset), ...(options.modestly ? modestly : []), ...build];
  const output = await must(
    command,
    `building ${preset}`,
    options.hear ? { hear: options.hear } : {},
  );
  return !output.includes('no work to do');
}

/** Copies the built module to its place, atomically, and only when its bytes changed. */
export function placeCoreWasm() {
  const built = readFileSync(join(root, 'build/wasi/core.wasm'));
  if (existsSync(coreWasm) && readFileSync(coreWasm).equals(built)) return;
  const partial = `${coreWasm}.${process.pid}`;
  writeFileSync(partial, built);
  renameSync(partial, coreWasm);
}

/**
 * Configures unless it was done with the same inputs.
 * @param {string} preset
 */
async function configure(preset) {
  const { WASI_SDK_PATH = '', EMSDK = '' } = process.env;
  const hash = createHash('sha256').update(`${WASI_SDK_PATH}\n${EMSDK}\n`);
  for (const file of ['CMakePresets.json', 'wasm/wasi.cmake', 'wasm/emscripten.cmake']) {
    hash.update(readFileSync(join(root, file)));
  }
  const digest = hash.digest('hex');
  const directory = join(root, 'build', preset);
  const stamp = join(directory, '.slipway-stamp');
  const configured = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (configured && existsSync(join(directory, 'build.ninja'))) return;
  const command = ['cmake', '--preset', preset, '--fresh'];
  await must([...lock(preset), ...command], `configuring ${preset}`);
  writeFileSync(stamp, digest);
}

/**
 * A prefix that makes a second builder of the same preset wait for the first.
 * @param {string} preset
 * @returns {string[]}
 */
function lock(preset) {
  return has('flock') ? ['flock', join(root, `build/${preset}.lock`)] : [];
}
