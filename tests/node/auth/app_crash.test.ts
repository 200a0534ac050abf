// Kill before and after outside calls of the main job by a GitHub App, whose token is asked for
// between the intention and the dispatch: the same end state.
import assert from 'node:assert/strict';
import { assertConverged, type CrashPoint, openFleet, play } from '../crash/scenario.ts';
import { acme } from '../faults/support.ts';
import { test } from '../support/own_thread.ts';
import { app, by_app } from './support.ts';

const options = { apps: [app], variables: by_app };

async function converges(points: readonly CrashPoint[]): Promise<readonly string[]> {
  const { fleet, calls } = openFleet(points, undefined, options);
  await play(fleet, acme);
  await assertConverged(fleet, acme);
  assert.equal(fleet.crashes, points.length);
  return calls;
}

for (const phase of ['before', 'after'] as const) {
  test(`a kill ${phase} every second outside call by an App changes nothing`, async () => {
    const first = phase === 'before' ? 1 : 2;
    const calls = await converges([]);
    for (let k = first; k <= calls.length; k += 2) {
      await converges([{ k, phase }]).catch((cause: unknown) => {
        throw new Error(`killed ${phase} call ${k} (${calls[k - 1]})`, { cause });
      });
    }
  });
}
