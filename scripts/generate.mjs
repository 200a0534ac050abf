// The generated files: builds the emitter and runs it, then brings the outputs of the golden files
// up to date.
//   npm run generate                     writes them
//   npm run generate -- --check          writes nothing; exit code 1 when one is not current
//   npm run generate -- --check --against <dir>   holds the files below <dir> instead
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPreset } from './lib/build.mjs';
import { must, root, run, SetupError } from './lib/process.mjs';

/** The folders that the emitter writes into. */
const folders = ['bindings/generated', 'docs'];

/**
 * Runs the emitter.
 * @param {string} directory where to; its folders are made
 * @throws {SetupError} with the program's output
 */
async function emit(directory) {
  for (const folder of folders) mkdirSync(join(directory, folder), { recursive: true });
  await must(['build/native/slipway_emit', directory], 'emitting');
}

/**
 * Holds the golden files of a tree to the core, and prints where they differ.
 * @param {string} tree
 * @param {string[]} flags `--update` rewrites them instead
 * @returns {Promise<boolean>} whether all are current now
 */
async function golden(tree, flags = []) {
  const tool = 'build/native/slipway_golden';
  const { code, output } = await run([tool, ...flags, join(tree, 'tests/golden')]);
  if (output !== '') console.log(output.trimEnd());
  return code === 0;
}

/**
 * The emitted files that differ from those of another tree.
 * @param {string} emitted a directory that `emit` has written into
 * @param {string} against the other tree
 * @returns {string[]} paths relative to the tree
 */
function differences(emitted, against) {
  const read = (/** @type {string} */ path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };
  return folders
    .flatMap((folder) => readdirSync(join(emitted, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => read(join(emitted, path)) !== read(join(against, path)));
}

/**
 * @param {string} against
 * @returns {Promise<boolean>} whether every generated file is current
 */
async function check(against) {
  const emitted = mkdtempSync(join(tmpdir(), 'slipway-generated-'));
  try {
    await emit(emitted);
    const stale = differences(emitted, against);
    for (const path of stale) console.log(`${path} is not current: run 'npm run generate'`);
    const current = await golden(against);
    if (!current) console.log("golden files are not current: run 'npm run generate'");
    return current && stale.length === 0;
  } finally {
    rmSync(emitted, { recursive: true });
  }
}

try {
  const options = /** @type {const} */ ({
    check: { type: 'boolean', default: false },
    against: { type: 'string', default: root },
  });
  const { values } = parseArgs({ options });
  await buildPreset('native', ['slipway_emit', 'slipway_golden']);
  if (values.check) {
    process.exitCode = (await check(values.against)) ? 0 : 1;
  } else {
    await emit(root);
    process.exitCode = (await golden(root, ['--update'])) ? 0 : 1;
  }
} catch (error) {
  console.log(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}
