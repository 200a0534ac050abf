// A batch of three, killed twice: the second time soon after the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { killEverywhere, type Story, twice } from '../crash/kill.ts';
import { openFleet, rows } from '../crash/scenario.ts';
import { hour_ms, isSettled } from '../faults/support.ts';
import { insist } from '../platforms/support.ts';
import { plantTenants, tenant } from './plant.ts';
import { assertServing, attemptsOf, upTo } from './support.ts';

const three = upTo(3);

const batch: Story = {
  open: (points) => openFleet(points),
  ready: async (fleet) => {
    await plantTenants(fleet, 3);
  },
  async go(fleet: Fleet) {
    for (const index of three) {
      const path = `/api/v1/platforms/${tenant(index)}/features/activate`;
      const { status, text } = await insist(fleet, 'POST', path, { featureId: 'quotes' });
      assert.ok(status === 202 || status === 200, text);
    }
    assert.ok(await fleet.passTime(() => isSettled(fleet), 2 * hour_ms));
  },
  async check(fleet) {
    await assertServing(fleet, three, 2);
    for (const index of three) assert.deepEqual(attemptsOf(fleet, index), ['live']);
    const batches = rows<{ state: string }>(fleet, 'batch');
    assert.ok(batches.every(({ state }) => state === 'closed'));
  },
};

test('a batch of three, killed twice', async (context) => {
  const kills = await killEverywhere(batch, twice(1, 3, 9));
  context.diagnostic(`${kills} pairs of kills`);
  assert.ok(kills > 300, `${kills} pairs`);
});
