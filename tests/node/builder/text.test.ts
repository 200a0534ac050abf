// What leaves the runner as text: the tail of a log, wherever it is cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOG_TAIL_LIMIT, logTail } from '../../../builder/scripts/lib/text.js';

const token = 'cf0123456789ABCDEFGHIJ';
const github = `ghs_${token}`;

test('a secret that the cut falls on leaves nothing of itself', () => {
  for (const [secret, env] of [
    [token, { CF_API_TOKEN: token }],
    [github, {}],
    [`bearer ${token}`, {}],
  ] as const) {
    for (let kept = 0; kept <= secret.length; kept += 1) {
      const text = `${'before '.repeat(20)}${secret} ${'z'.repeat(LOG_TAIL_LIMIT - kept)}`;
      const tail = logTail(text, env);
      assert.ok(Buffer.byteLength(tail) <= LOG_TAIL_LIMIT);
      assert.doesNotMatch(tail, /[0-9A-J]/, `${kept} characters of ${secret}`);
    }
  }
});

test('a character that the cut falls on is left out', () => {
  for (let more = 0; more < 4; more += 1) {
    const tail = logTail(`${'\u{1F6A2}'.repeat(2_000)}${'z'.repeat(more)}`, {});
    assert.match(tail, /^(\u{1F6A2})+z*$/u);
    assert.ok(Buffer.byteLength(tail) > LOG_TAIL_LIMIT - 4);
    assert.ok(Buffer.byteLength(tail) <= LOG_TAIL_LIMIT);
  }
});
