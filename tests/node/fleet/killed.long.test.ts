// A batch of three, killed before and after every outside call.
import { test } from 'node:test';
import { killBatch } from './killed.ts';

for (const phase of ['before', 'after'] as const) {
  test(`a kill ${phase} any outside call of a batch changes nothing`, async (context) => {
    context.diagnostic(`${await killBatch(phase)} outside calls`);
  });
}
