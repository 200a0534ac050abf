// Taking over a Pages project that has a site's name: with a person's word, never a git-connected
// one, and nothing of it changes but our marker.
import assert from 'node:assert/strict';
import { Crash, type Fleet } from '../crash/fleet.ts';
import { assertConverged } from '../crash/scenario.ts';
import {
  acme,
  assertBlocked,
  assertInvariants,
  assertLive,
  callsOf,
  core,
  create,
  FaultyFleet,
  isSettled,
  onlySite,
  openFleet,
  problemOf,
  settle,
} from '../faults/support.ts';
import type { CallPhase } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import { main_id } from './support.ts';

const path = '/api/v1/platforms/acme/environments/dev/adopt';
const confirm = { confirm: 'acme-dev-portal' };
const root = `http://cloudflare.test/client/v4/accounts/${main_id}/pages/projects`;

async function atCloudflare(fleet: Fleet, method: string, below: string, body?: unknown) {
  const headers = { authorization: 'Bearer cloudflare-token', 'content-type': 'application/json' };
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fleet.cloudflare.fetch(new Request(root + below, { ...init, headers }));
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { result: Project }).result;
}

interface Project {
  readonly deployment_configs: Record<'production' | 'preview', { env_vars?: object }>;
}

/** Somebody's project of the site's name, with a variable; `more` is a source, or a marker. */
async function plant(fleet: Fleet, more: object = {}, variables: object = {}): Promise<void> {
  const theirs = { THEIRS: { type: 'plain_text', value: 'kept' }, ...variables };
  await atCloudflare(fleet, 'POST', '', {
    name: confirm.confirm,
    production_branch: 'main',
    deployment_configs: { production: { env_vars: theirs }, preview: {} },
    ...more,
  });
}

test('a project is taken over when a person says so, and keeps its variables', async () => {
  const fleet = openFleet();
  await plant(fleet);
  await create(fleet);
  await settle(fleet);
  assertBlocked(fleet, 'project.name_taken');
  problemOf(await fleet.api('POST', path, { confirm: 'acme' }), 422, 'body.invalid');
  const { status, text } = await fleet.api('POST', path, confirm);
  assert.equal(status, 202, text);
  await settle(fleet);
  assertLive(fleet);
  assert.equal(onlySite(fleet).adopted, true);
  const ours = { SLIPWAY_SITE: { type: 'plain_text', value: 'acme/dev' } };
  const { production, preview } = (await atCloudflare(fleet, 'GET', '/acme-dev-portal'))
    .deployment_configs;
  assert.deepEqual(production.env_vars, { THEIRS: { type: 'plain_text', value: 'kept' }, ...ours });
  assert.deepEqual(preview.env_vars, ours);
  assert.equal((await fleet.api('POST', path, confirm)).status, 202, 'asked again: nothing to do');
  await assertConverged(fleet, acme);
  await assertInvariants(fleet);
});

test('a site that does not wait for it takes no project over', async () => {
  const fleet = openFleet();
  await create(fleet);
  problemOf(await fleet.api('POST', path, confirm), 409, 'project.not_taken');
  await settle(fleet);
  assert.equal(onlySite(fleet).adopted, false);
});

test('a git-connected project is not taken over', async () => {
  const fleet = openFleet();
  const config = {
    owner: 'neutrino-io',
    repo_name: 'nno-platform-builder',
    production_branch: 'main',
  };
  await plant(fleet, { source: { type: 'github', config } });
  await create(fleet);
  await settle(fleet);
  assertBlocked(fleet, 'project.git_connected');
  const problem = problemOf(await fleet.api('POST', path, confirm), 409, 'project.git_connected');
  assert.match(String(problem.next), /migrate/);
  assert.equal(callsOf(fleet, 'cloudflare.project.edit').length, 0);
});

test("another site's project is not taken over", async () => {
  const fleet = openFleet();
  await plant(fleet, {}, { SLIPWAY_SITE: { type: 'plain_text', value: 'other/dev' } });
  await create(fleet);
  await settle(fleet);
  assert.match(assertBlocked(fleet, 'project.name_taken').detail, /other\/dev/);
  assert.equal((await fleet.api('POST', path, confirm)).status, 202);
  await settle(fleet);
  assertBlocked(fleet, 'project.name_taken');
  assert.equal(callsOf(fleet, 'cloudflare.project.edit').length, 0);
});

async function playAdoption(fleet: Fleet): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await fleet.api('POST', path, confirm).catch(() => undefined);
    if (answer?.status === 202 || answer?.status === 409) break;
  }
  assert.ok(await fleet.passTime(() => isSettled(fleet), 2 * 3_600_000));
}

for (const phase of ['before', 'after'] as const) {
  test(`killed ${phase} every second call of an adoption, the site goes live`, async () => {
    const play = async (k: number): Promise<number> => {
      let seen = 0;
      let adopting = false;
      const onCall = (name: string, at: CallPhase): void => {
        if (!adopting || at !== phase) return;
        seen += 1;
        if (seen === k) throw new Crash(`at ${name}`);
      };
      const fleet = new FaultyFleet({ core, onCall }, []);
      await plant(fleet);
      await create(fleet);
      await settle(fleet);
      adopting = true;
      await playAdoption(fleet);
      await assertConverged(fleet, acme);
      assert.equal(onlySite(fleet).adopted, true);
      return seen;
    };
    const total = await play(0);
    assert.ok(total > 20, `${total} calls`);
    for (let k = phase === 'before' ? 1 : 2; k <= total; k += 2) {
      try {
        await play(k);
      } catch (error) {
        throw new Error(`killed ${phase} call ${k} of ${total}`, { cause: error });
      }
    }
  });
}
