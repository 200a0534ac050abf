// Killed before and after every outside call of every story, in its treatments of hooks, and twice.
import { test } from 'node:test';
import type { CrashPoint } from '../crash/scenario.ts';
import { killEverywhere, stories, treatmentsOf } from './crash_stories.ts';
import { inWords } from './pages.ts';

for (const story of stories) {
  for (const treatment of treatmentsOf(story)) {
    for (const phase of ['before', 'after'] as const) {
      test(`${story.name}, killed ${phase} each outside call; ${inWords(treatment)}`, () =>
        killEverywhere(story, treatment, (k) => [{ k, phase }]));
    }
    test(`${story.name}, killed twice; ${inWords(treatment)}`, () =>
      killEverywhere(story, treatment, (k): CrashPoint[] => [
        { k, phase: 'before' },
        { k: k + 4, phase: 'after' },
      ]));
  }
}
