// DELETE of a platform: everything at Cloudflare goes in the order that Cloudflare demands, only
// what is ours is touched, and the id can be used again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFleet, rows } from '../crash/scenario.ts';
import {
  acmeFleet,
  countOf,
  dashboard,
  eventsOf,
  hour_ms,
  json,
  live,
  platforms,
  projectNames,
  settle,
  siteOf,
  told,
  uploadMany,
} from './support.ts';

const acme = `${platforms}/acme`;
const project = 'acme-dev-portal';

test('a platform goes with its projects and its configuration; its history stays', async () => {
  const fleet = await acmeFleet(['dev', 'prod']);
  const begun = await fleet.api('DELETE', acme);
  assert.equal(begun.status, 202, begun.text);
  const { changed, operation } = json(begun);
  assert.equal(changed, true);
  assert.equal(operation.state, 'running');
  assert.equal(begun.headers.get('location'), `/api/v1/operations/${operation.operationId}`);
  const during = json(await fleet.api('GET', acme));
  assert.equal(during.state, 'deleting');
  assert.equal(during.deletion.operationId, operation.operationId);
  await settle(fleet);

  assert.deepEqual(projectNames(fleet), []);
  assert.equal(told(await fleet.api('GET', acme)), '404 platform.unknown');
  assert.deepEqual(json(await fleet.api('GET', platforms)).items, []);
  assert.equal(countOf(fleet, 'config_version'), 0);
  assert.equal(countOf(fleet, 'document'), 0);
  const end = json(await fleet.api('GET', `/api/v1/operations/${operation.operationId}`));
  assert.equal(end.state, 'succeeded');
  assert.deepEqual(
    end.sites.map((site: { step: string; removal: { project: string } }) => [
      site.step,
      site.removal.project,
    ]),
    [
      ['deleted', 'removed'],
      ['deleted', 'removed'],
    ],
  );
  assert.ok(eventsOf(fleet, 'platform:acme').includes('platform_deleted'));
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('a second DELETE changes nothing, on the way and afterwards', async () => {
  const fleet = await acmeFleet();
  const first = json(await fleet.api('DELETE', acme));
  const size = countOf(fleet, 'journal');
  const again = await fleet.api('DELETE', acme);
  assert.equal(again.status, 200);
  assert.equal(json(again).changed, false);
  assert.equal(json(again).operation.operationId, first.operation.operationId);
  assert.equal(countOf(fleet, 'journal'), size);
  await settle(fleet);
  const late = await fleet.api('DELETE', acme);
  assert.equal(late.status, 200);
  assert.equal(json(late).operation.state, 'succeeded');
  assert.equal(told(await fleet.api('DELETE', `${platforms}/nobody`)), '404 platform.unknown');
});

test('nothing of a platform that goes can be changed', async () => {
  const fleet = await acmeFleet();
  await fleet.api('DELETE', acme);
  const calls: readonly (readonly [string, string, unknown?])[] = [
    ['POST', platforms, { platformId: 'acme', environments: ['dev'] }],
    ['PATCH', acme, { name: 'New' }],
    ['POST', `${acme}/suspend`, {}],
    ['POST', `${acme}/resume`, {}],
    ['POST', `${acme}/environments/dev/deployments`, {}],
    ['POST', `${acme}/features/activate`, { featureId: 'chat' }],
    ['GET', `${acme}/config`],
    ['GET', `${acme}/config/versions`],
    ['GET', `${acme}/config/versions/1`],
  ];
  const size = countOf(fleet, 'journal');
  for (const [method, path, body] of calls) {
    assert.equal(told(await fleet.api(method, path, body)), '409 platform.deleting', path);
  }
  assert.equal(countOf(fleet, 'journal'), size);
});

test('250 deployments and 2 custom domains go first, within the budget', async () => {
  const fleet = await acmeFleet();
  await uploadMany(fleet, project, 250);
  for (const name of ['www.acme.example', 'acme.example']) {
    assert.equal((await dashboard(fleet, 'POST', `${project}/domains`, { name })).status, 200);
  }
  await fleet.passTime(() => false, 10 * 60_000);
  const plan = json(await fleet.api('DELETE', `${acme}?dryRun=true`));
  assert.deepEqual(plan.sites[0].steps, [
    { step: 'remove_domains', count: 2 },
    { step: 'remove_deployments', count: 151 },
    { step: 'remove_project', count: 1 },
  ]);
  assert.equal(siteOf(fleet).state, 'ready', 'a dry run changes nothing');

  const from = fleet.cloudflare.log.length;
  const { operation } = json(await fleet.api('DELETE', acme));
  const path = `/api/v1/operations/${operation.operationId}`;
  const seen = await fleet.passTime(
    async () => json(await fleet.api('GET', path)).sites[0].removal.step === 'deployments',
    hour_ms,
  );
  assert.ok(seen, 'the progress shows');
  assert.ok(json(await fleet.api('GET', acme)).sites[0].removal.left > 100);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), []);
  const calls = fleet.cloudflare.log.slice(from);
  const windows = calls.map(
    ({ at_ms }) => calls.filter((call) => Math.abs(call.at_ms - at_ms) < 150_000).length,
  );
  assert.ok(Math.max(...windows) < 500, `${Math.max(...windows)} calls in five minutes`);
  assert.deepEqual(
    calls.filter(({ status }) => status === 429),
    [],
  );
  const order = calls.map(({ operation: name }) => name).filter((name) => name.endsWith('delete'));
  assert.deepEqual(order.slice(0, 3), [
    'cloudflare.domain.delete',
    'cloudflare.domain.delete',
    'cloudflare.project.delete',
  ]);
  assert.equal(order.filter((name) => name === 'cloudflare.deployment.delete').length, 152);
  assert.equal(order.at(-1), 'cloudflare.project.delete');
});

test('a build that runs is let go: its claim or report is refused, kindly', async () => {
  for (const state of ['planned', 'running', 'uploaded']) {
    const { fleet } = openFleet();
    await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
    assert.ok(await fleet.passTime(() => siteOf(fleet).active?.state === state, hour_ms));
    const [batch] = rows<{ id: string; run_id?: string }>(fleet, 'batch');
    const deploymentId = rows<{ id: string }>(fleet, 'deployment')[0]?.id;
    assert.equal(json(await fleet.api('DELETE', acme)).changed, true);
    assert.equal(siteOf(fleet).last?.state, 'cancelled');
    assert.equal(siteOf(fleet).last?.failure?.code, 'deployment.cancelled');
    const report = { runId: batch?.run_id, results: [{ deploymentId, outcome: 'building' }] };
    if (state === 'running') {
      const path = `/api/v1/batches/${batch?.id}/reports`;
      const answer = await fleet.api('POST', path, report, 'internal-key');
      assert.equal(told(answer), '409 report.fenced');
      assert.ok(json(answer).next.includes('Nothing is to be done'));
    }
    await settle(fleet);
    assert.deepEqual(projectNames(fleet), [], state);
    await fleet.passTime(() => false, hour_ms);
    assert.deepEqual(projectNames(fleet), [], 'the run that was let go brings nothing back');
    assert.deepEqual(await fleet.unequalAggregates(), []);
  }
});

test('a site whose project is being created waits for it and removes it', async () => {
  const { fleet } = openFleet();
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  assert.equal(json(await fleet.api('DELETE', acme)).changed, true);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), []);
  assert.equal(siteOf(fleet).removal?.project, 'absent');
});

test('a project that someone deleted by hand is fine', async () => {
  const fleet = await acmeFleet();
  assert.equal((await dashboard(fleet, 'DELETE', project)).status, 200);
  await fleet.api('DELETE', acme);
  await settle(fleet);
  assert.equal(siteOf(fleet).removal?.project, 'absent');
  assert.equal(told(await fleet.api('GET', acme)), '404 platform.unknown');
});

test('a project that is not ours is not touched', async () => {
  const fleet = await acmeFleet();
  const config = { env_vars: { SLIPWAY_SITE: { type: 'plain_text', value: 'other/dev' } } };
  const change = { deployment_configs: { production: config } };
  assert.equal((await dashboard(fleet, 'PATCH', project, change)).status, 200);
  const plan = json(await fleet.api('DELETE', `${acme}?dryRun=true`));
  assert.match(plan.sites[0].note, /not ours/);
  await fleet.api('DELETE', acme);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), [project]);
  assert.equal(siteOf(fleet).removal?.project, 'not_ours');
  const deletions = fleet.cloudflare.log.filter(({ method }) => method === 'DELETE');
  assert.deepEqual(deletions, []);
});

test('a refusal lets the site rest with a next step; DELETE goes on', async () => {
  const fleet = await acmeFleet();
  const account = '0123456789abcdef0123456789abcdef';
  fleet.cloudflare.configure(account, { blocked: true });
  const { operation } = json(await fleet.api('DELETE', acme));
  await settle(fleet);
  const site = siteOf(fleet);
  assert.equal(site.state, 'deleting');
  assert.equal(site.blocked?.code, 'removal.rejected');
  assert.match(site.blocked?.detail ?? '', /8000036/);
  const shown = json(await fleet.api('GET', `/api/v1/operations/${operation.operationId}`));
  assert.equal(shown.state, 'failed');
  assert.match(shown.sites[0].failure.next, /DELETE/);
  assert.equal(json(await fleet.api('GET', acme)).sites[0].blocked.code, 'removal.rejected');

  fleet.cloudflare.configure(account, { blocked: false });
  const again = await fleet.api('DELETE', acme);
  assert.equal(again.status, 202);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), []);
  const end = json(
    await fleet.api('GET', `/api/v1/operations/${json(again).operation.operationId}`),
  );
  assert.equal(end.state, 'succeeded');
});

test('created, deleted and created again: the same journals go on', async () => {
  const fleet = await acmeFleet();
  const before = siteOf(fleet).seq;
  const body = { platformId: 'acme', environments: ['dev'] };
  await fleet.api('DELETE', acme);
  await settle(fleet);
  assert.equal(told(await fleet.api('POST', platforms, body)), '202');
  await settle(fleet);
  const site = siteOf(fleet);
  assert.equal(site.state, 'ready');
  assert.equal(site.live?.revision, site.desired.revision);
  assert.ok(site.seq > before);
  assert.equal(site.deleted_ms, undefined);
  const shown = json(await fleet.api('GET', acme));
  assert.equal(shown.state, 'active');
  assert.equal(shown.configVersion, 2, 'versions are counted on');
  assert.equal(told(await fleet.api('GET', `${acme}/config`)), '200');
  assert.equal(
    told(await fleet.api('GET', `${acme}/config/versions/1`)),
    '404 config.version_unknown',
  );
  assert.deepEqual(projectNames(fleet), [project]);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  await fleet.api('DELETE', acme);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), []);
});

test('the deletion of one platform leaves others alone', async () => {
  const fleet = await acmeFleet();
  await live(fleet, 'acme-two');
  await fleet.api('DELETE', acme);
  await settle(fleet);
  assert.deepEqual(projectNames(fleet), ['acme-two-dev-portal']);
  assert.equal(told(await fleet.api('GET', `${platforms}/acme-two/config`)), '200');
});
