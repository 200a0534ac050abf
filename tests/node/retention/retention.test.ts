// What is forgotten, and what never is: after it the rows still follow from their journals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../simulator/base/contract.ts';
import { json } from '../access/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { Crash } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  assertInvariants,
  assertLive,
  callsOf,
  create,
  deployments,
  deployments_path,
  hour_ms,
  minute_ms,
  onlySite,
  openFleet,
  playToEnd,
  settle,
} from '../faults/support.ts';

const day_ms = 24 * hour_ms;

function count(fleet: Fleet, table: string, where = 'true'): number {
  const found = fleet.db.sqlite.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).get();
  return Number(found?.n);
}

async function wait(fleet: Fleet, days: number, minutes = 5): Promise<void> {
  fleet.clock.advance(days * day_ms);
  await fleet.passTime(() => false, minutes * minute_ms);
}

async function deployAgain(fleet: Fleet): Promise<void> {
  const { status, text } = await fleet.api('POST', deployments_path, { reason: 'again' });
  assert.equal(status, 202, text);
  await settle(fleet);
}

test('operations and closed batches go after 90 days, with journal and promise', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  await wait(fleet, 89);
  assert.deepEqual([count(fleet, 'operation'), count(fleet, 'batch')], [1, 1]);
  await deployAgain(fleet);
  await wait(fleet, 2);
  assert.deepEqual([count(fleet, 'operation'), count(fleet, 'batch')], [1, 1]);
  assert.equal(count(fleet, 'outbox', `effect_key LIKE 'batch:%'`), 1);
  const aggregates = fleet.db.sqlite
    .prepare(`SELECT DISTINCT aggregate FROM journal WHERE aggregate LIKE 'batch:%'`)
    .all();
  assert.equal(aggregates.length, 1);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const [site] = rows<{ desired: { revision: number } }>(fleet, 'site');
  assert.equal(site?.desired.revision, 2);
});

test('the request that made a platform is answered after its operation is gone', async () => {
  const fleet = openFleet();
  const body = { platformId: 'acme', environments: ['dev'] };
  const first = await fleet.api('POST', '/api/v1/platforms', body);
  await settle(fleet);
  await wait(fleet, 91);
  assert.equal(count(fleet, 'operation'), 0);
  const again = await fleet.api('POST', '/api/v1/platforms', body);
  assert.equal(again.status, 202);
  assert.equal(again.headers.get('location'), first.headers.get('location'));
  assert.equal(json(again).state, 'succeeded');
});

test('events older than 180 days give way to a snapshot; the rows still follow', async () => {
  const fleet = openFleet();
  await create(fleet);
  await settle(fleet);
  await deployAgain(fleet);
  const before = count(fleet, 'journal', `aggregate = 'site:acme/dev'`);
  const site = JSON.stringify(onlySite(fleet));
  await wait(fleet, 181, 10);
  assert.equal(count(fleet, 'journal', `aggregate = 'site:acme/dev'`), 1);
  assert.ok(before > 12);
  assert.equal(JSON.stringify(onlySite(fleet)), site);
  assert.deepEqual(await fleet.unequalAggregates(), []);

  await deployAgain(fleet);
  assertLive(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const [, , third] = deployments(fleet);
  const timeline = json(await fleet.api('GET', `/api/v1/deployments/${third?.id}`)).timeline;
  assert.ok(timeline.length >= 5);
  const platform = await fleet.api('GET', '/api/v1/platforms/acme');
  assert.equal(platform.status, 200, platform.text);
  const trail = await fleet.api('GET', '/api/v1/audit?aggregate=site:acme/dev&order=oldest');
  assert.equal(json(trail).items[0].type, 'snapshot');

  await wait(fleet, 181, 30);
  assert.equal(count(fleet, 'journal', `aggregate = 'site:acme/dev'`), 1);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('a journal that does not fold is kept as it is', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  fleet.db.sqlite.exec(`DELETE FROM journal WHERE aggregate = 'site:acme/dev' AND seq = 2`);
  const before = count(fleet, 'journal', `aggregate = 'site:acme/dev'`);
  await wait(fleet, 181, 10);
  assert.equal(count(fleet, 'journal', `aggregate = 'site:acme/dev'`), before);
});

test('a kill at any outside call of a tick that compacts changes nothing', async () => {
  for (const phase of ['before', 'after'] as const) {
    for (let k = 1; k <= 8; k += 1) {
      let armed = false;
      let seen = 0;
      const onCall = (name: string, now: string): void => {
        if (!armed || now !== phase) return;
        seen += 1;
        if (seen === k) throw new Crash(`at ${name}`);
      };
      const fleet = openFleet({ onCall });
      await create(fleet);
      await settle(fleet);
      armed = true;
      await wait(fleet, 181, 10);
      armed = false;
      assert.equal(fleet.crashes, 1);
      assert.equal(count(fleet, 'journal', `aggregate = 'site:acme/dev'`), 1);
      assert.deepEqual(await fleet.unequalAggregates(), [], `${phase} call ${k}`);
    }
  }
});

test('of 107 configuration versions 100 and the served one are kept, in either store', async () => {
  const fleet = openFleet();
  await create(fleet);
  await settle(fleet);
  fleet.reconfigure({ CONFIG_STORE: 'r2' });
  // The builder stands still, so that the first version stays the one that is served.
  const documents = (index: number): unknown => ({
    features: { features: {} },
    env: { default: { N: `${index}` } },
    auth: { default: { provider: 'none' } },
  });
  for (let index = 2; index <= 107; index += 1) {
    const path = '/api/v1/platforms/acme/config';
    const headers = { 'if-match': '*' };
    const { status } = await fleet.api('PUT', path, documents(index), 'admin-key', headers);
    assert.equal(status, 202);
  }
  const numbers = (): number[] =>
    rows<{ version: number }>(fleet, 'config_version').map(({ version }) => version);
  await fleet.passTime(() => numbers().length <= 101, 5 * minute_ms);
  const kept = [1, ...Array.from({ length: 100 }, (_, index) => index + 8)];
  assert.deepEqual(numbers(), kept);
  const prefixes = rows<{ prefix: string }>(fleet, 'config_version').map(({ prefix }) => prefix);
  const ids = [
    ...fleet.bucket.keys(),
    ...fleet.db.sqlite
      .prepare('SELECT id FROM document')
      .all()
      .map(({ id }) => String(id)),
  ];
  assert.deepEqual(
    [...new Set(ids.map((id) => id.replace(/\/[^/]+$/, '')))].sort(),
    prefixes.sort(),
  );
  for (const version of [1, 8, 107]) {
    const read = await fleet.api('GET', `/api/v1/platforms/acme/config/versions/${version}`);
    assert.equal(read.status, 200);
  }
  const gone = await fleet.api('GET', '/api/v1/platforms/acme/config/versions/5');
  assert.equal(gone.status, 404);
  await settle(fleet);
  assertLive(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

interface Project {
  readonly canonical: string | null;
  /** How many. */
  readonly deployments: number;
}

function project(fleet: Fleet): Project {
  const state = fleet.cloudflare.state() as { accounts: { projects: Project[] }[] };
  const [found] = state.accounts.flatMap((account) => account.projects);
  assert.ok(found !== undefined);
  return found;
}

function oldDeployment(id: string): object {
  const deployment_trigger = { metadata: { commit_message: '' } };
  const latest_stage = { name: 'deploy', status: 'success' };
  return { id, url: 'https://a.pages.dev', aliases: [], latest_stage, deployment_trigger };
}

test('Pages keeps the newest 50 deployments and what it serves; we those of 30 days', async () => {
  const fleet = openFleet();
  await playToEnd(fleet);
  for (let index = 2; index <= 53; index += 1) await deployAgain(fleet);
  const deletes = callsOf(fleet, 'cloudflare.deployment.delete');
  assert.equal(project(fleet).deployments, 50);
  assert.equal(deletes.length, 3);
  const { live } = onlySite(fleet);
  const served = deployments(fleet).find(({ id }) => id === live?.deployment_id);
  assert.equal(served?.state, 'live');
  assert.equal(count(fleet, 'deployment'), 53, 'they are younger than 30 days');
  fleet.clock.advance(31 * day_ms);
  await deployAgain(fleet);
  assert.equal(count(fleet, 'deployment'), 50);
  assert.equal(project(fleet).deployments, 50);
  assertLive(fleet);

  // What would climb to the project itself, and delete that, names nothing.
  const answer = {
    success: true,
    errors: [],
    messages: [],
    result: ['..', '.'].map(oldDeployment),
  };
  const fault: Fault = { when: 'after', answer: 200, body: JSON.stringify(answer) };
  fleet.faults.set([{ operation: 'cloudflare.deployment.list', fault, times: 1 }]);
  const known = callsOf(fleet, 'cloudflare.deployment.delete').length;
  await deployAgain(fleet);
  const statuses = callsOf(fleet, 'cloudflare.deployment.delete').map(({ status }) => status);
  assert.deepEqual(statuses.slice(known), [404, 404]);
  assert.equal(callsOf(fleet, 'cloudflare.project.delete').length, 0);
  assertLive(fleet);
  await assertInvariants(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});
