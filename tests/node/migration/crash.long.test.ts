// Killed at every outside call of an import, of both ways of migrating, of the end and of the way
// back: the end state is the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashAllOver, stories } from './stories.ts';

for (const phase of ['before', 'after'] as const) {
  for (const [name, each] of Object.entries(stories)) {
    test(`${name}, killed ${phase} each outside call`, async (context) => {
      const kills = await crashAllOver(each, phase);
      context.diagnostic(`${kills} kills`);
      assert.ok(kills > 20, `${kills} kills`);
    });
  }
}
