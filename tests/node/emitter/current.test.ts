import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const files = [
  'bindings/generated/operations.ts',
  'bindings/generated/api.ts',
  'bindings/generated/control.ts',
  'bindings/generated/openapi.json',
  'bindings/generated/config.schema.json',
  'docs/states.md',
  'docs/errors.md',
];
const golden = 'tests/golden/healthz/200.json';

function check(against: string): { code: number | null; output: string } {
  const args = ['scripts/generate.mjs', '--check', '--against', against];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { code: status, output: stdout };
}

test('the generated files are what the emitter writes', () => {
  assert.deepEqual(check(root), { code: 0, output: '' });
});

test('a change of any generated file is caught, and so is its absence', () => {
  const copy = mkdtempSync(join(tmpdir(), 'slipway-planted-'));
  try {
    for (const file of files) cpSync(join(root, file), join(copy, file), { recursive: true });
    cpSync(join(root, golden), join(copy, golden), { recursive: true });
    assert.equal(check(copy).code, 0);
    for (const file of files) appendFileSync(join(copy, file), ' ');
    const changed = check(copy);
    assert.equal(changed.code, 1);
    for (const file of files) assert.ok(changed.output.includes(`${file} is not current`), file);
    rmSync(join(copy, 'docs'), { recursive: true });
    assert.equal(check(copy).code, 1);
    for (const file of files) cpSync(join(root, file), join(copy, file), { recursive: true });
    const text = readFileSync(join(copy, golden), 'utf8');
    writeFileSync(join(copy, golden), text.replace('"ok"', '"fine"'));
    const reworded = check(copy);
    assert.equal(reworded.code, 1);
    assert.match(reworded.output, /expected "fine"\n {2}got {6}"ok"\ngolden files are not current/);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('generated files are ASCII and end with one newline', () => {
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    assert.match(text, /^[\n -~]*[^\n]\n$/, file);
  }
});
