// The database goes back to an older state while GitHub and Cloudflare do not. A reconcile makes
// what is stored true again, and nothing is made twice.
import assert from 'node:assert/strict';
import { json } from '../access/support.ts';
import { Crash, type Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  callsOf,
  create,
  deployments_path,
  hour_ms,
  minute_ms,
  openFleet,
  pass,
  type SiteRow,
  settle,
} from '../faults/support.ts';
import type { CallPhase } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import { backUp, restore, type Table } from './support.ts';

async function reconcile(fleet: Fleet): Promise<Record<string, unknown>> {
  const started = await fleet.api('POST', '/api/v1/reconcile');
  assert.equal(started.status, 202, started.text);
  const read = async () => json(await fleet.api('GET', '/api/v1/reconcile'));
  const finished = async (): Promise<boolean> => (await read()).state === 'finished';
  assert.ok(await fleet.passTime(finished, hour_ms), JSON.stringify(await read()));
  await settle(fleet);
  return await read();
}

interface Project {
  readonly name: string;
}

function projects(fleet: Fleet): string[] {
  const state = fleet.cloudflare.state() as { accounts: { projects: Project[] }[] };
  return state.accounts.flatMap((account) => account.projects.map(({ name }) => name)).sort();
}

async function served(fleet: Fleet, host: string): Promise<string> {
  const url = `http://sites.test/sites/${host}/.well-known/slipway.json`;
  return JSON.parse(await (await fleet.cloudflare.site(new Request(url))).text()).deployment;
}

// Every site serves its wish, and what the row says is what is served.
async function assertTruthful(fleet: Fleet, ids: readonly string[]): Promise<void> {
  const sites = rows<SiteRow>(fleet, 'site');
  assert.deepEqual(
    sites.map((site) => `${site.platform_id}/${site.environment}`),
    ids,
  );
  for (const { live, desired, active, subdomain } of sites) {
    assert.equal(active, undefined);
    assert.equal(live?.revision, desired.revision);
    assert.equal(await served(fleet, String(subdomain)), live?.deployment_id);
  }
  assert.deepEqual(await fleet.unequalAggregates(), []);
}

const globex = { platformId: 'globex', environments: ['dev'] };

test('deployments and platforms that the database has forgotten', async () => {
  const fleet = openFleet();
  await create(fleet);
  await settle(fleet);
  const backup = backUp(fleet);
  await pass(fleet, 10 * minute_ms);
  await fleet.api('POST', deployments_path, { reason: 'after the backup' });
  assert.equal((await fleet.api('POST', '/api/v1/platforms', globex)).status, 202);
  await settle(fleet);
  const newer = await served(fleet, 'acme-dev-portal.pages.dev');
  restore(fleet, backup);

  assert.notEqual(rows<SiteRow>(fleet, 'site')[0]?.live?.deployment_id, newer);
  const walk = await reconcile(fleet);
  assert.deepEqual([walk.lookedAt, walk.changed, walk.faulty], [1, 1, 0]);
  await assertTruthful(fleet, ['acme/dev']);

  assert.equal((await fleet.api('POST', '/api/v1/platforms', globex)).status, 202);
  await settle(fleet);
  await assertTruthful(fleet, ['acme/dev', 'globex/dev']);
  assert.deepEqual(projects(fleet), ['acme-dev-portal', 'globex-dev-portal']);
  assert.equal(callsOf(fleet, 'cloudflare.project.create').length, 2, 'found by its marker');
});

test('a database from any moment of a deployment', async () => {
  const states = ['planned', 'dispatching', 'dispatched', 'running', 'uploaded', 'verifying'];
  for (const state of states) {
    const fleet = openFleet();
    await create(fleet);
    let backup: Table[] | undefined;
    await fleet.passTime(() => {
      const [site] = rows<SiteRow>(fleet, 'site');
      if (backup === undefined && site?.active?.state === state) backup = backUp(fleet);
      return backup !== undefined;
    }, 2 * hour_ms);
    if (backup === undefined) continue;
    await settle(fleet);
    await fleet.api('POST', deployments_path, { reason: 'after the backup' });
    await settle(fleet);
    restore(fleet, backup);
    await reconcile(fleet);
    const [site] = rows<SiteRow>(fleet, 'site');
    if (site?.last?.failure !== undefined) {
      // What cannot be found again is told, and deployed anew by hand.
      assert.ok(site.last.failure.next.length > 10, state);
      await fleet.api('POST', deployments_path, { reason: 'after the restore' });
      await settle(fleet);
    }
    await assertTruthful(fleet, ['acme/dev']);
    assert.deepEqual(projects(fleet), ['acme-dev-portal'], state);
  }
});

test('nothing was restored: a reconcile changes nothing', async () => {
  const fleet = openFleet();
  await create(fleet);
  await fleet.api('POST', '/api/v1/platforms', globex);
  await settle(fleet);
  const sites = JSON.stringify(rows(fleet, 'site'));
  const walk = await reconcile(fleet);
  assert.deepEqual([walk.lookedAt, walk.changed, walk.faulty], [2, 0, 0]);
  assert.equal(JSON.stringify(rows(fleet, 'site')), sites);
});

test('a project that is gone is made again, and served', async () => {
  const fleet = openFleet();
  await create(fleet);
  await settle(fleet);
  const url =
    'http://cloudflare.test/client/v4/accounts/0123456789abcdef0123456789abcdef/pages/projects/';
  const headers = { authorization: 'Bearer cloudflare-token' };
  const gone = await fleet.cloudflare.fetch(
    new Request(`${url}acme-dev-portal`, { method: 'DELETE', headers }),
  );
  assert.equal(gone.status, 200, await gone.text());
  const walk = await reconcile(fleet);
  assert.equal(walk.changed, 1);
  await assertTruthful(fleet, ['acme/dev']);
});

test('an outage makes it wait; the walk goes on where it was', async () => {
  const operation = 'cloudflare.project.get';
  const fault = { when: 'before', answer: 503 } as const;
  const fleet = openFleet({}, [{ operation, nth: [2, 3, 4], fault }]);
  await create(fleet);
  await settle(fleet);
  const walk = await reconcile(fleet);
  assert.deepEqual([walk.lookedAt, walk.changed, walk.faulty], [1, 0, 0]);
  assert.equal(fleet.faults.taken(), 3);
});

// A restored fleet that is reconciled and dies at the k-th outside call after that was asked for.
async function reconcileKilled(k: number, phase: CallPhase): Promise<void> {
  let armed = false;
  let seen = 0;
  const onCall = (name: string, now: CallPhase): void => {
    if (!armed || now !== phase) return;
    seen += 1;
    if (seen === k) throw new Crash(`at ${name}`);
  };
  const fleet = openFleet({ onCall });
  await create(fleet);
  await settle(fleet);
  const backup = backUp(fleet);
  await fleet.api('POST', deployments_path, { reason: 'after the backup' });
  await settle(fleet);
  restore(fleet, backup);
  armed = true;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await fleet.api('POST', '/api/v1/reconcile').catch(() => undefined);
    if (answer?.status === 202) break;
  }
  await settle(fleet);
  armed = false;
  assert.equal(fleet.crashes, 1);
  await assertTruthful(fleet, ['acme/dev']);
  assert.equal(
    rows<{ state: string }>(fleet, 'upkeep').some((row) => row.state === 'running'),
    false,
  );
}

for (const phase of ['before', 'after'] as const) {
  test(`killed ${phase} an early outside call of a reconcile, it ends the same`, async () => {
    for (let k = 1; k <= 24; k += 1) {
      await reconcileKilled(k, phase).catch((cause) => {
        throw new Error(`killed ${phase} call ${k}`, { cause });
      });
    }
  });
}
