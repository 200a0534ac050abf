// The core gives every golden output byte for byte, in Wasm and natively, and both notice when one
// is changed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { core } from '../faults/support.ts';
import { nameOf } from './describe.ts';
import { golden_directory, goldenFrames, goldenText, segmentsOf } from './golden.ts';

const tool = join(import.meta.dirname, '../../../build/native/slipway_golden');
const frames = goldenFrames();

function differing(directory?: string): string[] {
  return goldenFrames(directory)
    .filter(({ input, output }) => !Buffer.from(core.step(input)).equals(output))
    .map(({ name }) => name);
}

function runTool(...args: string[]): { code: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
  return { code: status, printed: stdout + stderr };
}

/** A copy of some golden files, in which the title of one error has another wording. */
function planted(context: TestContext): { directory: string; path: string; text: string } {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-golden-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const some = 'platform_read';
  cpSync(join(golden_directory, some), join(directory, some), { recursive: true });
  const path = join(directory, some, '404-platform.unknown.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"No such platform"', '"No platform"'));
  return { directory, path, text };
}

test('core.wasm gives every golden output; if not, look at what `npm run generate` changes', () => {
  assert.ok(frames.length >= 120, `${frames.length} golden files`);
  assert.deepEqual(differing(), []);
});

test('a changed output is noticed', (context) => {
  const { directory } = planted(context);
  assert.deepEqual(differing(directory), ['platform_read/404-platform.unknown']);
});

test('the native core gives every golden output', () => {
  assert.deepEqual(runTool(golden_directory), { code: 0, printed: '' });
});

test('the tool says where a file differs, and rewrites it to what it was', (context) => {
  const { directory, path, text } = planted(context);
  const { code, printed } = runTool(directory);
  assert.equal(code, 1);
  assert.equal(
    printed,
    `${path}\n  at       /output/1/json/title\n` +
      '  expected "No platform"\n  got      "No such platform"\n',
  );
  assert.deepEqual(runTool('--update', directory), { code: 0, printed: `${path} rewritten\n` });
  assert.equal(readFileSync(path, 'utf8'), text);
  assert.equal(runTool(directory).code, 0);
});

test('the tool refuses what is no golden file, and an empty folder', (context) => {
  const { directory, path } = planted(context);
  writeFileSync(path, '{"input":[{"yaml":"a"}],"output":[]}');
  const { code, printed } = runTool('--update', directory);
  assert.deepEqual({ code, printed }, { code: 1, printed: `${path}\n  is not a golden file\n` });
  assert.equal(runTool(join(directory, 'nowhere')).code, 1);
});

test('the tool rewrites every output as the recorder writes it', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-golden-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const empty = { output: [{ json: {} }] };
  for (const { name, input } of frames) {
    const text = JSON.stringify({ input: segmentsOf(input), ...empty });
    writeFileSync(join(directory, `${name.replace('/', '.')}.json`), text);
  }
  assert.equal(runTool('--update', directory).code, 0);
  for (const frame of frames) {
    const path = join(directory, `${frame.name.replace('/', '.')}.json`);
    assert.equal(readFileSync(path, 'utf8'), goldenText(frame), frame.name);
  }
});

test('a golden file is called what it shows', () => {
  for (const { name, input, output } of frames) {
    assert.equal(nameOf(input, output), name.replace(/\.full$/, ''));
  }
});

test('a golden file is written as the recorder writes it, and holds no secret', () => {
  const secrets = /cloudflare-token|github-token|admin-key|internal-key/;
  for (const frame of frames) {
    const text = readFileSync(join(golden_directory, `${frame.name}.json`), 'utf8');
    assert.equal(text, goldenText(frame), frame.name);
    assert.doesNotMatch(text, secrets, frame.name);
  }
});
