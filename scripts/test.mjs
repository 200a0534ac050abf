// `npm test`: set-up, then every suite as soon as what it wants is built; what fails is shown in
// full. The last line is the sum, "N passed, N failed", and the exit code is 0 only when nothing
// failed.
//   npm test                      everything
//   npm test -- --only <suite>    one suite (may be given several times)
//   npm run test:long             the longer runs, files named *.long.test.ts; takes --only, too
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { truthfulCounts } from './lib/counts.mjs';
import { toolEnv } from './lib/node.mjs';
import { run, SetupError } from './lib/process.mjs';
import { runAll } from './lib/schedule.mjs';
import { allSuites, longSuites } from './lib/suites.mjs';
import { ensurePackages, ensureReady } from './setup.mjs';

/** @import { Counts } from './lib/counts.mjs' */
/** @import { Build } from './lib/schedule.mjs' */
/** @import { Suite } from './lib/suites.mjs' */
/** @import { Wanted } from './setup.mjs' */

/** The longest that one suite's program may take, in milliseconds; one of the longer runs. */
const suiteDeadlineMs = 20 * 60_000;
const longDeadlineMs = 12 * 3_600_000;

/** What is before a suite that gives way to one that waits for browsers and processes. */
const politely = ['nice', '-n', '2'];

/** So many of the slowest are named at the end. */
const slowestShown = 5;

/** A suite that has run. @typedef {{ name: string, seconds: number, counts: Counts }} Ran */

/**
 * Runs one suite and prints its line, and its output when something failed.
 * @param {Suite} suite
 * @param {number} deadlineMs
 * @returns {Promise<Ran>}
 */
async function runSuite(suite, deadlineMs) {
  const started = performance.now();
  const sum = { passed: 0, failed: 0 };
  let shown = '';
  let processors = 0;
  for (const command of suite.commands) {
    const options = { env: toolEnv(), deadlineMs, measure: true };
    const whole = suite.patient || suite.aside ? command : [...politely, ...command];
    const { code, output, cpuSeconds } = await run(whole, options);
    processors += cpuSeconds;
    const counts = truthfulCounts(suite.count, output, code);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    if (counts.failed > 0) shown += `${output.trimEnd()}\n(exit code ${code})\n`;
  }
  const seconds = (performance.now() - started) / 1000;
  const verdict = sum.failed === 0 ? 'pass' : 'FAIL';
  const numbers = `${sum.passed} passed, ${sum.failed} failed, ${processors.toFixed(0)} s of CPU`;
  console.log(`${inSeconds(seconds)}  ${verdict}  ${suite.name.padEnd(14)} ${numbers}`);
  if (shown !== '') console.log(shown);
  return { name: suite.name, seconds, counts: sum };
}

/**
 * Runs the chosen suites.
 * @param {string[]} only names; empty means all
 * @param {boolean} long whether to run the longer runs instead
 * @param {Ran[]} ran those that have run, in the order they ended
 */
async function runChosen(only, long, ran) {
  const everything = only.length === 0 && !long;
  await ensurePackages({}, { emscripten: everything, browser: everything });
  const suites = long ? longSuites() : allSuites();
  const names = suites.map((suite) => suite.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`no suite ${unknown}; there are: ${names.join(' ')}`);
  }
  const chosen = suites.filter(({ name }) => only.length === 0 || only.includes(name));
  const wants = (/** @type {keyof Wanted} */ what) => chosen.some((suite) => suite.wants[what]);
  await ensurePackages({}, { emscripten: wants('emscripten'), browser: wants('browser') });
  const left = await runAll(buildsFor(chosen), chosen, async (suite) => {
    ran.push(await runSuite(suite, long ? longDeadlineMs : suiteDeadlineMs));
  });
  for (const { name } of left) throw new SetupError(`${name} did not run: a build is missing`);
}

/**
 * What has to be built or installed for these suites, in the order of when it is needed.
 * @param {Suite[]} suites
 * @returns {Build[]}
 */
function buildsFor(suites) {
  const manner = { started: performance.now(), modestly: true };
  const wasmTests = suites.some(({ wants }) => wants.wasmTests);
  const each = /** @type {(Build & { wanted: boolean })[]} */ ([
    {
      ready: 'core',
      wanted: suites.some(({ wants }) => wants.core !== false),
      // The unit tests as Wasm are built with it, and who wants them wants both: a later build in
      // the same folder would have every `npm start` of a suite wait for it.
      make: () => ensureReady({ ...manner, wasmTests }),
    },
    ...['browser', 'native', 'emscripten'].map((what) => ({
      ready: what,
      wanted: suites.some(({ wants }) => wants[/** @type {keyof Wanted} */ (what)]),
      make: () => ensureReady({ ...manner, core: false, [what]: true }),
    })),
  ]);
  return each.filter(({ wanted }) => wanted);
}

/**
 * @param {Ran[]} ran
 * @returns {string} a line with those that took longest
 */
function slowest(ran) {
  const sorted = [...ran].sort((a, b) => b.seconds - a.seconds).slice(0, slowestShown);
  const shown = sorted.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`);
  return `slowest: ${shown.join(', ')}`;
}

/**
 * @param {number} seconds
 * @returns {string} to stand in a column
 */
function inSeconds(seconds) {
  return `${seconds.toFixed(1).padStart(6)} s`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ran = /** @type {Ran[]} */ ([]);
  let broken = 0;
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string', multiple: true }, long: { type: 'boolean' } },
    });
    await runChosen(values.only ?? [], values.long ?? false, ran);
  } catch (error) {
    console.log(error instanceof SetupError ? error.message : error);
    broken = 1;
  }
  if (ran.length > 1) console.log(slowest(ran));
  const passed = ran.reduce((sum, { counts }) => sum + counts.passed, 0);
  const failed = ran.reduce((sum, { counts }) => sum + counts.failed, broken);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
