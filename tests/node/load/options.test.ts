// What `npm run load` can be told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, UsageError, usage } from '../../load/options.ts';

test('the ordinary load and the ordinary soak', () => {
  const { soak, seconds, rounds, connections, minutes, kill_every_s } = readOptions([]);
  assert.deepEqual([soak, seconds, rounds, connections], [false, 4, 5, 8]);
  assert.deepEqual([readOptions(['--soak']).soak, minutes, kill_every_s], [true, 10, 30]);
});

test('what it does not know it refuses', () => {
  const odd = [['--sok'], ['more'], ['--seconds', '0'], ['--minutes', 'ten'], ['--rounds', '']];
  for (const args of odd) assert.throws(() => readOptions(args), UsageError, args.join(' '));
});

test('every option is told of', () => {
  const flags = [
    'soak',
    'seconds',
    'rounds',
    'connections',
    'minutes',
    'kill-every',
    'seed',
    'json',
  ];
  for (const flag of flags) assert.match(usage, new RegExp(`--${flag}`));
});
