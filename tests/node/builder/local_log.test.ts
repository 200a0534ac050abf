// The steps' output as the builder shows it on a machine without GitHub.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../builder/scripts/local/log.js';
import { KEY } from './fake_runner.ts';

/** What is shown of these lines. */
function shown(...lines: string[]): string[] {
  const out: string[] = [];
  const log = createLog({ NNO_INTERNAL_API_KEY: KEY }, (line: string) => out.push(line));
  for (const line of lines) log.line(line);
  return out;
}

test('workflow commands become words', () => {
  const lines = ['::group::acme', '::warning::50%25 of%0Aacme', 'built', '::endgroup::'];
  assert.deepEqual(shown(...lines), ['acme', 'warning: 50% of\nacme', 'built']);
});

test('secrets and what a step masks are not shown, wherever they stand', () => {
  const lines = [`key ${KEY}`, '::add-mask::hush', 'a hush b', '::error::hush'];
  assert.deepEqual(shown(...lines), ['key ***', 'a *** b', 'error: ***']);
});

test('the output of another program gives no commands', () => {
  const lines = [
    '::stop-commands::t',
    '::add-mask::a',
    '::error::a',
    '::x::',
    '::t::',
    '::error::a',
  ];
  assert.deepEqual(shown(...lines), ['::add-mask::a', '::error::a', '::x::', 'error: a']);
});

test('a step that ended while commands were stopped stops none of the next', () => {
  const out: string[] = [];
  const log = createLog({}, (line: string) => out.push(line));
  log.line('::stop-commands::t');
  log.end();
  log.line('::notice::on');
  assert.deepEqual(out, ['notice: on']);
});
