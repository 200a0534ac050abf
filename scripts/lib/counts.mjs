// Reading how many tests passed and failed from what each test program prints.

/** @import { Counter, Counts } from './counts.mjs' */

/** @type {Counter} doctest's "test cases: 3 | 2 passed | 1 failed | 0 skipped". */
export function countDoctest(output) {
  const found = output.match(/test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed/);
  return found ? { passed: Number(found[1]), failed: Number(found[2]) } : undefined;
}

/** @type {Counter} The lines "pass 3", "fail 1", "cancelled 0" that `node --test` ends with. */
export function countNodeTest(output) {
  const last = (/** @type {string} */ word) => {
    const found = [...output.matchAll(new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm'))].at(-1);
    return found ? Number(found[1]) : undefined;
  };
  const passed = last('pass');
  const failed = last('fail');
  if (passed === undefined || failed === undefined) return undefined;
  return { passed, failed: failed + (last('cancelled') ?? 0) };
}

/** @type {Counter} vitest's "Tests  1 failed | 3 passed (4)"; files that did not load fail too. */
export function countVitest(output) {
  const tests = output.match(/^\s*Tests\s+(.*)$/m)?.[1];
  const files = output.match(/^\s*Test Files\s+(.*)$/m)?.[1];
  if (tests === undefined && files === undefined) return undefined;
  const number = (/** @type {string | undefined} */ line, /** @type {string} */ word) =>
    Number(line?.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
  const failed = number(tests, 'failed') || number(files, 'failed');
  return { passed: number(tests, 'passed'), failed };
}

/** @type {Counter} A check that prints no counts is one test, which passes with exit code 0. */
export function countWhole(_output, code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * The counts of one finished program, never kinder than its exit code: a program that failed counts
 * at least one failure, and one that ran no test at all failed.
 * @param {Counter} counter
 * @param {string} output what it printed
 * @param {number} code its exit code
 * @returns {Counts}
 */
export function truthfulCounts(counter, output, code) {
  const counts = counter(output, code) ?? { passed: 0, failed: 0 };
  const nothingRan = counts.passed + counts.failed === 0;
  if (counts.failed === 0 && (code !== 0 || nothingRan)) return { ...counts, failed: 1 };
  return counts;
}
