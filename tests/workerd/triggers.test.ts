import { beforeEach, describe, expect, it } from 'vitest';
import { tick } from '../../worker-shim/triggers/cron.ts';
import { performMessages } from '../../worker-shim/triggers/queue.ts';
import { scriptedCore } from '../node/support/scripted_core.ts';
import { freshState, testWorld } from './support.ts';

// A message that remembers what became of it.
function message(body: unknown, attempts = 1) {
  const fate: string[] = [];
  return {
    body,
    attempts,
    fate,
    ack: () => void fate.push('ack'),
    retry: ({ delaySeconds }: { delaySeconds: number }) => void fate.push(`retry ${delaySeconds}`),
  };
}

describe('queue', () => {
  beforeEach(freshState);

  it('retries a failing message with a bounded delay and acknowledges its neighbours', async () => {
    const core = scriptedCore(({ input }) => {
      if (input.kind === 'effect' && input.effect_key === 'bad') {
        throw new Error('fault');
      }
      return { done: {} };
    });
    const world = testWorld(core);
    const messages = [
      message({ key: 'one' }),
      message({ key: 'bad' }, 2),
      message({ key: 'bad' }, 50),
      message('no key'),
      message({ key: 'two' }),
    ];
    await performMessages(world, messages);
    expect(messages.map((each) => each.fate)).toEqual([
      ['ack'],
      ['retry 4'],
      ['retry 60'],
      ['retry 2'],
      ['ack'],
    ]);
    expect(world.logged.filter((entry) => entry.event === 'effect_failed')).toHaveLength(3);
  });
});

describe('cron', () => {
  const both = ['sweep', 'watch_runs'].map((operation) => ({ kind: 'tick', operation }));

  it('hands the core both runs of a tick', async () => {
    const core = scriptedCore(() => ({ done: {} }));
    await tick(testWorld(core));
    expect(core.seen.map((seen) => seen.input)).toEqual(both);
  });

  it.each(both)('reports the failure of $operation, and the other run takes place', async (one) => {
    const core = scriptedCore(({ input }) => {
      if (input.kind === 'tick' && input.operation === one.operation) throw new Error('fault');
      return { done: {} };
    });
    await expect(tick(testWorld(core))).rejects.toThrow('fault');
    expect(core.seen.map((seen) => seen.input)).toEqual(both);
  });
});
