// The list of test suites, in the order they run as soon as what they want is built: cheap ones
// first, then those that wait a lot and need little built, then those that need everything.
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { modestly } from './build.mjs';
import { countDoctest, countNodeTest, countVitest, countWhole } from './counts.mjs';
import { node24 } from './node.mjs';
import { root } from './process.mjs';

/**
 * Programs to run in the root, one after the other; the suite's counts are the sum of theirs.
 * `wants` is what set-up must make ready before. A `narrow` one keeps one core busy: as many run
 * beside each other as there are cores. A `patient` one waits for browsers and processes: one
 * of them runs beside the others, which give way to it. One `aside` comes after the builds, beside
 * the others.
 * @typedef {{
 *   name: string, count: Counter, commands: string[][], wants: Wanted, narrow: boolean,
 *   patient: boolean, aside: boolean,
 * }} Suite
 * @import { Wanted } from '../setup.mjs'
 * @import { Counter } from './counts.mjs'
 */

/** Suites whose files, tests/<name>/**.test.ts, `node --test` runs: early ones and the others. */
const nodeSuitesFirst = ['browser', 'e2e'];
const nodeSuites = ['contract', 'node', 'sim', 'fuzz', 'tidy', 'differential'];

/** Folders of the suites whose name is not that of their folder, below tests/. */
const folders = /** @type {Record<string, string>} */ ({ differential: 'node/differential' });

/** Further folders of a suite, beside its own: tests of a package lie with it. */
const further = /** @type {Record<string, string[]>} */ ({
  node: ['bindings/cloudflare-pages/test'],
});

/** Suites that hold the build by Emscripten, too. */
const needEmscripten = ['tidy', 'differential'];

/** Suites that drive a browser. */
const needBrowser = ['browser', 'e2e'];

/** Suites of Node that need nothing native. */
const withoutNative = ['browser', 'e2e', 'contract'];

/**
 * Suites whose files run one after the other: each starts a browser, or a whole product, which
 * looks for two ports and has to be ready in time. The files of the others share nothing.
 */
const inSequence = ['browser', 'e2e'];

/** Suites whose programs keep one core busy. */
const narrow = ['unit', 'unit-wasm', 'sim', 'types', 'biome', 'clang-format'];

/** What a file of tests in TypeScript is called; one of the longer runs. */
const testName = /(?<!\.long)\.test\.ts$/;
const longTestName = /\.long\.test\.ts$/;

/** Templates of other repositories: TypeScript projects with dependencies of their own. */
const templates = ['starter', 'builder'];

/** The longest that one file of tests may take, in milliseconds; one of the longer runs. */
const testTimeoutMs = 600_000;
const longTestTimeoutMs = 6 * 3_600_000;

/**
 * The longer runs: the files named *.long.test.ts, by the suite in whose folder they lie.
 * @returns {Suite[]}
 */
export function longSuites() {
  const node = node24();
  const suites = nodeSuites.map((name) => nodeSuite(node, name, longTestName));
  return suites.filter((one) => one.commands.length > 0);
}

/**
 * Every suite that has something to run in this tree. Needs node_modules.
 * @returns {Suite[]}
 */
export function allSuites() {
  const node = node24();
  const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);
  const lint = 'cmake --preset lint >/dev/null && cmake --build --preset lint -- -k0';
  const wasmUnit = ['scripts/lib/run_wasi.mjs', 'build/wasi/slipway_unit.wasm'];
  const workerd = filesIn('tests/workerd', testName).length > 0 ? [[bin('vitest'), 'run']] : [];
  const native = { core: false, native: true };
  const sources = { core: false };
  const suites = [
    suite(
      'types',
      countWhole,
      projects().map((path) => [bin('tsc'), '--pretty', 'false', '-p', path]),
      sources,
    ),
    suite('biome', countWhole, [[bin('biome'), 'check', '--max-diagnostics=200', '.']], sources),
    suite('clang-format', countWhole, clangFormat(), sources),
    suite('workerd', countVitest, workerd, { core: true }),
    ...nodeSuitesFirst.map((name) => nodeSuite(node, name)),
    suite('unit', countDoctest, [['build/native/slipway_unit']], native),
    suite('unit-wasm', countDoctest, [[node, ...wasmUnit]], { wasmTests: true }),
    ...nodeSuites.map((name) => nodeSuite(node, name)),
    suite('clang-tidy', countWhole, [[...modestly, 'sh', '-c', lint]], sources),
  ];
  return suites.filter((one) => one.commands.length > 0);
}

/**
 * @param {string} name
 * @param {Counter} count
 * @param {string[][]} commands
 * @param {Wanted} wants
 * @returns {Suite}
 */
function suite(name, count, commands, wants) {
  const aside = name === 'clang-tidy';
  const patient = inSequence.includes(name);
  return { name, count, commands, wants, narrow: narrow.includes(name), patient, aside };
}

/**
 * @param {string} node path of the Node to use
 * @param {string} name of the suite
 * @param {RegExp} [wanted] what the files are called
 * @returns {Suite}
 */
function nodeSuite(node, name, wanted = testName) {
  const elsewhere = Object.entries(folders).filter(([suite]) => suite !== name);
  const own = filesIn(`tests/${folders[name] ?? name}`, wanted).filter(
    (path) => !elsewhere.some(([, folder]) => path.startsWith(`tests/${folder}/`)),
  );
  const files = [...own, ...(further[name] ?? []).flatMap((folder) => filesIn(folder, wanted))];
  // Without the number Node leaves one core idle; and now and then every file waits for something.
  const atOnce = inSequence.includes(name) ? 1 : availableParallelism() + 1;
  const flags = [
    '--test',
    '--test-reporter=spec',
    `--test-timeout=${wanted === longTestName ? longTestTimeoutMs : testTimeoutMs}`,
    `--test-concurrency=${atOnce}`,
  ];
  const commands = files.length === 0 ? [] : [[node, ...flags, ...files]];
  const emscripten = needEmscripten.includes(name);
  const browser = needBrowser.includes(name);
  const wants = { core: true, native: !withoutNative.includes(name), emscripten, browser };
  return suite(name, countNodeTest, commands, wants);
}

/**
 * The tsconfig.json files to check: the root's and those of first- and second-level folders.
 * @returns {string[]} relative to the root
 */
function projects() {
  const own = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !ignored(entry.name))
    .map((entry) => entry.name)
    .filter((name) => !templates.includes(name));
  const nested = own.flatMap((name) => filesIn(name, /^tsconfig\.json$/));
  return ['tsconfig.json', ...nested].filter((path) => existsSync(join(root, path)));
}

/**
 * One clang-format run over all C and C++ sources.
 * @returns {string[][]} one command, or none when there is no such file
 */
function clangFormat() {
  const folders = ['src', 'bindings', 'wasm', 'tests'];
  const files = folders.flatMap((folder) => filesIn(folder, /\.(cpp|hpp|c|h)$/));
  return files.length === 0 ? [] : [['clang-format-22', '--dry-run', '--Werror', ...files]];
}

/**
 * Files under a folder, sorted, without installed, built or generated ones.
 * @param {string} folder relative to the root; need not exist
 * @param {RegExp} name what the base name must match
 * @returns {string[]} paths relative to the root
 */
function filesIn(folder, name) {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  const paths = readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(absolute, entry.name));
    if (entry.isDirectory()) return ignored(entry.name) ? [] : filesIn(path, name);
    return name.test(entry.name) ? [path] : [];
  });
  return paths.sort();
}

/**
 * @param {string} directory its base name
 * @returns {boolean}
 */
function ignored(directory) {
  return directory.startsWith('.') || /^(node_modules|build|dist|generated)$/.test(directory);
}
