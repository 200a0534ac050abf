// Frames from a seed: three builds of one core, the same bytes.
//   SLIPWAY_SEED=7 node --test tests/node/differential/generated.test.ts     another sequence
import { test } from 'node:test';
import { sameSequence } from './sequence.ts';

test('20000 generated frames have the same answer in all builds', (context) =>
  sameSequence(context, 20_000));
