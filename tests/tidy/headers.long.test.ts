// Every header of the core compiles alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { checkHeaders } from './headers.ts';
import { root } from './tree.ts';

test('headers of the core are self-contained', () => {
  execFileSync('cmake', ['--preset', 'lint'], { cwd: root });
  const { code, output } = checkHeaders('build/lint');
  assert.equal(code, 0, output);
});
