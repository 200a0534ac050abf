// `npm test`: set-up, then every suite in turn; what fails is shown in full. The last line is the
// sum, "N passed, N failed", and the exit code is 0 only when nothing failed.
//   npm test                      everything
//   npm test -- --only <suite>    one suite (may be given several times)
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { truthfulCounts } from './lib/counts.mjs';
import { toolEnv } from './lib/node.mjs';
import { run, SetupError } from './lib/process.mjs';
import { allSuites } from './lib/suites.mjs';
import { ensureReady } from './setup.mjs';

/** @import { Counts } from './lib/counts.mjs' */
/** @import { Suite } from './lib/suites.mjs' */

/** The longest that one suite's program may take, in milliseconds. */
const suiteDeadlineMs = 20 * 60_000;

/**
 * Runs one suite and prints its line, and its output when something failed.
 * @param {Suite} suite
 * @returns {Promise<Counts>}
 */
async function runSuite(suite) {
  const started = performance.now();
  const sum = { passed: 0, failed: 0 };
  let shown = '';
  for (const command of suite.commands) {
    const options = { env: toolEnv(), deadlineMs: suiteDeadlineMs };
    const { code, output } = await run(command, options);
    const counts = truthfulCounts(suite.count, output, code);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    if (counts.failed > 0) shown += `${output.trimEnd()}\n(exit code ${code})\n`;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const verdict = sum.failed === 0 ? 'pass' : 'FAIL';
  const numbers = `${sum.passed} passed, ${sum.failed} failed`;
  console.log(`${seconds} s  ${verdict}  ${suite.name.padEnd(14)} ${numbers}`);
  if (shown !== '') console.log(shown);
  return sum;
}

/**
 * Runs the chosen suites.
 * @param {string[]} only names; empty means all
 * @returns {Promise<Counts>}
 */
async function runAll(only) {
  await ensureReady({ core: false });
  const suites = allSuites();
  const names = suites.map((suite) => suite.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`no suite ${unknown}; there are: ${names.join(' ')}`);
  }
  const chosen = suites.filter(({ name }) => only.length === 0 || only.includes(name));
  await ensureReady({
    core: chosen.some(({ wants }) => wants.core !== false),
    native: chosen.some(({ wants }) => wants.native),
    wasmTests: chosen.some(({ wants }) => wants.wasmTests),
    emscripten: chosen.some(({ wants }) => wants.emscripten),
    browser: chosen.some(({ wants }) => wants.browser),
  });
  const total = { passed: 0, failed: 0 };
  const runNext = async (/** @type {Suite[]} */ waiting) => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      const counts = await runSuite(suite);
      total.passed += counts.passed;
      total.failed += counts.failed;
    }
  };
  const narrow = chosen.filter((suite) => suite.narrow);
  await Promise.all(Array.from({ length: availableParallelism() }, () => runNext(narrow)));
  await runNext(chosen.filter((suite) => !suite.narrow));
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const total = { passed: 0, failed: 0 };
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
    Object.assign(total, await runAll(values.only ?? []));
  } catch (error) {
    console.log(error instanceof SetupError ? error.message : error);
    total.failed += 1;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}
