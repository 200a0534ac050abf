// A batch of three from its plan to the served bytes, and where it is killed: nothing is built
// twice, nothing is left, and all of it is live.
import assert from 'node:assert/strict';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet } from '../crash/scenario.ts';
import { deployments, hour_ms, isSettled } from '../faults/support.ts';
import type { CallPhase } from '../support/countable.ts';
import { plantTenants, tenant } from './plant.ts';
import {
  assertServing,
  attemptsOf,
  batchCount,
  batchesAfter,
  uploadsSince,
  upTo,
} from './support.ts';

const three = upTo(3);

// Plays the batch; the process dies at the k-th call since the platforms are live. 0: never.
async function play(k: number, phase: CallPhase): Promise<readonly string[]> {
  const points: { k: number; phase: CallPhase }[] = [];
  const { fleet, calls } = openFleet(points);
  await plantTenants(fleet, 3);
  const known = batchCount(fleet);
  const began_ms = fleet.clock.now();
  // What has begun has ended, too: both counts are the same here.
  const before = calls.length;
  if (k > 0) points.push({ k: before + k, phase });
  for (const index of three) {
    await changeStubbornly(fleet, index);
  }
  const settled = await fleet.passTime(() => isSettled(fleet), 2 * hour_ms);
  assert.ok(settled, JSON.stringify(deployments(fleet)));
  assert.equal(fleet.crashes, k > 0 ? 1 : 0);
  await assertServing(fleet, three, 2);
  for (const index of three) assert.deepEqual(attemptsOf(fleet, index), ['live']);
  const members = batchesAfter(fleet, known).flatMap((batch) => batch.members);
  assert.equal(members.length, 3, 'each is planned once');
  assert.ok(batchesAfter(fleet, known).every(({ state }) => state === 'closed'));
  assert.equal(uploadsSince(fleet, began_ms), 3, 'each is uploaded once');
  assert.deepEqual(await fleet.unequalAggregates(), []);
  return calls.slice(before);
}

// A client whose connection is cut tries again; what is on already is answered 200.
async function changeStubbornly(fleet: Fleet, index: number): Promise<void> {
  const path = `/api/v1/platforms/${tenant(index)}/features/activate`;
  const send = () => fleet.api('POST', path, { featureId: 'quotes' });
  const answer = await send().catch((error: unknown) => {
    assert.ok(error instanceof TypeError, String(error));
    return send();
  });
  assert.ok(answer.status === 202 || answer.status === 200, answer.text);
}

/** Kills at every `every`-th call, beginning with `offset`; how many calls there are. */
export async function killBatch(phase: CallPhase, every = 1, offset = 0): Promise<number> {
  const calls = await play(0, phase);
  assert.ok(calls.length > 100, `${calls.length} calls`);
  for (let k = 1 + offset; k <= calls.length; k += every) {
    await play(k, phase).catch((cause: unknown) => {
      throw new Error(`killed ${phase} call ${k} of ${calls.length} (${calls[k - 1]})`, { cause });
    });
  }
  return calls.length;
}
