// A test in a thread of its own passes and fails as any other: also by an error that nobody
// awaits, and by the end of its thread.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const planted = `
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from '${join(import.meta.dirname, 'own_thread.ts')}';
test('passes', async (context) => { await pause(1); context.diagnostic('a line'); });
test('is wrong', async () => { await pause(1); assert.deepEqual({ a: 1 }, { a: 2 }); });
test('rejects unawaited', async () => { void Promise.reject(new Error('lost')); await pause(9); });
const late = () => { throw new Error('late'); };
test('throws late', async () => { setTimeout(late, 1); await pause(99); });
test('ends its thread', () => process.exit(0));
test('passes in a new thread', () => pause(1));
`;

test('tests of their own thread pass and fail as they must', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-own-thread-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'planted.test.ts');
  writeFileSync(file, planted);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['--test-reporter=tap', file], {
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  const results = stdout.match(/^(not )?ok \d+ - .*$/gm);
  assert.deepEqual(results, [
    'ok 1 - passes',
    'not ok 2 - is wrong',
    'not ok 3 - rejects unawaited',
    'not ok 4 - throws late',
    'not ok 5 - ends its thread',
    'ok 6 - passes in a new thread',
  ]);
  for (const text of ['# a line', 'deep-equal', "'lost'", "'late'", 'ended with 0']) {
    assert.ok(stdout.includes(text), `${text} in ${stdout}`);
  }
});
