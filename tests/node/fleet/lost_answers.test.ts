// A batch of three whose dispatch goes wrong in every way that GitHub has: it is built once, and
// all of it goes live.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { FleetOptions } from '../crash/fleet.ts';
import { callsOf, type FaultyFleet, minute_ms, runTitles } from '../faults/support.ts';
import { deliver, event, variables } from '../webhooks/support.ts';
import {
  assertServing,
  attemptsOf,
  batchCount,
  batchesAfter,
  change,
  liveTenants,
  settleWell,
  uploadsSince,
  upTo,
} from './support.ts';

const three = upTo(3);

interface Case {
  readonly fault?: Fault;
  readonly options?: Partial<FleetOptions>;
  /** Before the change. */
  readonly begin?: (fleet: FaultyFleet) => void;
  /** How many runs of the batch's key there are. */
  readonly runs?: number;
  /** Whether the run has to be looked for. */
  readonly searched?: boolean;
}

const slow = { runner: { timings: { queue_ms: 8 * minute_ms } } };
const lost: Fault = { when: 'after', answer: 'timeout', delay_ms: 15_000 };
const cases: Readonly<Record<string, Case>> = {
  'is answered by a timeout': { fault: lost, options: slow, searched: true },
  'is accepted and answered 500': {
    fault: { when: 'after', answer: 500 },
    options: slow,
    searched: true,
  },
  'is answered 204 without an id': {
    fault: { when: 'after', answer: 204 },
    options: slow,
    searched: true,
  },
  'starts two runs': { begin: (fleet) => fleet.github.behave({ duplicates: 1 }), runs: 2 },
  'starts two runs and is answered by a timeout': {
    fault: lost,
    options: slow,
    begin: (fleet) => fleet.github.behave({ duplicates: 1 }),
    runs: 2,
    searched: true,
  },
  'starts a run that is listed five minutes late': {
    fault: lost,
    options: slow,
    begin: (fleet) => fleet.github.behave({ listLag_ms: 5 * minute_ms }),
    searched: true,
  },
  'starts a run that claims before it is listed': {
    fault: lost,
    begin: (fleet) => fleet.github.behave({ listLag_ms: 60 * minute_ms }),
  },
};

for (const [how, { fault, options, begin, runs = 1, searched }] of Object.entries(cases)) {
  test(`a dispatch that ${how}: one batch, built once`, async () => {
    const plans = fault === undefined ? [] : [{ operation: 'github.dispatch', nth: 1, fault }];
    const fleet = await liveTenants(3, options, plans);
    begin?.(fleet);
    const known = batchCount(fleet);
    const began_ms = fleet.clock.now();
    const titles = (await runTitles(fleet)).length;
    await change(fleet, three);
    const unclear = (): boolean => batchesAfter(fleet, known)[0]?.state === 'unknown';
    if (fault !== undefined) assert.ok(await fleet.passTime(unclear, 2 * minute_ms));
    const closed = (): boolean => batchesAfter(fleet, known)[0]?.state === 'closed';
    assert.ok(await fleet.passTime(closed, 60 * minute_ms));
    await fleet.passTime(() => false, 5 * minute_ms);

    await assertServing(fleet, three, 2);
    for (const index of three) assert.deepEqual(attemptsOf(fleet, index), ['live']);
    const [batch, ...others] = batchesAfter(fleet, known);
    assert.deepEqual(others, [], 'one batch');
    assert.equal(batch?.members.length, 3);
    assert.equal(uploadsSince(fleet, began_ms), 3, 'no upload twice');
    const posts = callsOf(fleet, 'github.dispatch').filter(({ at_ms }) => at_ms >= began_ms);
    assert.equal(posts.length, 1, 'nothing is sent twice');
    if (searched === true) assert.ok(callsOf(fleet, 'github.list_runs').length > 0);
    const shown = (await runTitles(fleet)).length - titles;
    if (begin === undefined || runs > 1) assert.equal(shown, runs);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  });
}

test('a webhook twice and out of order, for a batch of three', async () => {
  const fleet = await liveTenants(3, { variables });
  const known = batchCount(fleet);
  await change(fleet, three);
  const running = (): boolean => batchesAfter(fleet, known)[0]?.state === 'claimed';
  assert.ok(await fleet.passTime(running, 5 * minute_ms));
  const [batch] = batchesAfter(fleet, known);
  const title = `${batch?.dispatch_key} main-dev`;
  // The end comes first, before it is true, then the beginning, each of them twice.
  for (const action of ['completed', 'completed', 'in_progress', 'requested', 'in_progress']) {
    const body = event(action, Number(batch?.run_id), title);
    assert.equal((await deliver(fleet, body)).status, 204);
  }
  await settleWell(fleet);
  await assertServing(fleet, three, 2);
  for (const index of three) assert.deepEqual(attemptsOf(fleet, index), ['live']);
  const before = JSON.stringify(batchesAfter(fleet, known));
  const late = event('completed', Number(batch?.run_id), title, { late: true });
  assert.equal((await deliver(fleet, late)).status, 204);
  await settleWell(fleet);
  assert.equal(JSON.stringify(batchesAfter(fleet, known)), before, 'a late one changes nothing');
});
