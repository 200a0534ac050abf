// The longer sequence of generated frames: three builds of one core, the same bytes.
import { test } from 'node:test';
import { sameSequence } from './sequence.ts';

test('a million generated frames have the same answer in all builds', (context) =>
  sameSequence(context, 1_000_000));
