// Killed twice, the second time soon after the first, in the short scenarios: a creation, a change
// during a build, a deletion, the provisioning of an org. crash/pairs.long.test.ts kills at every
// pair of calls.
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { killEverywhere, type Story, twice } from './kill.ts';
import { changes, creation, deletion, provisioning } from './stories.ts';

const stories: Readonly<Record<string, readonly [Story, every: number]>> = {
  'a creation': [creation, 3],
  'a change during a build': [changes, 4],
  'a deletion': [deletion, 2],
  'the provisioning of an org': [provisioning, 4],
};

for (const [name, [story, every]] of Object.entries(stories)) {
  test(`${name}, killed twice`, async (context) => {
    const kills = await killEverywhere(story, twice(2, 5), every);
    context.diagnostic(`${kills} pairs of kills`);
    assert.ok(kills > 50, `${kills} pairs`);
  });
}
