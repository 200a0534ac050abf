// write-platform-config.js as a program: the exact shape, every byte, all or nothing.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: hostile input looks like this.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configOf } from './fake_api.ts';
import { type Ended, makeRunner } from './fake_runner.ts';

const NAMES = ['auth.config.ts', 'env.config.ts', 'features.config.ts'];

interface Written {
  readonly ended: Ended;
  readonly files: Record<string, string>;
}

/** Runs the program over `input` (bytes, or a value as JSON), on files that say `before`. */
async function write(input: unknown, args = ['input.json', 'starter']): Promise<Written> {
  const runner = makeRunner();
  try {
    const config = join(runner.starter, 'src', 'config');
    for (const name of NAMES) writeFileSync(join(config, name), 'before');
    const bytes = input instanceof Uint8Array ? input : JSON.stringify(input);
    writeFileSync(join(runner.folder, 'input.json'), bytes);
    const ended = await runner.step('write-platform-config.js', {}, args);
    const read = (name: string): [string, string] => [
      name,
      readFileSync(join(config, name), 'utf8'),
    ];
    return { ended, files: Object.fromEntries(readdirSync(config).sort().map(read)) };
  } finally {
    runner.remove();
  }
}

function unchanged(files: Record<string, string>): void {
  assert.deepEqual(files, Object.fromEntries(NAMES.map((name) => [name, 'before'])));
}

test('the three files are written, and nothing is left beside them', async () => {
  const { ended, files } = await write(configOf('acme'));
  assert.equal(ended.status, 0, ended.output);
  const { featuresConfig, envConfig, authConfig } = configOf('acme');
  const expected = [authConfig, envConfig, featuresConfig];
  assert.deepEqual(files, Object.fromEntries(NAMES.map((name, i) => [name, expected[i]])));
});

test('the folder is the current one when none is given', async () => {
  const runner = makeRunner();
  try {
    mkdirSync(join(runner.folder, 'src', 'config'), { recursive: true });
    writeFileSync(join(runner.folder, 'input.json'), JSON.stringify(configOf('acme')));
    const ended = await runner.step('write-platform-config.js', {}, ['input.json']);
    assert.equal(ended.status, 0, ended.output);
    assert.deepEqual(readdirSync(join(runner.folder, 'src', 'config')).sort(), NAMES);
  } finally {
    runner.remove();
  }
});

test('hostile strings stay as they are, byte for byte', async () => {
  const hostile = [
    '`${process.exit(1)}` $& $1 $$ %s %MODE% {{name}}',
    '</script><script>alert(1)</script><!-- ',
    '\u2028 \u2029 \u0000 \u001b[31m \r\n \r \t \\u0022 \\',
    '"); rm -rf / # \' " ../../etc/passwd',
    '\ufeff\u{1f6a2} \u00e9 e\u0301 \u202e',
  ].join('\n');
  const { ended, files } = await write({ ...configOf('acme'), envConfig: hostile });
  assert.equal(ended.status, 0, ended.output);
  assert.equal(files['env.config.ts'], hostile);
});

test('anything but the exact shape is refused and changes nothing', async () => {
  const good = configOf('acme');
  const { authConfig: _, ...two } = good;
  const wrong: [unknown, RegExp][] = [
    [two, /"authConfig" is not a string/],
    [{ ...good, extra: 'x' }, /"extra" is not expected/],
    [{ ...good, constructor: 'x' }, /"constructor" is not expected/],
    [{ ...good, envConfig: 1 }, /"envConfig" is not a string/],
    [{ ...good, envConfig: ' \n' }, /"envConfig" is empty/],
    [{ ...good, envConfig: 'x'.repeat(1024 * 1024 + 1) }, /"envConfig" is too long/],
    [[good], /not an object/],
    [null, /not an object/],
    [Buffer.from('{"featuresConfig": '), /JSON/],
    [Buffer.from([0x22, 0xff, 0x22]), /encoded data/],
    [Buffer.from(JSON.stringify(good).replace('acme', '\\ud800')), /well-formed/],
  ];
  for (const [input, message] of wrong) {
    const { ended, files } = await write(input);
    assert.equal(ended.status, 1, String(message));
    assert.match(ended.output, message);
    unchanged(files);
  }
});

test('every fault is named at once', async () => {
  const { ended } = await write({ extra: 'x', envConfig: 1 });
  assert.match(ended.output, /"extra".*"featuresConfig".*"envConfig".*"authConfig"/);
});

test('a folder that is no starter and a wrong call are refused', async () => {
  const elsewhere = await write(configOf('acme'), ['input.json', 'temp']);
  assert.equal(elsewhere.ended.status, 1);
  unchanged(elsewhere.files);
  for (const args of [[], ['input.json', 'starter', 'more']]) {
    const { ended, files } = await write(configOf('acme'), args);
    assert.equal(ended.status, 2);
    unchanged(files);
  }
});
