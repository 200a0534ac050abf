// Every header and every source of the core compiles alone, as it is read.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { checkHeaders } from './headers.ts';
import { root } from './tree.ts';

test('headers of the core are self-contained', () => {
  execFileSync('cmake', ['--preset', 'lint'], { cwd: root });
  const { code, output } = checkHeaders('build/lint');
  assert.equal(code, 0, output);
});

test('sources of the core include what they use', () => {
  const folder = 'build/alone';
  execFileSync('cmake', ['--preset', 'lint', '-B', folder, '-DSLIPWAY_MERGE=NONE'], { cwd: root });
  const args = ['--build', folder, '--target', 'slipway_linted', '--', '-k0'];
  const { status, stdout } = spawnSync('cmake', args, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
