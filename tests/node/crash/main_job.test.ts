// Kill before and after the k-th outside call of the main job, for every k: the same end state.
import assert from 'node:assert/strict';
import type { CallPhase } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import { assertConverged, openFleet, play, type Scenario } from './scenario.ts';

const create: Scenario = {
  requests: [
    {
      method: 'POST',
      path: '/api/v1/platforms',
      body: { platformId: 'acme', name: 'Acme', environments: ['dev'] },
    },
  ],
  sites: ['acme/dev'],
};

const createTwo: Scenario = {
  requests: [
    {
      method: 'POST',
      path: '/api/v1/platforms',
      body: { platformId: 'acme', environments: ['dev', 'prod'] },
    },
  ],
  sites: ['acme/dev', 'acme/prod'],
};

async function countCalls(scenario: Scenario): Promise<number> {
  const { fleet, calls } = openFleet();
  await play(fleet, scenario);
  await assertConverged(fleet, scenario);
  assert.equal(fleet.crashes, 0);
  return calls.length;
}

async function crashEverywhere(scenario: Scenario, phase: CallPhase): Promise<void> {
  const total = await countCalls(scenario);
  assert.ok(total > 30, `the main job makes ${total} outside calls`);
  for (let k = 1; k <= total; k += 1) {
    const { fleet, calls } = openFleet([{ k, phase }]);
    try {
      await play(fleet, scenario);
      await assertConverged(fleet, scenario);
      assert.equal(fleet.crashes, 1);
    } catch (error) {
      const at = `killed ${phase} call ${k} of ${total} (${calls[k - 1]})`;
      throw new Error(at, { cause: error });
    }
  }
}

test('a kill before any outside call of the main job changes nothing of its end', () =>
  crashEverywhere(create, 'before'));

test('a kill after any outside call of the main job changes nothing of its end', () =>
  crashEverywhere(create, 'after'));

test('the same with two environments at once', () => crashEverywhere(createTwo, 'after'));

test('two kills, the second soon after the first, change nothing either', async () => {
  const total = await countCalls(create);
  for (let k = 1; k <= total; k += 3) {
    for (const later of [k + 1, k + 4]) {
      const { fleet } = openFleet([
        { k, phase: 'after' },
        { k: later, phase: 'before' },
      ]);
      await play(fleet, create);
      await assertConverged(fleet, create);
    }
  }
});
