// Killed at outside calls of a deletion, of a change of environments and of a suspension: the same
// end. Every sixth call is killed, beginning with another one before and after it, so that two in
// six are; crash.long.test.ts kills at every one.
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { again, change, deletion } from './stories.ts';
import { crashEverywhere } from './support.ts';

const every = 6;

for (const phase of ['before', 'after'] as const) {
  const offset = phase === 'before' ? 0 : 3;
  test(`killed ${phase} any outside call, a deletion comes to its end`, async () => {
    assert.ok((await crashEverywhere(deletion, phase, { every, offset })) > 40);
  });
  test(`killed ${phase} any outside call, environments change`, async () => {
    assert.ok((await crashEverywhere(change, phase, { every, offset })) > 40);
  });
  test(`killed ${phase} any outside call, a suspended platform is resumed`, async () => {
    assert.ok((await crashEverywhere(again, phase, { every, offset })) > 30);
  });
}
