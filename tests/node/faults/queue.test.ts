// Messages that come twice, late, in any order or never, cron ticks beside them, and requests at
// the same time: whoever comes second finds the work done.
import assert from 'node:assert/strict';
import { derivedSeed, seededRandom } from '../../../simulator/base/random.ts';
import { performMessages } from '../../../worker-shim/triggers/queue.ts';
import { assertConverged } from '../crash/scenario.ts';
import { memoryPorts, memoryWorld, type QueuedEffect } from '../support/memory_ports.ts';
import { test } from '../support/own_thread.ts';
import { gated, paired } from './gate.ts';
import {
  acme,
  assertInvariants,
  assertLive,
  callsOf,
  core,
  create,
  deployments,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  onlySite,
  openFleet,
  playToEnd,
  problemOf,
  settle,
} from './support.ts';

// Every message `copies` times, each up to `late_ms` late: their order is shuffled. The same
// promise that is sent again comes no oftener.
function repeated(seed: number, copies: number, late_ms: number) {
  const random = seededRandom(derivedSeed(seed, 'queue'));
  const sent = new Set<string>();
  return (message: QueuedEffect): QueuedEffect[] => {
    const { key, due_at_ms } = message;
    const promise = `${key} ${due_at_ms}`;
    if (sent.has(promise)) return [];
    sent.add(promise);
    const late = () => due_at_ms + Math.floor(random() * late_ms);
    return Array.from({ length: copies }, () => ({ ...message, due_at_ms: late() }));
  };
}

async function assertSingleEffects(fleet: FaultyFleet): Promise<void> {
  await assertConverged(fleet, acme);
  assert.equal(callsOf(fleet, 'github.dispatch').length, 1);
  assert.equal(callsOf(fleet, 'cloudflare.project.create').length, 1);
  assert.equal(callsOf(fleet, 'cloudflare.deployment.create').length, 1);
}

for (const concurrent of [false, true]) {
  const how = concurrent ? 'beside each other' : 'one after the other';
  test(`every message three times, ${how}, in many orders`, async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const deliver = repeated(seed, 3, seed % 3 === 0 ? 0 : 4_000);
      const fleet = openFleet({ seed, deliver, concurrent });
      await playToEnd(fleet);
      await assertSingleEffects(fleet);
    }
  });
}

test('messages up to ten minutes late', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const fleet = openFleet({ seed, deliver: repeated(seed, 1, 600_000) });
    await playToEnd(fleet);
    await assertSingleEffects(fleet);
  }
});

test('messages of one effect that come together are one look, and all are done', async () => {
  const fleet = openFleet({ deliver: () => [] });
  await create(fleet);
  const asked: string[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    asked.push(new URL(request.url).pathname);
    return fleet.cloudflare.fetch(request);
  };
  const ports = memoryPorts({ db: fleet.db, fetch, now_ms: fleet.clock.now() });
  const variables = {
    CF_ACCOUNT_NAME: 'main',
    CF_API_TOKEN: 'cloudflare-token',
    CLOUDFLARE_API_URL: 'http://cloudflare.test/client/v4',
  };
  let acks = 0;
  const message = {
    body: { key: 'site:acme/dev' },
    attempts: 1,
    ack: () => {
      acks += 1;
    },
    retry: () => assert.fail('nothing goes wrong'),
  };
  // The first look finds the site a place, the next one its project.
  const world = memoryWorld(core, ports, variables);
  await performMessages(world, [message]);
  await performMessages(world, [message, message, message]);
  assert.equal(acks, 4);
  assert.equal(asked.length, 2, `one look, one creation: ${asked.join(' ')}`);
});

test('seven of ten messages are lost: the sweep sends them again', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const random = seededRandom(derivedSeed(seed, 'loss'));
    const deliver = (message: QueuedEffect) => (random() < 0.7 ? [] : [message]);
    const fleet = openFleet({ seed, deliver });
    await playToEnd(fleet, 4 * hour_ms);
    await assertSingleEffects(fleet);
  }
});

test('two deliveries of each message overlap at the journal: one effect each', async () => {
  let races = 0;
  for (let seed = 1; seed <= 6; seed += 1) {
    const pair = paired();
    const deliver = repeated(seed, 2, 0);
    const fleet = openFleet({ seed, deliver, concurrent: true, wrapPorts: pair.wrap });
    await playToEnd(fleet);
    assert.ok(pair.pairs() > 3, `${pair.pairs()} writes met`);
    races += fleet.logged.filter((entry) => entry.event === 'race_lost').length;
    await assertSingleEffects(fleet);
  }
  assert.ok(races > 12, `${races} races were lost`);
});

test('the cron overlaps with messages and with itself', async () => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const pair = paired();
    const late = repeated(seed, 3, 120_000);
    const deliver = (message: QueuedEffect) => late(message).map(toMinute);
    const fleet = openFleet({ seed, deliver, concurrent: true, wrapPorts: pair.wrap });
    await playToEnd(fleet);
    assert.ok(pair.pairs() > 0);
    await assertSingleEffects(fleet);
  }
});

// Due when the cron comes.
function toMinute(message: QueuedEffect): QueuedEffect {
  return { ...message, due_at_ms: Math.ceil(message.due_at_ms / 60_000) * 60_000 };
}

const body = { platformId: 'acme', name: 'Acme', environments: ['dev'] };

test('two identical creates at once: the same answer twice, one site', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const gate = gated(2);
    const fleet = openFleet({ seed, wrapPorts: gate.wrap });
    gate.arm();
    const answers = await Promise.all([
      fleet.api('POST', '/api/v1/platforms', body),
      fleet.api('POST', '/api/v1/platforms', body),
    ]);
    assert.equal(gate.met(), true);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [202, 202],
    );
    assert.equal(answers[0]?.headers.get('location'), answers[1]?.headers.get('location'));
    await settle(fleet);
    await assertSingleEffects(fleet);
  }
});

test('two different creates of one id at once: one is accepted, one is told', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const gate = gated(2);
    const fleet = openFleet({ seed, wrapPorts: gate.wrap });
    gate.arm();
    const answers = await Promise.all([
      fleet.api('POST', '/api/v1/platforms', body),
      fleet.api('POST', '/api/v1/platforms', { ...body, name: 'Other' }),
    ]);
    assert.equal(gate.met(), true);
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
    assert.equal(won?.status, 202);
    assert.ok(lost !== undefined);
    problemOf(lost, 409, 'platform.exists');
    await settle(fleet);
    await assertSingleEffects(fleet);
  }
});

test('creates of two platforms at once register the account once, and both go live', async () => {
  const gate = gated(2);
  const fleet = openFleet({ wrapPorts: gate.wrap });
  gate.arm();
  const answers = await Promise.all([
    fleet.api('POST', '/api/v1/platforms', body),
    fleet.api('POST', '/api/v1/platforms', { ...body, platformId: 'globex' }),
  ]);
  assert.equal(gate.met(), true);
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [202, 202],
  );
  await settle(fleet);
  await assertConverged(fleet, { requests: [], sites: ['acme/dev', 'globex/dev'] });
});

test('two requests to deploy at once: both are kept, one deployment serves both', async () => {
  const gate = gated(2);
  const fleet = openFleet({ wrapPorts: gate.wrap });
  await playToEnd(fleet);
  gate.arm();
  const answers = await Promise.all([
    fleet.api('POST', deployments_path, { reason: 'one' }),
    fleet.api('POST', deployments_path, { reason: 'two' }),
  ]);
  assert.equal(gate.met(), true);
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [202, 202],
  );
  await settle(fleet);
  assertLive(fleet);
  assert.equal(onlySite(fleet).live?.revision, 3);
  assert.equal(deployments(fleet).length, 2);
  await assertInvariants(fleet);
});
