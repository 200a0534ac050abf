import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure, quantile, spreadOf } from '../../bench/measure.ts';
import { readOptions } from '../../bench/options.ts';
import { asMarkdown, asText, ratio, withResults } from '../../bench/report.ts';
import type { Results, Row } from '../../bench/result.ts';

const row = (unit: Row['unit'], ours: number, js: number): Row => ({
  group: 'a',
  what: 'config.validate',
  sample: '4 KB',
  host: 'Node',
  unit,
  cells: { ours: spreadOf([ours]), js: spreadOf([js]) },
});

const results: Results = {
  versions: { node: 'v24', workerd: '1', compiler: 'clang 22', machine: '2 cores' },
  quick: false,
  rows: [row('us', 20, 10)],
};

test('quantiles lie between the numbers', () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([1, 2], 0.5), 1.5);
  assert.equal(quantile([0, 10], 0.9), 9);
  assert.deepEqual(spreadOf([5]), { median: 5, p10: 5, p90: 5 });
});

test('a ratio above 1 means that ours is faster, whatever is counted', () => {
  assert.equal(ratio(row('us', 10, 20), 'js'), 2);
  assert.equal(ratio(row('us', 20, 10), 'js'), 0.5);
  assert.equal(ratio(row('req/s', 20, 10), 'js'), 2);
  assert.equal(ratio(row('us', 10, 20), 'zod'), undefined);
});

test('a loss is shown as plainly as a win', () => {
  assert.match(asText(results), /20\.0 \(20\.0-20\.0\) +10\.0 \(10\.0-10\.0\) +0\.50/);
  assert.match(
    asMarkdown(results),
    /\| 20\.0 \(20\.0-20\.0\) \| 10\.0 \(10\.0-10\.0\) \| 0\.50 \|/,
  );
});

test('the tables replace what stands between the marks, and nothing else', () => {
  const document = 'a\n<!-- results begin -->\nold\n<!-- results end -->\nb\n';
  const written = withResults(document, results);
  assert.match(written, /^a\n<!-- results begin -->\n\nNode v24/);
  assert.ok(written.endsWith('\n<!-- results end -->\nb\n') && !written.includes('old'));
  assert.equal(withResults(written, results), written);
  assert.throws(() => withResults('no marks', results), /marks/);
});

test('every runner gets the same number of turns, and times are for one iteration', async () => {
  const turns: string[] = [];
  const fake = (name: string, ms: number) => ({
    name,
    batch: (iterations: number) => {
      if (iterations > 0) turns.push(name);
      return 3 + iterations * ms;
    },
  });
  const effort = { slice_ms: 8, rounds: 6, warm_ms: 1 };
  const cells = await measure([fake('one', 1), fake('two', 2)], effort);
  assert.deepEqual(cells, {
    one: { median: 1000, p10: 1000, p90: 1000 },
    two: { median: 2000, p10: 2000, p90: 2000 },
  });
  const counted = turns.slice(-12);
  assert.equal(counted.filter((name) => name === 'one').length, 6);
  assert.deepEqual(counted.slice(0, 4), ['one', 'two', 'two', 'one']);
});

test('arguments: letters are known ones', () => {
  assert.deepEqual(readOptions(['--only', 'a,g', '--quick']).only, ['a', 'g']);
  assert.throws(() => readOptions(['--only', 'z']), /no case z/);
  assert.throws(() => readOptions(['--fast']), /--fast/);
});
