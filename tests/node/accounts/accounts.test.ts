// The accounts' API: registered, changed, closed and removed; what waits follows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertInvariants, hour_ms, openFleet, problemOf, settle } from '../faults/support.ts';
import {
  accountOf,
  assertPlacesAgree,
  createPlatform,
  main_id,
  projectsAt,
  put,
  siteOf,
  storedAccount,
} from './support.ts';

const path = '/api/v1/accounts';
const north = accountOf('north-1', 'a');

async function list(fleet: ReturnType<typeof openFleet>): Promise<Record<string, unknown>[]> {
  const { status, text } = await fleet.api('GET', path);
  assert.equal(status, 200, text);
  return JSON.parse(text).items;
}

test("the variables' account is registered with the first platform, others by PUT", async () => {
  const fleet = openFleet({ accounts: [north] });
  assert.deepEqual(await list(fleet), []);
  await createPlatform(fleet, 'acme');
  const registeredAt = new Date(fleet.clock.now()).toISOString();
  await put(fleet, 'north-1', { cloudflareId: north.id, capacity: 7, dailyCreations: 3 });
  await settle(fleet);
  const [main, other] = await list(fleet);
  assert.equal(main?.name, 'main');
  assert.equal(Number(main?.sites) + Number(other?.sites), 1);
  assert.deepEqual(other, {
    name: 'north-1',
    cloudflareId: north.id,
    state: 'open',
    credential: true,
    capacity: 7,
    sites: Number(other?.sites),
    dailyCreations: 3,
    nextCreationAt: String(other?.nextCreationAt),
    rateOwner: 'shared',
    registeredAt,
  });
  await assertInvariants(fleet);
});

test('putting what is there changes nothing; what is left out stays', async () => {
  const fleet = openFleet({ accounts: [north] });
  const first = await put(fleet, 'north-1', { cloudflareId: north.id, capacity: 7 });
  const events = (): unknown =>
    fleet.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n;
  const before = events();
  assert.deepEqual(await put(fleet, 'north-1', { cloudflareId: north.id, capacity: 7 }), first);
  assert.deepEqual(await put(fleet, 'north-1', { cloudflareId: north.id, state: 'open' }), first);
  assert.equal(events(), before);
  const dry = await fleet.api('PUT', `${path}/north-1?dryRun=true`, {
    cloudflareId: north.id,
    capacity: 8,
  });
  assert.equal(JSON.parse(dry.text).capacity, 8);
  assert.equal(events(), before, 'a dry run stores nothing');
  assert.equal(storedAccount(fleet, 'north-1').capacity, 7);
});

test('an account cannot be registered wrongly or twice', async () => {
  const fleet = openFleet({ accounts: [north] });
  const sent = (name: string, body: unknown) => fleet.api('PUT', `${path}/${name}`, body);
  const wrong = { cloudflareId: 'x', capacity: 0, dailyCreations: 10_001, state: 'full' };
  const issues = problemOf(await sent('north-1', wrong), 422, 'body.invalid').errors;
  assert.deepEqual(
    (issues as { pointer: string }[]).map((issue) => issue.pointer),
    ['/cloudflareId', '/state'],
  );
  const bounds = { cloudflareId: north.id, capacity: 0, dailyCreations: 10_001 };
  const more = problemOf(await sent('North_1', bounds), 422, 'body.invalid').errors;
  assert.deepEqual(
    (more as { pointer: string }[]).map((issue) => issue.pointer),
    ['', '/capacity', '/dailyCreations'],
  );
  await put(fleet, 'north-1', { cloudflareId: north.id });
  problemOf(await sent('south', { cloudflareId: north.id }), 409, 'account.duplicate');
  problemOf(await fleet.api('DELETE', `${path}/south`), 404, 'account.unknown');
});

test('an account is removed once it holds no site, and may come back', async () => {
  const fleet = openFleet({ accounts: [north] });
  await createPlatform(fleet, 'acme');
  await settle(fleet);
  problemOf(await fleet.api('DELETE', `${path}/main`), 409, 'account.in_use');
  const moved = { cloudflareId: north.id };
  problemOf(await fleet.api('PUT', `${path}/main`, moved), 409, 'account.in_use');
  await put(fleet, 'north-1', { cloudflareId: north.id });
  assert.equal((await fleet.api('DELETE', `${path}/north-1`)).status, 204);
  assert.equal((await fleet.api('DELETE', `${path}/north-1`)).status, 204);
  assert.deepEqual(
    (await list(fleet)).map(({ name }) => name),
    ['main'],
  );
  await put(fleet, 'north-1', { cloudflareId: north.id, capacity: 1 });
  assert.equal(storedAccount(fleet, 'north-1').state, 'open');
  await assertInvariants(fleet);
});

test('a closed account takes no site; what waited there for its turn goes elsewhere', async () => {
  const fleet = openFleet({ accounts: [north] });
  await put(fleet, 'main', { cloudflareId: main_id, dailyCreations: 4 });
  for (const name of ['one', 'two', 'three']) await createPlatform(fleet, name);
  await fleet.passTime(() => fleet.clock.now() >= Date.UTC(2026, 0, 1) + hour_ms, 2 * hour_ms);
  const waiting = ['one', 'two', 'three'].filter((name) => siteOf(fleet, name).waiting);
  assert.equal(waiting.length, 2, 'one of four a day at once, the others spread');
  const shown = JSON.parse((await fleet.api('GET', `/api/v1/platforms/${waiting[0]}`)).text);
  assert.equal(shown.sites[0].state, 'creating');
  assert.equal(shown.sites[0].waiting.code, 'account.pacing');
  assert.ok(Date.parse(shown.sites[0].waiting.until) > fleet.clock.now());

  await put(fleet, 'north-1', { cloudflareId: north.id });
  await put(fleet, 'main', { cloudflareId: main_id, state: 'closed' });
  await settle(fleet);
  assert.equal(projectsAt(fleet).get(north.id)?.length, 2);
  assert.equal(storedAccount(fleet, 'main').reason?.code, 'account.closed');
  assertPlacesAgree(fleet);
  await assertInvariants(fleet);
});

test('without room a site rests with the reason of each account; room lets it go on', async () => {
  const fleet = openFleet({ accounts: [north] });
  await put(fleet, 'main', { cloudflareId: main_id, capacity: 1 });
  for (const name of ['one', 'two', 'three']) await createPlatform(fleet, name);
  await settle(fleet);
  const resting = ['one', 'two', 'three'].filter((name) => siteOf(fleet, name).blocked);
  assert.equal(resting.length, 2);
  const { blocked } = siteOf(fleet, resting[0] ?? '');
  assert.equal(blocked?.code, 'account.none_left');
  assert.equal(blocked?.detail, 'main: all 1 places are taken');

  await put(fleet, 'main', { cloudflareId: main_id, capacity: 2 });
  await settle(fleet);
  const still = ['one', 'two', 'three'].filter((name) => siteOf(fleet, name).blocked);
  assert.equal(still.length, 1, 'one place lets one go on');
  await put(fleet, 'north-1', { cloudflareId: north.id });
  await settle(fleet);
  assert.equal(siteOf(fleet, still[0] ?? '').account, 'north-1');
  assertPlacesAgree(fleet);
  await assertInvariants(fleet);
});

test('no account with a token: nothing is stored; one is enough', async () => {
  const fleet = openFleet({ accounts: [north], variables: { CF_API_TOKEN: '' } });
  const body = { platformId: 'acme', environments: ['dev'] };
  problemOf(await fleet.api('POST', '/api/v1/platforms', body), 503, 'credential.missing');
  await put(fleet, 'north-1', { cloudflareId: north.id });
  await createPlatform(fleet, 'acme');
  await settle(fleet);
  assert.equal(siteOf(fleet, 'acme').account, 'north-1');
  assert.ok(siteOf(fleet, 'acme').live);
});
