// Killed all over the outside calls of an import, of both ways of migrating, of the end and of the
// way back: the end state is the same. So many kills a story and phase, spread over all of its
// outside calls; crash.long.test.ts kills at every one.
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { crashAllOver, stories } from './stories.ts';

const kills_max = 10;

for (const phase of ['before', 'after'] as const) {
  for (const [name, each] of Object.entries(stories)) {
    test(`${name}, killed ${phase} outside calls`, async () => {
      assert.ok((await crashAllOver(each, phase, kills_max)) >= kills_max);
    });
  }
}
