// The executors: one switch of the configuration, on or off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Fleet } from '../crash/fleet.ts';
import { json, liveFleet, problem, settled, stored } from './support.ts';

async function call(fleet: Fleet, action: string, body: unknown): Promise<Answer> {
  return await fleet.api('POST', `/api/v1/platforms/acme/${action}`, body);
}

test('switching on makes one version and one build, a second time nothing', async () => {
  const fleet = await liveFleet();
  const answer = await call(fleet, 'features/activate', { featureId: 'chat' });
  assert.equal(answer.status, 202);
  assert.deepEqual(json(answer).changes, [
    { op: 'replace', path: '/features/features/chat/enabled', before: false, after: true },
  ]);
  assert.deepEqual(await settled(fleet), { 'acme/dev': 2, 'acme/prod': 2 });
  const before = stored(fleet);
  const again = await call(fleet, 'features/activate', { featureId: 'chat' });
  assert.equal(again.status, 200);
  assert.equal(json(again).changed, false);
  assert.equal(stored(fleet), before);
});

test('a new feature or stack is added, with its settings', async () => {
  const fleet = await liveFleet();
  await call(fleet, 'stacks/provision', { stackId: 'search', options: { engine: 'vector' } });
  const answer = await call(fleet, 'features/activate', {
    featureId: 'find',
    options: { max: 10 },
  });
  assert.deepEqual(json(answer).changes, [
    { op: 'add', path: '/features/features/find', after: { enabled: true, options: { max: 10 } } },
  ]);
  const { documents } = json(await fleet.api('GET', '/api/v1/platforms/acme/config/versions/3'));
  assert.deepEqual(documents.features.stacks.search, {
    enabled: true,
    options: { engine: 'vector' },
  });
  assert.deepEqual(await settled(fleet), { 'acme/dev': 3, 'acme/prod': 3 });
});

test('what is on already gets its new settings, and is built with them', async () => {
  const fleet = await liveFleet();
  await call(fleet, 'features/activate', { featureId: 'find', options: { max: 10 } });
  const answer = await call(fleet, 'features/activate', {
    featureId: 'find',
    options: { max: 20 },
  });
  assert.equal(answer.status, 202);
  assert.equal(json(answer).changed, true);
  const { documents } = json(await fleet.api('GET', '/api/v1/platforms/acme/config/versions/3'));
  assert.deepEqual(documents.features.features.find, { enabled: true, options: { max: 20 } });
  assert.deepEqual(await settled(fleet), { 'acme/dev': 3, 'acme/prod': 3 });
});

test('what another feature needs is not switched off, and that one is named', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  const feature = await call(fleet, 'features/deactivate', { featureId: 'billing' });
  assert.equal(problem(feature), '409 feature.needed');
  assert.match(json(feature).detail, /`reports` needs `billing`, which is off/);
  const stack = await call(fleet, 'stacks/deactivate', { stackId: 'payments' });
  assert.equal(problem(stack), '409 feature.needed');
  assert.match(json(stack).detail, /`reports` needs `stack:payments`/);
  assert.equal(stored(fleet), before);
  assert.equal((await call(fleet, 'features/deactivate', { featureId: 'reports' })).status, 202);
  assert.equal((await call(fleet, 'features/deactivate', { featureId: 'billing' })).status, 202);
  assert.equal((await call(fleet, 'stacks/deactivate', { stackId: 'payments' })).status, 202);
  const on = await call(fleet, 'features/activate', { featureId: 'reports' });
  assert.equal(problem(on), '409 feature.needed');
  assert.equal(json(on).errors.length, 2);
});

test('what does not exist is not switched off, a bad id not on', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  const off = await call(fleet, 'stacks/deactivate', { stackId: 'chat' });
  assert.equal(problem(off), '404 feature.unknown');
  assert.equal(json(off).errors[0].suggestion, undefined);
  const on = await call(fleet, 'features/activate', { featureId: 'Not an id' });
  assert.equal(problem(on), '422 config.invalid');
  const dry = await fleet.api('POST', '/api/v1/platforms/acme/features/activate?dryRun=true', {
    featureId: 'chat',
  });
  assert.equal(json(dry).changed, true);
  assert.equal(stored(fleet), before);
});

test('a name that is nearly one that exists comes with that one', async () => {
  const fleet = await liveFleet();
  const off = await call(fleet, 'features/deactivate', { featureId: 'biling' });
  assert.equal(problem(off), '404 feature.unknown');
  assert.deepEqual(json(off).errors, [
    {
      pointer: '/featureId',
      code: 'feature.unknown',
      detail: '`biling` does not exist',
      suggestion: 'billing',
    },
  ]);
  const misspelt = await fleet.api('GET', '/api/v1/platforms?limt=5&cursor=a');
  assert.equal(problem(misspelt), '400 query.invalid');
  assert.deepEqual(
    json(misspelt).errors.map(({ suggestion }: { suggestion?: string }) => suggestion),
    ['limit'],
  );
});
