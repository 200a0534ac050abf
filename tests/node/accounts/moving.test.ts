// A Cloudflare account that refuses: it takes no more sites, and those without a project there move
// on, whatever dies on the way.
import assert from 'node:assert/strict';
import { Crash, type Fleet, type FleetAccount } from '../crash/fleet.ts';
import {
  assertInvariants,
  assertNothingStuck,
  core,
  FaultyFleet,
  hour_ms,
  isSettled,
  openFleet,
  settle,
} from '../faults/support.ts';
import type { CallPhase } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import {
  accountOf,
  assertPlacesAgree,
  assertProjectsAgree,
  createPlatform,
  main_id,
  projectsAt,
  put,
  siteOf,
  sitesOf,
  storedAccount,
} from './support.ts';

const north = accountOf('north', 'a');
const ids = new Map([
  ['main', main_id],
  ['north', north.id],
]);

/** Account `main` would be asked first, and refuses; `north` has less room, and takes. */
async function registerBoth(fleet: Fleet): Promise<void> {
  await put(fleet, 'main', { cloudflareId: main_id });
  await put(fleet, 'north', { cloudflareId: north.id, capacity: 50 });
}

const refusals: readonly (readonly [string, object, string, string])[] = [
  ['is full at Cloudflare', { projectLimit: 0 }, 'full', 'project.limit_reached'],
  ['is blocked', { blocked: true }, 'closed', 'account.blocked'],
  ['has an unverified user', { emailUnverified: true }, 'closed', 'account.email_unverified'],
  ['does not know the token', { tokens: ['another'] }, 'closed', 'credential.invalid'],
];

for (const [what, change, state, code] of refusals) {
  test(`an account that ${what} is ${state}; the site goes to another`, async () => {
    const fleet = openFleet({ accounts: [north] });
    fleet.cloudflare.configure(main_id, change);
    await registerBoth(fleet);
    await createPlatform(fleet, 'acme');
    await settle(fleet);
    assert.equal(siteOf(fleet, 'acme').account, 'north');
    assert.ok(siteOf(fleet, 'acme').live);
    assert.equal(storedAccount(fleet, 'main').state, state);
    assert.equal(storedAccount(fleet, 'main').reason?.code, code);
    assertPlacesAgree(fleet);
    assertProjectsAgree(fleet, ids);
    await assertInvariants(fleet);
  });
}

test('a token without the account, and an id that is none, close the account', async () => {
  for (const [id, code] of [
    ['f'.repeat(32), 'credential.permission_missing'],
    ['no-account', 'account.id_unknown'],
  ] as const) {
    const fleet = openFleet({ accounts: [north], variables: { CF_ACCOUNT_ID: id } });
    await put(fleet, 'north', { cloudflareId: north.id, capacity: 50 });
    await createPlatform(fleet, 'acme');
    await settle(fleet);
    assert.equal(siteOf(fleet, 'acme').account, 'north');
    assert.equal(storedAccount(fleet, 'main').reason?.code, code);
  }
});

test('8000027 in the middle: what has a project stays, what waits moves at once', async () => {
  const fleet = openFleet({ accounts: [north] });
  fleet.cloudflare.configure(main_id, { projectLimit: 3 });
  await put(fleet, 'main', { cloudflareId: main_id, dailyCreations: 16 });
  for (let i = 0; i < 8; i += 1) await createPlatform(fleet, `tenant-${i}`);
  await fleet.passTime(() => sitesOf(fleet).filter((site) => site.live).length === 3, hour_ms);
  await put(fleet, 'north', { cloudflareId: north.id });
  await settle(fleet);
  assert.equal(projectsAt(fleet).get(main_id)?.length, 3);
  assert.equal(projectsAt(fleet).get(north.id)?.length, 5);
  assert.equal(sitesOf(fleet).filter((site) => site.live).length, 8);
  assertPlacesAgree(fleet);
  assertProjectsAgree(fleet, ids);
  await assertInvariants(fleet);
});

test('the only account refuses: the site rests; opening the account lets it go on', async () => {
  const fleet = openFleet();
  fleet.cloudflare.configure(main_id, { blocked: true });
  await createPlatform(fleet, 'acme');
  await settle(fleet);
  const { blocked, account } = siteOf(fleet, 'acme');
  assert.equal(blocked?.code, 'account.none_left');
  assert.equal(blocked?.detail, 'main: closed, account.blocked');
  assert.equal(account, '');
  fleet.cloudflare.configure(main_id, { blocked: false });
  await put(fleet, 'main', { cloudflareId: main_id, state: 'open' });
  await settle(fleet);
  assert.ok(siteOf(fleet, 'acme').live);
  await assertInvariants(fleet);
});

test('a creation without an answer keeps its site where the project may be', async () => {
  const lost = { when: 'after', answer: 'timeout' } as const;
  const fleet = openFleet({ accounts: [north] }, [
    { operation: 'cloudflare.project.create', nth: 1, fault: lost },
  ]);
  fleet.cloudflare.configure(main_id, { projectLimit: 1 });
  await registerBoth(fleet);
  await createPlatform(fleet, 'acme');
  await settle(fleet);
  assert.equal(siteOf(fleet, 'acme').account, 'main');
  assertProjectsAgree(fleet, ids);
});

const accounts: readonly FleetAccount[] = [north];

function openCrashing(k: number, phase: CallPhase): { fleet: FaultyFleet; calls: () => number } {
  const seen = { before: 0, after: 0 };
  const onCall = (name: string, at: CallPhase): void => {
    seen[at] += 1;
    if (at === phase && seen[at] === k) throw new Crash(`at ${name}`);
  };
  const fleet = new FaultyFleet({ core, accounts, onCall }, []);
  fleet.cloudflare.configure(main_id, { projectLimit: 1 });
  return { fleet, calls: () => seen.before };
}

// A client whose connection is cut asks again.
async function insisting(act: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      await act();
      return;
    } catch (error) {
      if (attempt === 2) throw error;
    }
  }
}

async function playMove(fleet: Fleet): Promise<void> {
  await insisting(() => put(fleet, 'main', { cloudflareId: main_id }));
  await insisting(() => put(fleet, 'north', { cloudflareId: north.id, capacity: 50 }));
  for (const name of ['acme', 'globex']) await insisting(() => createPlatform(fleet, name));
  const done = (): boolean => {
    assertNothingStuck(fleet);
    return isSettled(fleet);
  };
  assert.ok(await fleet.passTime(done, 3 * hour_ms), JSON.stringify(sitesOf(fleet)));
}

for (const phase of ['before', 'after'] as const) {
  test(`killed ${phase} every other call while a site moves on, all ends well`, async () => {
    const whole = openCrashing(0, phase);
    await playMove(whole.fleet);
    const total = whole.calls();
    assert.ok(total > 50, `${total} calls`);
    for (let k = phase === 'before' ? 1 : 2; k <= total; k += 2) {
      const { fleet } = openCrashing(k, phase);
      try {
        await playMove(fleet);
        assert.deepEqual(
          sitesOf(fleet).map((site) => site.live !== undefined),
          [true, true],
        );
        assertPlacesAgree(fleet);
        assertProjectsAgree(fleet, ids);
        assert.deepEqual(await fleet.unequalAggregates(), []);
      } catch (error) {
        throw new Error(`killed ${phase} call ${k} of ${total}`, { cause: error });
      }
    }
  });
}
