// What people do past Slipway: a project that is deleted in the dashboard, a site that redirects, a
// page that is another one each time, and an org that comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { dashboard } from '../platforms/support.ts';
import {
  assertWhole,
  buildsAt,
  faultyFleet,
  hookByHand,
  hooksAt,
  publicationStates,
  sealedIds,
} from './pages.ts';
import { as, json, mine, orgFleet, orgOf, orgs, provisioned, settle, told } from './support.ts';

const treatment = { listed: false, deletable: true };

async function publish(fleet: Fleet) {
  const answer = await as(fleet, 'ada', 'POST', `${mine}/publish`);
  assert.equal(answer.status, 202, answer.text);
  await settle(fleet);
  return json(await as(fleet, 'ada', 'GET', mine));
}

async function deleteProject(fleet: Fleet): Promise<void> {
  assert.equal((await dashboard(fleet, 'DELETE', 'aurora-ark')).status, 200);
}

async function untilBuilding(fleet: Fleet): Promise<void> {
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  assert.ok(await fleet.passTime(() => orgOf(fleet).active?.state === 'building', 60_000));
}

const moments: Readonly<Record<string, (fleet: Fleet) => Promise<void>>> = {
  'before a publication': async (fleet) => {
    await deleteProject(fleet);
    await publish(fleet);
  },
  'during its build': async (fleet) => {
    await untilBuilding(fleet);
    await deleteProject(fleet);
    await settle(fleet);
  },
  'during its build, with one more asked for': async (fleet) => {
    await untilBuilding(fleet);
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await deleteProject(fleet);
    await settle(fleet);
  },
  'before a rotation': async (fleet) => {
    await deleteProject(fleet);
    const answer = await as(fleet, 'ada', 'POST', `${mine}/rotate`);
    assert.equal(told(answer), '409 publishing.project_gone');
    await settle(fleet);
  },
};
for (const [moment, play] of Object.entries(moments)) {
  test(`a project that is deleted ${moment}: told, and provisioned again`, async () => {
    const { fleet } = await faultyFleet();
    await provisioned(fleet);
    await play(fleet);
    const view = json(await as(fleet, 'ada', 'GET', mine));
    assert.deepEqual(
      [view.state, view.failure.code, view.hook, view.projectUrl],
      ['blocked', 'publishing.project_gone', undefined, undefined],
    );
    assert.match(view.failure.next, /Auto-provision it again/);
    assert.deepEqual(sealedIds(fleet), [], 'its hook is gone with it');
    assert.equal(
      told(await as(fleet, 'ada', 'POST', `${mine}/publish`)),
      '409 publishing.nothing_to_publish',
    );
    await provisioned(fleet);
    assert.equal(publicationStates(fleet).at(-1), 'live', 'it is built at once');
    assert.equal(buildsAt(fleet), 1);
    assert.deepEqual(orgOf(fleet).orphans, []);
    await assertWhole(fleet, treatment);
  });
}

test('a pasted hook outlives the project of its org', async () => {
  const { fleet } = await faultyFleet();
  await provisioned(fleet);
  await provisioned(fleet, 'org-borealis');
  const deployHookUrl = await hookByHand(fleet, 'borealis-ark');
  await deleteProject(fleet);
  await publish(fleet);
  const body = { deployHookUrl, projectName: 'borealis-ark' };
  assert.equal((await as(fleet, 'ada', 'PUT', mine, body)).status, 200);
  const view = await publish(fleet);
  assert.deepEqual([view.publication.state, view.publication.via], ['live', 'hook']);
  // Another project that cannot be found says nothing of the org's own.
  await provisioned(fleet);
  assert.equal((await dashboard(fleet, 'DELETE', 'borealis-ark')).status, 200);
  assert.equal((await publish(fleet)).state, 'ready');
});

test('a site whose first page is a redirect is live', async () => {
  const page = 'mkdir -p dist/en; echo hi > dist/en/index.html';
  const redirects = `${page}; echo '/ /en/ 302' > dist/_redirects`;
  const { fleet } = await orgFleet({ variables: { PUBLISHING_BUILD_COMMAND: redirects } });
  await provisioned(fleet);
  const { last } = orgOf(fleet);
  assert.deepEqual([last?.state, last?.verified], ['live', 'served']);
  assert.match(last?.detail ?? '', /redirect/);
});

test('a site that serves another page than its build is not called checked', async () => {
  const { fleet } = await faultyFleet();
  await provisioned(fleet);
  assert.equal(orgOf(fleet).last?.verified, 'bytes');
  const changed = {
    deployment_configs: {
      production: { env_vars: { ORG_NAME: { type: 'plain_text', value: 'Another name' } } },
    },
  };
  assert.equal((await dashboard(fleet, 'PATCH', 'aurora-ark', changed)).status, 200);
  fleet.cloudflare.behave('aurora-ark', { serves: 'old', times: 1 });
  const began = fleet.clock.now();
  const { publication } = await publish(fleet);
  assert.deepEqual([publication.state, publication.verified], ['live', 'served']);
  assert.ok(fleet.clock.now() - began > 30_000, 'it has been waited for');
});

test('a removed org leaves its hooks as orphans, and comes back to its project', async () => {
  for (const deployHooks of [treatment, { listed: false, deletable: false }]) {
    const { fleet } = await faultyFleet({ deployHooks });
    await provisioned(fleet);
    await as(fleet, 'ada', 'POST', `${mine}/rotate`);
    assert.equal((await fleet.api('DELETE', '/api/v1/orgs/aurora')).status, 204);
    await settle(fleet);
    assert.deepEqual(sealedIds(fleet), []);
    const left = (await hooksAt(fleet, deployHooks)).map(({ name }) => name);
    assert.deepEqual(orgOf(fleet).orphans, left);
    assert.equal(left.length, 2);
    assert.equal(told(await as(fleet, 'ada', 'GET', mine)), '404 org.unknown');

    assert.equal((await fleet.api('PUT', '/api/v1/orgs/aurora', orgs.aurora)).status, 200);
    await provisioned(fleet);
    assert.deepEqual(orgOf(fleet).orphans, left);
    await assertWhole(fleet, deployHooks);
  }
});

test('after half a year the journal of an org is a snapshot, and it goes on', async () => {
  const { fleet } = await faultyFleet();
  await provisioned(fleet);
  await publish(fleet);
  const events = "SELECT count(*) AS n FROM journal WHERE aggregate = 'org:aurora'";
  const count = (): number => Number(fleet.db.sqlite.prepare(events).get()?.n);
  assert.ok(count() > 12);
  fleet.clock.advance(181 * 24 * 3_600_000);
  await fleet.passTime(() => false, 15 * 60_000);
  assert.equal(count(), 1);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  await publish(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live', 'live']);
  await assertWhole(fleet, treatment);
});
