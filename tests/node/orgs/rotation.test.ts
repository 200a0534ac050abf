// Whatever has to be changed now and then is changed while everything goes on: the Cloudflare
// token, the sealing key, the deploy hook.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { account_id, type Fleet, type FleetOptions } from '../crash/fleet.ts';
import { boxOf, sealedRows } from '../sealing/support.ts';
import {
  assertWhole,
  buildsAt,
  call,
  hookByHand,
  hooksAt,
  inWords,
  modelled,
  publicationStates,
  sealedIds,
  treatments,
} from './pages.ts';
import {
  as,
  hook_address,
  json,
  mine,
  orgFleet,
  orgOf,
  provisioned,
  publishing,
  settle,
  theirs,
  told,
} from './support.ts';

// The first is the one that the tests' own calls in the dashboard have.
const kept = 'cloudflare-token';
const [old, fresh] = ['token-old', 'token-new'];
const treatment = { listed: false, deletable: true };

function revoke(fleet: Fleet, ...left: string[]): void {
  fleet.cloudflare.configure(account_id, { tokens: [kept, ...left] });
}

/** A fleet with two tokens; `at` is told the number of each call to Cloudflare beforehand. */
async function twoTokens(at: (call: number, fleet: Fleet) => void = () => undefined) {
  let calls = 0;
  let running: Fleet | undefined;
  const wrapPorts: FleetOptions['wrapPorts'] = (ports) => ({
    ...ports,
    fetch: async (request) => {
      if (new URL(request.url).hostname === 'cloudflare.test' && running !== undefined) {
        calls += 1;
        at(calls, running);
      }
      return ports.fetch(request);
    },
  });
  const variables = { ...modelled, CF_API_TOKEN: old, CF_API_TOKEN_PREVIOUS: fresh };
  const account = { tokens: [kept, old, fresh] };
  const { fleet } = await orgFleet({ account, variables, wrapPorts });
  running = fleet;
  return { fleet, calls: () => calls };
}

async function throughAll(fleet: Fleet): Promise<void> {
  await provisioned(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/rotate`);
  await settle(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
}

test('a token that is revoked before any call of all stops nothing', async () => {
  const smooth = await twoTokens();
  await throughAll(smooth.fleet);
  const total = smooth.calls();
  assert.ok(total > 15, `${total} calls`);
  for (let k = 1; k <= total; k += 1) {
    const { fleet } = await twoTokens((count, running) => {
      if (count === k) revoke(running, fresh);
    });
    await throughAll(fleet);
    assert.deepEqual(publicationStates(fleet), ['live', 'live'], `revoked before call ${k}`);
    assert.equal(buildsAt(fleet), 2, `revoked before call ${k}`);
    await assertWhole(fleet, treatment);
  }
});

test('the other token may be the one that is revoked, and a third comes in', async () => {
  const { fleet } = await twoTokens();
  await provisioned(fleet);
  revoke(fleet, old);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  revoke(fleet, old, 'token-third');
  fleet.reconfigure({ CF_API_TOKEN: 'token-third', CF_API_TOKEN_PREVIOUS: old });
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  revoke(fleet, 'token-third');
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live', 'live', 'live']);
  revoke(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.failure?.code, 'credential.invalid', 'without any it stops');
});

const key_before = publishing.SEALING_KEY;
const key_after = 'a11ce'.repeat(12).padEnd(64, '0');

function keyId(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'hex')).digest('hex').slice(0, 16);
}

function keysInUse(fleet: Fleet): string[] {
  const used = Object.values(sealedRows(fleet.db)).map((row) => boxOf(row).key);
  return [...new Set(used)];
}

test('a new sealing key: both open, the cron seals anew, then the old one may go', async () => {
  const { fleet } = await orgFleet({ variables: modelled });
  const made = await provisioned(fleet);
  await provisioned(fleet, 'org-borealis');
  const pasted = await hookByHand(fleet, 'aurora-ark');
  await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: pasted });
  assert.deepEqual(keysInUse(fleet), [keyId(key_before)]);

  const publish = async (): Promise<void> => {
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await settle(fleet);
    assert.equal(orgOf(fleet).last?.state, 'live');
    assert.equal(json(await as(fleet, 'ada', 'GET', mine)).publication.via, 'hook');
    const revealed = json(await as(fleet, 'ada', 'POST', `${mine}/reveal`));
    assert.equal(revealed.deployHookUrl, pasted);
  };
  fleet.reconfigure({ SEALING_KEY: key_after, SEALING_KEY_PREVIOUS: key_before });
  const revealed = json(await as(fleet, 'ada', 'POST', `${mine}/reveal`));
  assert.equal(revealed.deployHookUrl, pasted, 'before anything is sealed anew');
  await publish();
  await fleet.passTime(() => false, 5 * 60_000);
  assert.deepEqual(keysInUse(fleet), [keyId(key_after)]);
  assert.equal(sealedIds(fleet).length, 3);
  await publish();
  fleet.reconfigure({ SEALING_KEY_PREVIOUS: '' });
  await publish();
  await as(fleet, 'ada', 'DELETE', mine);
  const own = json(await as(fleet, 'ada', 'POST', `${mine}/reveal`));
  assert.equal(own.deployHookUrl, made);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  await assertWhole(fleet, treatment);
});

test('a pasted hook whose key is gone: failed, with a next step; pasted anew it goes', async () => {
  const { fleet } = await orgFleet({ variables: modelled });
  await provisioned(fleet);
  const pasted = await hookByHand(fleet, 'aurora-ark');
  await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: pasted });
  fleet.reconfigure({ SEALING_KEY: key_after });
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  const { publication } = json(await as(fleet, 'ada', 'GET', mine));
  assert.deepEqual(
    [publication.state, publication.failure.code],
    ['failed', 'publishing.hook_sealed'],
  );
  assert.match(publication.failure.next, /sealing key/);
  assert.equal(buildsAt(fleet), 1);
  await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: pasted });
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.state, 'live');
});

for (const each of treatments) {
  test(`a hook is rotated: the old one is deleted, or an orphan; ${inWords(each)}`, async () => {
    const { fleet } = await orgFleet({ deployHooks: each, variables: modelled });
    const before = await provisioned(fleet);
    const [first] = await hooksAt(fleet, each);
    const answer = await as(fleet, 'ada', 'POST', `${mine}/rotate`);
    assert.equal(answer.status, 200, answer.text);
    const { deployHookUrl, publishing: view } = json(answer);
    assert.ok(deployHookUrl.startsWith(hook_address) && deployHookUrl !== before);
    assert.equal(view.hook.masked.slice(-4), deployHookUrl.slice(-4));
    assert.equal(
      told(await as(fleet, 'ada', 'POST', `${mine}/rotate`)),
      '409 publishing.not_ready',
      'one at a time',
    );
    await settle(fleet);
    const shown = json(await as(fleet, 'ada', 'GET', mine));
    assert.equal(shown.orphanedHooks, each.deletable ? 0 : 1);
    assert.deepEqual(orgOf(fleet).orphans, each.deletable ? [] : [first?.name]);
    assert.equal((await hooksAt(fleet, each)).length, each.deletable ? 1 : 2);
    assert.equal(publicationStates(fleet).length, 1, 'nothing is built for it');
    await assertWhole(fleet, each);
    assert.equal(await call(fleet, before), each.deletable ? 404 : 200);
    await as(fleet, 'ada', 'POST', `${mine}/rotate`);
    await settle(fleet);
    assert.equal(orgOf(fleet).orphans.length, each.deletable ? 0 : 2);
  });
}

test('rotated during a build, the build goes on', async () => {
  const { fleet } = await orgFleet({ variables: modelled });
  await provisioned(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  assert.ok(await fleet.passTime(() => orgOf(fleet).active?.state === 'building', 60_000));
  assert.equal((await as(fleet, 'ada', 'POST', `${mine}/rotate`)).status, 200);
  await settle(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live']);
  await assertWhole(fleet, treatment);
});

test('there is nothing to rotate before a hook is made; beside a pasted one it is', async () => {
  const { fleet } = await orgFleet({ variables: modelled });
  const rotate = `${mine}/rotate`;
  assert.equal(told(await as(fleet, 'ada', 'POST', rotate)), '409 publishing.not_ready');
  const pasted = `${hook_address}7ec1f0c7-aaaa-4bbb-8ccc-0d0e0f101112`;
  await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: pasted });
  assert.equal(told(await as(fleet, 'ada', 'POST', rotate)), '409 publishing.not_ready');
  await provisioned(fleet);
  const rotated = json(await as(fleet, 'ada', 'POST', rotate));
  assert.notEqual(rotated.deployHookUrl, pasted);
  await settle(fleet);
  const revealed = json(await fleet.api('POST', `${theirs}/reveal`));
  assert.equal(revealed.deployHookUrl, pasted, 'the pasted one counts first');
  assert.equal(told(await as(fleet, 'ben', 'POST', rotate)), '403 org.role');
});
