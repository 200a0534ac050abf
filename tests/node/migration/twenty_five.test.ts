// Twenty-five platforms of the old world come over: killed on the way, in place, and confirmed.
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { allReach, assertServed, count, killedTwice, migrateEverything } from './old_fleet.ts';
import { ask, openOldWorld, projects } from './support.ts';

test('twenty-five platforms, killed twice on the way (seed 1)', () => killedTwice(1));

test('twenty-five platforms in place, killed twice on the way, and confirmed', async () => {
  const account = { gitUploads: 'served' } as const;
  const world = openOldWorld(count, { account }, [
    { k: 400, phase: 'after' },
    { k: 1_500, phase: 'before' },
  ]);
  const { fleet } = world;
  const sites = await migrateEverything(world);
  await assertServed(fleet, sites);
  const before = projects(fleet).size;
  for (const { id } of sites) await ask(fleet, id, 'migrate/confirm');
  await allReach(fleet, sites, 'confirmed');
  assert.equal(projects(fleet).size, before);
  assert.equal(fleet.crashes, 2);
});

test('twenty-five platforms, confirmed: the old projects are gone', async () => {
  const world = openOldWorld(count);
  const sites = await migrateEverything(world);
  for (const { id } of sites) await ask(world.fleet, id, 'migrate/confirm');
  await allReach(world.fleet, sites, 'confirmed');
  const left = projects(world.fleet);
  assert.equal(left.size, sites.length);
  for (const { name } of sites) assert.ok(!left.has(name), name);
  await assertServed(world.fleet, sites);
});
