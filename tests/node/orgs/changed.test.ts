// An org that changes its name: its project is told, and the next build shows it. What is long past
// is forgotten.
import assert from 'node:assert/strict';
import type { Fault, Faults } from '../../../simulator/base/contract.ts';
import { rows } from '../crash/scenario.ts';
import { test } from '../support/own_thread.ts';
import { as, json, mine, orgFleet, orgOf, orgs, provisioned, served, settle } from './support.ts';

const renamed = { ...orgs.aurora, name: 'Aurora Bindery' };
const host = 'aurora-ark.pages.dev';

test('another name reaches the project, and the next build shows it', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  assert.equal((await fleet.api('PUT', '/api/v1/orgs/aurora', renamed)).status, 200);
  await settle(fleet);
  const edits = fleet.cloudflare.log.filter(({ method }) => method === 'PATCH');
  assert.equal(edits.length, 1);
  assert.match(await served(fleet, host), /Aurora Books/, 'nothing is built by itself');
  assert.equal((await as(fleet, 'ada', 'POST', `${mine}/publish`)).status, 202);
  await settle(fleet);
  assert.match(await served(fleet, host), /Aurora Bindery/);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('members alone change nothing at Pages', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  const members = [{ userId: 'cleo', role: 'admin' }];
  await fleet.api('PUT', '/api/v1/orgs/aurora', { ...orgs.aurora, members });
  await fleet.api('PUT', '/api/v1/orgs/aurora/members/dora', { role: 'member' });
  await settle(fleet);
  assert.equal(fleet.cloudflare.log.filter(({ method }) => method === 'PATCH').length, 0);
});

const lost: Readonly<Record<string, Fault>> = {
  'no answer, done': { when: 'after', answer: 'timeout' },
  'no answer, nothing done': { when: 'before', answer: 'timeout' },
  '502, nothing done': { when: 'before', answer: 502 },
  '429 with a date': { when: 'before', answer: 429, headers: { 'retry-after': '5' } },
};
for (const [name, fault] of Object.entries(lost)) {
  test(`${name}: the change is made again, and what is published meanwhile goes on`, async () => {
    let left = 0;
    const faults: Faults = {
      take: (operation) => {
        if (operation !== 'cloudflare.project.edit' || left === 0) return undefined;
        left -= 1;
        return fault;
      },
    };
    const { fleet } = await orgFleet({}, [], faults);
    await provisioned(fleet);
    left = 2;
    await fleet.api('PUT', '/api/v1/orgs/aurora', renamed);
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await settle(fleet);
    assert.equal(left, 0, 'the faults were met');
    assert.equal(orgOf(fleet).last?.state, 'live');
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await settle(fleet);
    assert.match(await served(fleet, host), /Aurora Bindery/);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  });
}

test('an org that returns finds its project, and gives it its new name', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  assert.equal((await fleet.api('DELETE', '/api/v1/orgs/aurora')).status, 204);
  await settle(fleet);
  await fleet.api('PUT', '/api/v1/orgs/aurora', { ...renamed, orgId: 'org-again' });
  await provisioned(fleet, 'org-again');
  assert.equal(orgOf(fleet).last?.state, 'live');
  assert.match(await served(fleet, host), /Aurora Bindery/);
});

test('after fifty publications the oldest are forgotten', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  for (let count = 0; count < 54; count += 1) {
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await settle(fleet);
  }
  assert.equal(rows(fleet, 'publication').length, 50);
  const page = json(await as(fleet, 'ada', 'GET', `${mine}/publications?limit=100`));
  assert.equal(page.items.length, 50);
  assert.equal(page.items[0].publicationId, orgOf(fleet).last?.id);
});
