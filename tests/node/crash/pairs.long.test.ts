// Killed twice, at every pair of outside calls, in the short scenarios.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyPair, killEverywhere } from './kill.ts';
import { creation, deletion, provisioning, sealing, tokens } from './stories.ts';

const stories = {
  'a creation': creation,
  'a deletion': deletion,
  'the provisioning of an org': provisioning,
  'a new sealing key': sealing,
  'a token of the API': tokens(),
};

for (const [name, story] of Object.entries(stories)) {
  test(`${name}, killed at every pair of calls`, async (context) => {
    const kills = await killEverywhere(story, everyPair);
    context.diagnostic(`${kills} pairs of kills`);
    assert.ok(kills > 30, `${kills} pairs`);
  });
}
