// Killed before and after outside calls of every story, each sixth of them in each treatment of
// hooks, beginning with another one: crash.long.test.ts kills at every one.

import type { CrashPoint } from '../crash/scenario.ts';
import type { CallPhase } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import { killEverywhere, publish, rotate, stories, treatmentsOf } from './crash_stories.ts';
import { inWords, treatments } from './pages.ts';

const every = 6;

for (const story of stories) {
  for (const [index, treatment] of treatmentsOf(story).entries()) {
    for (const phase of ['before', 'after'] as const satisfies CallPhase[]) {
      const offset = (index * 2 + (phase === 'before' ? 0 : 3)) % every;
      test(`${story.name}, killed ${phase} outside calls; ${inWords(treatment)}`, () =>
        killEverywhere(story, treatment, (k) => (k % every === offset ? [{ k, phase }] : [])));
    }
  }
}

for (const story of [rotate, publish]) {
  test(`${story.name}, killed twice`, async () => {
    const twice = (k: number): CrashPoint[] =>
      k % 9 === 0
        ? [
            { k, phase: 'before' },
            { k: k + 4, phase: 'after' },
          ]
        : [];
    for (const treatment of treatments) await killEverywhere(story, treatment, twice);
  });
}
