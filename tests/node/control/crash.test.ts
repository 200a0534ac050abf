// Killed at outside calls of a cancellation, a rollback and a thaw: the same end. Every sixth call
// is killed, beginning with another one before and after it; crash.long.test.ts kills at every one.
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { cancellation, rollback, thaw } from './stories.ts';
import { crashEverywhere } from './support.ts';

const every = 6;

for (const phase of ['before', 'after'] as const) {
  const offset = phase === 'before' ? 0 : 3;
  test(`killed ${phase} any outside call, a cancellation and a retry end`, async () => {
    assert.ok((await crashEverywhere(cancellation, phase, { every, offset })) > 30);
  });
  test(`killed ${phase} any outside call, a rollback comes to its end`, async () => {
    assert.ok((await crashEverywhere(rollback, phase, { every, offset })) > 10);
  });
  test(`killed ${phase} any outside call, what was held goes on`, async () => {
    assert.ok((await crashEverywhere(thaw, phase, { every, offset })) > 30);
  });
}
