// Killed all over the outside calls of an import, of both ways of migrating, of the end and of the
// way back: the end state is the same. So many kills a story and phase, spread over all of its
// outside calls; crash.long.test.ts kills at every one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashAllOver, imports, notServed, type Story, served, story } from './stories.ts';

const kills_max = 20;

const stories: Readonly<Record<string, Story>> = {
  'an import': imports,
  'a new project, confirmed': story({}, 'confirmed'),
  'a new project, rolled back': story({}, 'imported'),
  'in place, rolled back': story(served, 'imported'),
  'in place, then a new project': story(notServed, 'confirmed'),
};

for (const phase of ['before', 'after'] as const) {
  for (const [name, each] of Object.entries(stories)) {
    test(`${name}, killed ${phase} outside calls`, async () => {
      assert.ok((await crashAllOver(each, phase, kills_max)) >= kills_max);
    });
  }
}
