// The database goes back to before an org was provisioned, or published, or got another hook. What
// is at Cloudflare is found by its marker, and nothing is made twice but a hook.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  as,
  json,
  mine,
  orgFleet,
  orgOf,
  projectsOf,
  provisioned,
  served,
  settle,
} from '../orgs/support.ts';
import { backUp, restore } from './support.ts';

test('an org that the database knows as not provisioned finds its project again', async () => {
  const { fleet } = await orgFleet();
  const backup = backUp(fleet);
  await provisioned(fleet);
  restore(fleet, backup);
  assert.equal(json(await as(fleet, 'ada', 'GET', mine)).state, 'unset');
  const again = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.equal(again.status, 200, again.text);
  await settle(fleet);
  assert.equal(projectsOf(fleet).length, 1);
  assert.deepEqual([orgOf(fleet).state, orgOf(fleet).last?.state], ['ready', 'live']);
  assert.match(await served(fleet, 'aurora-ark.pages.dev'), /Aurora Books/);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('forgotten publications and a forgotten rotation leave it publishing', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  const backup = backUp(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  await as(fleet, 'ada', 'POST', `${mine}/rotate`);
  await settle(fleet);
  restore(fleet, backup);
  const reveal = json(await as(fleet, 'ada', 'POST', `${mine}/reveal`));
  assert.match(reveal.deployHookUrl, /deploy_hooks/, 'the older hook is opened');
  assert.equal((await as(fleet, 'ada', 'POST', `${mine}/publish`)).status, 202);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.state, 'live');
  assert.equal((await as(fleet, 'ada', 'POST', `${mine}/rotate`)).status, 200);
  await settle(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});
