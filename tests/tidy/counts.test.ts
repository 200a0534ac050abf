// The test runner tells the truth: counts are read right, and a crash never counts as a pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countDoctest,
  countNodeTest,
  countVitest,
  countWhole,
  truthfulCounts,
} from '../../scripts/lib/counts.mjs';

test('doctest', () => {
  const output = '[doctest] test cases:  5 |  3 passed | 2 failed | 1 skipped\n';
  assert.deepEqual(countDoctest(output, 1), { passed: 3, failed: 2 });
});

test('node --test: the last summary counts, and a cancelled test failed', () => {
  const inner = '\u2139 pass 90\n\u2139 fail 0\n\u2139 cancelled 0\n';
  const output = `${inner}\u2139 pass 7\n\u2139 fail 1\n\u2139 cancelled 2\n`;
  assert.deepEqual(countNodeTest(output, 1), { passed: 7, failed: 3 });
});

test('vitest: failed tests, or files that did not load', () => {
  const some = ' Test Files  1 failed | 1 passed (2)\n      Tests  2 failed | 3 passed (5)\n';
  assert.deepEqual(countVitest(some, 1), { passed: 3, failed: 2 });
  const broken = ' Test Files  1 failed (1)\n      Tests  no tests\n';
  assert.deepEqual(countVitest(broken, 1), { passed: 0, failed: 1 });
});

test('counts are never kinder than the exit code', () => {
  const allPassed = '[doctest] test cases: 3 | 3 passed | 0 failed | 0 skipped\n';
  assert.deepEqual(truthfulCounts(countDoctest, allPassed, 0), { passed: 3, failed: 0 });
  assert.deepEqual(truthfulCounts(countDoctest, allPassed, 134), { passed: 3, failed: 1 });
  assert.deepEqual(truthfulCounts(countDoctest, 'Segmentation fault\n', 139).failed, 1);
  assert.deepEqual(truthfulCounts(countWhole, '', 2), { passed: 0, failed: 1 });
});

test('a suite in which nothing ran failed', () => {
  const nothing = '\u2139 pass 0\n\u2139 fail 0\n\u2139 cancelled 0\n';
  assert.deepEqual(truthfulCounts(countNodeTest, nothing, 0), { passed: 0, failed: 1 });
});
