// Killed at every outside call of a cancellation and a retry, of a rollback and of a thaw: the
// same end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancellation, rollback, thaw } from './stories.ts';
import { crashEverywhere } from './support.ts';

const stories = { cancellation, rollback, thaw };

for (const phase of ['before', 'after'] as const) {
  for (const [name, story] of Object.entries(stories)) {
    test(`${name}, killed ${phase} each outside call`, async (context) => {
      const calls = await crashEverywhere(story, phase, { every: 1, offset: 0 });
      context.diagnostic(`${calls} kills`);
      assert.ok(calls > 10, `${calls} calls`);
    });
  }
}
