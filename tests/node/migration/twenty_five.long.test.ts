// Twenty-five platforms of the old world come over, killed twice at other places each time.
import { test } from 'node:test';
import { killedTwice } from './old_fleet.ts';

for (const seed of [2, 3, 4, 5, 6, 7, 8]) {
  test(`twenty-five platforms, killed twice on the way (seed ${seed})`, () => killedTwice(seed));
}
