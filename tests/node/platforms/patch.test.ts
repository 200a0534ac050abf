// PATCH of a platform: its name, and environments that come and go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acmeFleet,
  countOf,
  eventsOf,
  json,
  platforms,
  projectNames,
  settle,
  siteOf,
  told,
} from './support.ts';

const acme = `${platforms}/acme`;

test('a name is changed at once, and only where it differs', async () => {
  const fleet = await acmeFleet();
  const patched = await fleet.api('PATCH', acme, { name: 'Acme Limited' });
  assert.equal(patched.status, 200, patched.text);
  assert.deepEqual([json(patched).changed, json(patched).name], [true, 'Acme Limited']);
  assert.equal(json(await fleet.api('GET', acme)).name, 'Acme Limited');
  const size = countOf(fleet, 'journal');
  for (const body of [{ name: 'Acme Limited' }, {}, { environments: {} }]) {
    const same = await fleet.api('PATCH', acme, body);
    assert.deepEqual([same.status, json(same).changed], [200, false]);
  }
  assert.equal(countOf(fleet, 'journal'), size);
  assert.ok(eventsOf(fleet, 'platform:acme').includes('platform_renamed'));
});

test('an environment comes with the newest configuration, another goes', async () => {
  const fleet = await acmeFleet(['dev', 'stg']);
  await fleet.api('POST', `${acme}/features/activate`, { featureId: 'chat' });
  await settle(fleet);
  const body = { environments: { add: ['prod'], remove: ['stg'] }, reason: 'launch' };
  const plan = json(await fleet.api('PATCH', `${acme}?dryRun=true`, body));
  assert.deepEqual(plan.environments, ['dev', 'prod']);
  assert.deepEqual(
    plan.sites.map(({ environment, action }: Record<string, string>) => [environment, action]),
    [
      ['prod', 'add'],
      ['stg', 'remove'],
    ],
  );
  assert.deepEqual(plan.sites[1].steps, [{ step: 'remove_project', count: 1 }]);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal', 'acme-stg-portal']);

  const patched = await fleet.api('PATCH', acme, body);
  assert.equal(patched.status, 202, patched.text);
  const { operation } = json(patched);
  assert.equal(operation.state, 'running');
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal', 'acme-prod-portal']);
  assert.equal(siteOf(fleet, 'acme/prod').live?.revision, 1);
  const shown = json(await fleet.api('GET', acme));
  assert.deepEqual(
    shown.sites.map(({ environment }: { environment: string }) => environment),
    ['dev', 'prod'],
  );
  assert.equal(shown.sites[1].live.configVersion, 2);
  const path = `/api/v1/operations/${operation.operationId}`;
  const end = json(await fleet.api('GET', path));
  assert.equal(end.state, 'succeeded');
  const deployments = `${acme}/environments/stg/deployments`;
  for (const method of ['GET', 'POST']) {
    assert.equal(told(await fleet.api(method, deployments)), '404 environment.unknown');
  }
  assert.equal(
    told(await fleet.api('POST', `${acme}/features/deactivate`, { featureId: 'chat' })),
    '202',
  );
  await settle(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('an environment that goes cannot come back before it is gone', async () => {
  const fleet = await acmeFleet(['dev', 'prod']);
  await fleet.api('PATCH', acme, { environments: { remove: ['prod'] } });
  const early = await fleet.api('PATCH', acme, { environments: { add: ['prod'] } });
  assert.equal(told(early), '409 environment.deleting');
  assert.ok(json(early).next.length > 20);
  const deployment = await fleet.api('POST', `${acme}/environments/prod/deployments`);
  assert.equal(told(deployment), '409 environment.deleting');
  const wish = json(await fleet.api('POST', `${acme}/features/activate`, { featureId: 'chat' }));
  assert.deepEqual(wish.rebuilds, ['dev']);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal']);
  assert.equal(told(await fleet.api('PATCH', acme, { environments: { add: ['prod'] } })), '202');
  await settle(fleet);
  const { state, live, desired } = siteOf(fleet, 'acme/prod');
  assert.deepEqual([state, live?.revision], ['ready', desired.revision]);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal', 'acme-prod-portal']);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('what cannot be is refused with pointers, and nothing is stored', async () => {
  const fleet = await acmeFleet(['dev']);
  const size = countOf(fleet, 'journal');
  const pointers = async (body: unknown): Promise<string[]> => {
    const answer = await fleet.api('PATCH', acme, body);
    assert.equal(told(answer), '422 body.invalid', answer.text);
    return json(answer).errors.map(({ pointer }: { pointer: string }) => pointer);
  };
  assert.deepEqual(await pointers({ name: '', reason: '' }), ['/name', '/reason']);
  assert.deepEqual(
    await pointers({ environments: { add: ['prod', 'prod'], remove: ['stg', 'prod'] } }),
    ['/environments/add/1', '/environments/remove/1'],
  );
  assert.deepEqual(await pointers({ environments: { remove: ['dev'] } }), ['/environments/remove']);
  assert.deepEqual(await pointers({ environments: { add: ['test'] }, colour: 1 }), [
    '/environments/add/0',
    '/colour',
  ]);
  assert.equal(told(await fleet.api('PATCH', acme)), '400 body.missing');
  assert.equal(told(await fleet.api('PATCH', `${platforms}/nobody`, {})), '404 platform.unknown');
  assert.equal(countOf(fleet, 'journal'), size);
});

test('an environment that comes to a suspended platform waits for it to be resumed', async () => {
  const fleet = await acmeFleet(['dev']);
  await fleet.api('POST', `${acme}/suspend`, {});
  await fleet.api('PATCH', acme, { environments: { add: ['prod'] } });
  await settle(fleet);
  assert.equal(siteOf(fleet, 'acme/prod').state, 'suspended');
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal']);
  await fleet.api('POST', `${acme}/resume`, {});
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal', 'acme-prod-portal']);
});

test('an environment whose removal rests is removed when it is asked for again', async () => {
  const fleet = await acmeFleet(['dev', 'prod']);
  const account = '0123456789abcdef0123456789abcdef';
  fleet.cloudflare.configure(account, { blocked: true });
  const body = { environments: { remove: ['prod'] } };
  await fleet.api('PATCH', acme, body);
  await settle(fleet);
  assert.equal(siteOf(fleet, 'acme/prod').blocked?.code, 'removal.rejected');
  fleet.cloudflare.configure(account, { blocked: false });
  assert.equal(told(await fleet.api('PATCH', acme, body)), '202');
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-dev-portal']);
});
