// The command line against the real shim and the real core, with the simulated Cloudflare, GitHub
// and builder behind them: platforms from their creation to their end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet } from '../crash/scenario.ts';
import { siteOf } from '../platforms/support.ts';
import { cli, type Machine, type Ran } from './support.ts';

const hour_ms = 3_600_000;
const env = { SLIPWAY_URL: 'http://slipway.localhost', SLIPWAY_TOKEN: 'admin-key' };

/** Runs the command line against the fleet; its time passes while an answer is waited for. */
function runner(fleet: Fleet): (line: string, machine?: Machine) => Promise<Ran> {
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    let done = false;
    const answer = fleet.fetch(new Request(url, init)).finally(() => {
      done = true;
    });
    await fleet.passTime(() => done, hour_ms);
    return await answer;
  };
  const onSleep = (ms: number): Promise<void> => fleet.passUntil(fleet.clock.now() + Math.ceil(ms));
  return (line, machine = {}) => cli(line.split(' '), { env, fetch, onSleep, ...machine });
}

async function told(run: Promise<Ran>, code = 0) {
  const ran = await run;
  assert.equal(ran.code, code, ran.err);
  return JSON.parse(ran.out);
}

test('a platform is created, changed, rolled back and deleted', async () => {
  const { fleet } = openFleet();
  const run = runner(fleet);

  const created = await run('platform create acme --name Acme --env dev --wait');
  assert.equal(created.code, 0, created.err);
  assert.match(created.out, /succeeded/);
  assert.match(created.err, /dev +live +https:\/\/acme-dev-portal\.pages\.dev/);
  assert.deepEqual((await told(run('platform list --json'))).items.length, 1);
  assert.equal((await told(run('platform get acme --json'))).sites[0].upToDate, true);
  assert.match((await run('status acme')).out, /dev +live +v1/);

  const config = await told(run('config get acme --json'));
  assert.equal(config.version, 1);
  config.features.features.chat = { enabled: true };
  const files = { 'acme.json': JSON.stringify(config) };
  const dry = await told(run('config set acme --file acme.json --dry-run --json', { files }));
  assert.deepEqual([dry.dryRun, dry.changed, siteOf(fleet).desired.revision], [true, true, 1]);
  const diff = await run('config diff acme --file acme.json', { files });
  assert.match(diff.out, /^\+ +\/features\/features\/chat/m);
  const set = await told(run('config set acme --file acme.json --wait --json', { files }));
  assert.deepEqual([set.version, set.operation.state], [2, 'succeeded']);

  const stale = await run('config set acme --file acme.json', { files });
  assert.equal(stale.code, 5, 'someone else has changed it');
  assert.match(stale.err, /config\.changed/);

  const history = await told(run('config history acme --json'));
  assert.deepEqual(
    history.items.map(({ version }: { version: number }) => version),
    [2, 1],
  );
  assert.match((await run('config diff acme 2 1')).out, /chat/);
  assert.match((await run('config get acme --source')).out, /features\.config\.ts[\s\S]*chat/);

  const back = await told(run('rollback acme --env dev --reason broken --wait --json'));
  assert.equal(back.state, 'succeeded');
  const pinned = await run('config restore acme 1 --json');
  assert.equal(JSON.parse(pinned.out).version, 3);
  assert.equal(pinned.code, 0, 'it is stored');
  assert.match(pinned.err, /not built: site\.pinned/);
  const waited = await run('config restore acme 2 --wait --json');
  assert.equal(waited.code, 5, 'it was waited for, and is not served');
  const deployed = await told(run('deploy acme --env dev --wait --json'));
  assert.equal(deployed.state, 'succeeded');
  const { deploymentId } = deployed.sites[0];
  assert.match((await run(`logs ${deploymentId}`)).out, /state: +live/);

  const plan = await run('platform delete acme --dry-run');
  assert.equal(plan.code, 0, plan.err);
  assert.match(plan.out, /remove_project/);
  assert.equal((await run('platform delete acme')).code, 2, 'nobody confirms it');
  const removed = await told(run('platform delete acme --yes --wait --json'));
  assert.equal(removed.state, 'succeeded');
  assert.equal((await run('platform get acme')).code, 3);
});

test('a build that fails: exit 1; status --watch ends with it', async () => {
  const { fleet } = openFleet([], undefined, { runner: { failures: () => 'build_failed' } });
  const run = runner(fleet);
  const ran = await run('platform create acme --env dev --wait');
  assert.equal(ran.code, 1, ran.err);
  assert.match(ran.err, /build\.failed/);
  const watched = await run('status acme --watch');
  assert.equal(watched.code, 1, watched.err);
});

test('doctor and status of an instance that is well', async () => {
  const { fleet } = openFleet();
  const run = runner(fleet);
  await run('platform create acme --env dev --wait');
  const ran = await run('doctor --json');
  const { ok, checks } = JSON.parse(ran.out);
  assert.deepEqual([ran.code, ok], [0, true], ran.out);
  const names = checks.map(({ name }: { name: string }) => name);
  for (const name of ['address', 'key', 'storage', 'cron', 'dead_letters', 'builder_workflow']) {
    assert.ok(names.includes(name), `${name} is in ${names}`);
  }
  assert.match((await run('status')).out, /dead letters: +0/);
});
