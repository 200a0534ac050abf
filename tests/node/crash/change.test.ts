// Killed before and after every outside call from the first change on, while the first build runs:
// one more build, of the newest version, and nothing is stored or uploaded twice.
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { killEverywhere, once } from './kill.ts';
import { changes } from './stories.ts';

for (const phase of ['before', 'after'] as const) {
  test(`two changes during a build, killed ${phase} each outside call`, async (context) => {
    const kills = await killEverywhere(changes, once(phase));
    context.diagnostic(`${kills} kills`);
    assert.ok(kills > 60, `${kills} kills`);
  });
}
