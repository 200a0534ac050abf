// Runners that no dispatch wakes: they claim the next batch of an account by themselves, or the
// deploy hook of Workers Builds wakes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertInvariants, callsOf, hour_ms, minute_ms, settle } from '../faults/support.ts';
import { tenant } from './plant.ts';
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

const hook = 'a-secret-hook';
const hooks = [{ id: hook, claims: { account: 'main' } }];
const address = `https://api.cloudflare.com/client/v4/workers/builds/deploy_hooks/${hook}`;
const three = upTo(3);

// The beginning of the id of a build; any text.
const uuid = (number: number): string =>
  `2f1c7a64-0000-4000-8000-${String(number).padStart(12, '0')}`;

test('BUILDER_WAKE=none: a runner claims the next batch by its account', async () => {
  const fleet = await liveTenants(35, { hooks });
  fleet.reconfigure({ BUILDER_WAKE: 'none' });
  const known = batchCount(fleet);
  const dispatches = callsOf(fleet, 'github.*').length;
  const began_ms = fleet.clock.now();
  await change(fleet, upTo(35));
  await fleet.passTime(() => false, hour_ms);
  const [batch, ...others] = batchesAfter(fleet, known);
  assert.deepEqual([batch?.state, batch?.shards, others], ['planned', 2, []], 'it waits');
  assert.equal(uploadsSince(fleet, began_ms), 0);

  fleet.builds.start(hook, uuid(1));
  await settle(fleet);
  assert.equal(callsOf(fleet, 'github.*').length, dispatches, 'GitHub is not asked for anything');
  await assertInvariants(fleet);
  await assertServing(fleet, upTo(35), 2);
  for (const index of upTo(35)) assert.deepEqual(attemptsOf(fleet, index), ['live']);
  assert.equal(batchesAfter(fleet, known)[0]?.run_id, fleet.builds.builds()[0]?.runId);
  assert.equal(fleet.builds.builds()[0]?.outcome, 'success');
  assert.equal(uploadsSince(fleet, began_ms), 35);
});

test('BUILDER_WAKE=none: two runners share the work, and a third finds nothing', async () => {
  const names = ['one', 'two', 'three'];
  const more = names.map((id) => ({ id, claims: { account: 'main' } }));
  const fleet = await liveTenants(6, { hooks: more });
  fleet.reconfigure({ BUILDER_WAKE: 'none' });
  const known = batchCount(fleet);
  const began_ms = fleet.clock.now();
  await change(fleet, three);
  await fleet.passTime(() => batchesAfter(fleet, known).length === 1, minute_ms);
  await change(fleet, [3, 4, 5]);
  await fleet.passTime(() => batchesAfter(fleet, known).length === 2, minute_ms);
  for (const [number, id] of names.entries()) fleet.builds.start(id, uuid(number));
  await settleWell(fleet);
  await fleet.passTime(() => fleet.builds.builds().every((build) => build.outcome), hour_ms);
  await assertServing(fleet, upTo(6), 2);
  const runs = batchesAfter(fleet, known).map((batch) => batch.run_id);
  assert.equal(new Set(runs).size, 2, 'each batch has a runner of its own');
  assert.deepEqual(
    fleet.builds.builds().map(({ outcome }) => outcome),
    ['success', 'success', 'success'],
  );
  assert.match(fleet.builds.log(3), /nothing_to_build|nothing/i);
  assert.equal(uploadsSince(fleet, began_ms), 6);
});

test('BUILDER_WAKE=deploy_hook: Workers Builds is woken, and serves the batch', async () => {
  const fleet = await liveTenants(3, { hooks });
  fleet.reconfigure({ BUILDER_WAKE: 'deploy_hook', BUILDER_DEPLOY_HOOK: address });
  const known = batchCount(fleet);
  const began_ms = fleet.clock.now();
  const asked = callsOf(fleet, 'github.*').length;
  await change(fleet, three);
  await settle(fleet);
  assert.equal(callsOf(fleet, 'github.*').length, asked, 'GitHub is not asked for anything');
  await assertInvariants(fleet);
  await assertServing(fleet, three, 2);
  assert.equal(fleet.builds.builds().length, 1, 'woken once');
  assert.equal(batchesAfter(fleet, known)[0]?.run_id, fleet.builds.builds()[0]?.runId);
  assert.ok(fleet.clock.now() - began_ms < 5 * minute_ms, 'at once');
  const told = JSON.stringify([
    fleet.logged,
    ...['journal', 'outbox', 'batch', 'site'].map((table) =>
      fleet.db.sqlite.prepare(`SELECT * FROM ${table}`).all(),
    ),
  ]);
  assert.ok(!told.includes(hook), 'its address is a secret');
});

test('a hook that answers nothing is called again; the batch is built once', async () => {
  const fault = { when: 'after', answer: 'timeout', delay_ms: 15_000 } as const;
  const plans = [{ operation: 'cloudflare.build_hook.trigger', nth: 1, fault }];
  const fleet = await liveTenants(3, { hooks }, plans);
  fleet.reconfigure({ BUILDER_WAKE: 'deploy_hook', BUILDER_DEPLOY_HOOK: address });
  const began_ms = fleet.clock.now();
  await change(fleet, three);
  await settleWell(fleet);
  assert.equal(fleet.faults.taken(), 1);
  await assertServing(fleet, three, 2);
  assert.equal(uploadsSince(fleet, began_ms), 3);
});

test('a configuration that a build cannot read: another build takes that site live', async () => {
  let slow = true;
  const fleet = await liveTenants(3, {
    hooks,
    toApi: async (request, serve) => {
      const hangs = slow && request.url.includes(tenant(1));
      return hangs ? new Response('', { status: 503 }) : serve(request);
    },
  });
  fleet.reconfigure({ BUILDER_WAKE: 'deploy_hook', BUILDER_DEPLOY_HOOK: address });
  await change(fleet, three);
  await fleet.passTime(() => false, 10 * minute_ms);
  slow = false;
  await settleWell(fleet);
  await assertServing(fleet, three, 2);
  assert.deepEqual(
    [0, 1, 2].map((index) => attemptsOf(fleet, index).at(0)),
    ['live', 'failed', 'live'],
  );
  assert.ok(fleet.builds.builds().length > 1, 'another build');
});

test('an unknown hook: failed with its reason, and a person is told', async () => {
  const fleet = await liveTenants(3, { hooks });
  fleet.reconfigure({ BUILDER_WAKE: 'deploy_hook', BUILDER_DEPLOY_HOOK: 'another' });
  await change(fleet, three);
  await settleWell(fleet);
  for (const index of three) assert.deepEqual(attemptsOf(fleet, index), ['failed']);
  fleet.reconfigure({ BUILDER_DEPLOY_HOOK: address });
  await change(fleet, three, 'reports');
  await settleWell(fleet);
  await assertServing(fleet, three, 3);
});
