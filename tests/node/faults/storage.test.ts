// The storage and the queue fail at one call, before or after it had its effect, and life goes on:
// whoever asked asks again, and nothing is lost or done twice.
import assert from 'node:assert/strict';
import { StorageFailure } from '../../../worker-shim/ports.ts';
import { assertConverged } from '../crash/scenario.ts';
import { type CallPhase, countable } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import { acme, callsOf, type FaultyFleet, openFleet, settle } from './support.ts';

const ours = ['db.all', 'db.reads', 'db.batch', 'documents.putAllIfAbsent', 'queue.send'];

interface Played {
  readonly fleet: FaultyFleet;
  /** Calls of the storage and the queue that reached the phase. */
  readonly total: number;
}

// The main job with the k-th call failing `lasting` times in a row; none for k = 0.
async function play(k: number, phase: CallPhase, lasting: number): Promise<Played> {
  let total = 0;
  const onCall = (name: string, now: CallPhase): void => {
    if (now !== phase || !ours.includes(name)) return;
    total += 1;
    if (k > 0 && total >= k && total < k + lasting) throw new StorageFailure(`lost at ${name}`);
  };
  const fleet = openFleet({
    wrapPorts: (ports) => countable(ports, onCall, { crash_of: 'call' }),
  });
  for (const { method, path, body } of acme.requests) {
    let accepted = false;
    for (let attempt = 0; attempt < 5 && !accepted; attempt += 1) {
      const { status, text } = await fleet.api(method, path, body);
      accepted = status === 202;
      assert.ok(accepted || (status === 503 && text.includes('"retryable":true')), text);
    }
    assert.ok(accepted, 'the platform is accepted');
  }
  await settle(fleet);
  return { fleet, total };
}

for (const phase of ['before', 'after'] as const) {
  for (const lasting of [1, 3]) {
    test(`storage that fails ${phase} its effect, ${lasting} in a row, at any call`, async () => {
      const { total } = await play(0, phase, 0);
      assert.ok(total > 30, `${total} calls`);
      for (let k = 1; k <= total; k += 2) {
        const { fleet } = await play(k, phase, lasting);
        await assertConverged(fleet, acme).catch((error: unknown) => {
          throw new Error(`failed ${phase} call ${k} of ${total}`, { cause: error });
        });
        const uploads = callsOf(fleet, 'cloudflare.deployment.create');
        assert.equal(uploads.length, 1);
      }
    });
  }
}

test('a commit whose answer was lost is found in the journal, and accepted', async () => {
  let lost = 0;
  let asking = false;
  const onCall = (name: string, now: CallPhase): void => {
    if (!asking || now !== 'after' || name !== 'db.batch') return;
    lost += 1;
    throw new StorageFailure('the answer is lost');
  };
  const fleet = openFleet({
    wrapPorts: (ports) => countable(ports, onCall, { crash_of: 'call' }),
  });
  for (const { method, path, body } of acme.requests) {
    asking = true;
    const { status, text } = await fleet.api(method, path, body);
    asking = false;
    assert.equal(status, 202, text);
  }
  assert.ok(lost >= acme.requests.length, `${lost} answers lost`);
  await settle(fleet);
  await assertConverged(fleet, acme);
});
