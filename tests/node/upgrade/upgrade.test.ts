// What older versions have stored is read and goes on: journals of the first format fold to their
// rows, effects in flight come to their end. What a newer version has written is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { run } from '../../../worker-shim/run.ts';
import { json } from '../access/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  assertLive,
  callsOf,
  core,
  create,
  deployments,
  deployments_path,
  hour_ms,
  onlySite,
  openFleet,
  settle,
} from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { plant, readFixture } from './plant.ts';

const directory = mkdtempSync(join(tmpdir(), 'slipway-upgrade-'));
after(() => rmSync(directory, { recursive: true }));

let count = 0;

// This version over what the older one stored. `projects`: those that exist at Cloudflare already.
async function upgraded(name: string, projects: readonly string[]): Promise<Fleet> {
  const fixture = readFixture(name);
  count += 1;
  const fleet = openFleet({ db: plant(fixture, join(directory, `${count}.sqlite`)) });
  fleet.clock.advance(Math.max(0, fixture.now_ms - fleet.clock.now()));
  for (const site of projects) {
    const env_vars = { SLIPWAY_SITE: { type: 'plain_text', value: site } };
    const answer = await fleet.cloudflare.fetch(
      new Request(
        'http://cloudflare.test/client/v4/accounts/0123456789abcdef0123456789abcdef/pages/projects',
        {
          method: 'POST',
          headers: {
            authorization: 'Bearer cloudflare-token',
            'content-type': 'application/json',
          },
          body: JSON.stringify({
            name: `${site.replace('/', '-')}-portal`,
            production_branch: 'main',
            deployment_configs: { production: { env_vars }, preview: { env_vars } },
          }),
        },
      ),
    );
    assert.equal(answer.status, 200, await answer.clone().text());
  }
  return fleet;
}

for (const [name, projects] of [
  ['creating', []],
  ['planned', ['acme/dev']],
] as const) {
  test(`an upgrade while it was ${name}: the effect in flight goes on`, async () => {
    const fleet = await upgraded(name, projects);
    assert.deepEqual(await fleet.unequalAggregates(), []);
    await settle(fleet);
    assertLive(fleet);
    assert.equal(deployments(fleet).length, 1);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  });
}

test('an upgrade while GitHub had it, and GitHub has forgotten it', async () => {
  const fleet = await upgraded('dispatched', ['acme/dev']);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  await settle(fleet, 4 * hour_ms);
  assertLive(fleet);
  assert.deepEqual(
    deployments(fleet).map(({ state }) => state),
    ['lost', 'live'],
    'another run takes its place',
  );
  await fleet.api('POST', deployments_path, { reason: 'after the upgrade' });
  await settle(fleet);
  assertLive(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('an upgrade at rest: everything is readable, and goes on', async () => {
  const fleet = await upgraded('live', ['acme/dev']);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const before = rows(fleet, 'site');
  const version = json(await fleet.api('GET', '/api/v1/platforms/acme/config/versions/1'));
  assert.equal(version.version, 1);
  const [deployment] = deployments(fleet);
  const read = json(await fleet.api('GET', `/api/v1/deployments/${deployment?.id}`));
  assert.ok(read.timeline.length >= 5, 'its timeline is read');
  const tokens = json(await fleet.api('GET', '/api/v1/tokens'));
  assert.equal(tokens.items.length, 1);
  await settle(fleet);
  assert.deepEqual(rows(fleet, 'site'), before, 'nothing was to be done');
  await fleet.api('POST', deployments_path, { reason: 'after the upgrade' });
  await settle(fleet);
  assertLive(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  const formats = fleet.db.sqlite.prepare('SELECT DISTINCT format FROM journal ORDER BY 1').all();
  assert.deepEqual(
    formats.map(({ format }) => format),
    [1, 2],
  );
});

test('an event of a newer format is refused, not misread', async () => {
  const fleet = openFleet();
  await create(fleet);
  fleet.db.sqlite.exec(`UPDATE journal SET format = 3 WHERE aggregate = 'site:acme/dev'`);
  const world = memoryWorld(core, memoryPorts({ db: fleet.db }), {});
  const { done, body } = await run(world, { kind: 'fold', aggregate: 'site:acme/dev' });
  assert.equal(done.reply?.status, 503);
  assert.equal(JSON.parse(new TextDecoder().decode(body)).code, 'storage.newer');
});

test("in a newer version's storage nothing is done, until that version is back", async () => {
  const fleet = openFleet();
  await create(fleet);
  const level = fleet.db.sqlite.prepare(`UPDATE upkeep SET "row" = ? WHERE id = 'schema'`);
  level.run('{"level":99}');
  await fleet.passTime(() => false, hour_ms);
  assert.equal(onlySite(fleet).state, 'creating');
  assert.deepEqual(callsOf(fleet, '*'), []);
  level.run('{"level":6}');
  await settle(fleet);
  assertLive(fleet);
});
