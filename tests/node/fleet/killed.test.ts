// A batch of three, killed at outside calls: every sixth one, beginning with another one before and
// after it. killed.long.test.ts kills at every one.
import { test } from '../support/own_thread.ts';
import { killBatch } from './killed.ts';

const every = 6;

for (const [index, phase] of (['before', 'after'] as const).entries()) {
  test(`a kill ${phase} outside calls of a batch changes nothing of the end`, async (context) => {
    context.diagnostic(`${await killBatch(phase, every, index * 3)} outside calls`);
  });
}
