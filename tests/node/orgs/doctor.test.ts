// The doctor of an instance that publishes: what it finds at GitHub, at Cloudflare and in the
// variables, and that looking makes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import type { Fleet } from '../crash/fleet.ts';
import { as, hour_ms, json, mine, orgFleet, projectsOf, provisioned } from './support.ts';

interface Check {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly next?: string;
}

async function checks(fleet: Fleet): Promise<Record<string, Check>> {
  const answer = await fleet.api('GET', '/api/v1/doctor');
  assert.equal(answer.status, 200, answer.text);
  const all: Check[] = json(answer).checks;
  for (const { name, state, next } of all) {
    const mends = state === 'failed' || state === 'warning';
    assert.ok(!mends || next !== undefined, `${name} says how to mend it`);
  }
  return Object.fromEntries(all.map((check) => [check.name, check]));
}

async function found(fleet: Fleet, name: string): Promise<string> {
  const check = (await checks(fleet))[name];
  return `${check?.state}: ${check?.detail} ${check?.next ?? ''}`;
}

async function setWorkflow(fleet: Fleet, verb: 'enable' | 'disable'): Promise<void> {
  const path = `/repos/neutrino-io/nno-platform-builder/actions/workflows/build.yml/${verb}`;
  const headers = { authorization: 'Bearer github-token', 'user-agent': 'test' };
  const request = new Request(`http://github.test${path}`, { method: 'PUT', headers });
  assert.equal((await fleet.github.fetch(request)).status, 204);
}

test('of an instance that has everything finds nothing, and makes nothing', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  // The cron is seen.
  await fleet.passTime(() => false, hour_ms / 20);
  const before = projectsOf(fleet).length;
  const all = await checks(fleet);
  assert.deepEqual(
    Object.values(all).filter(({ state }) => state !== 'ok'),
    [],
  );
  assert.ok('cloudflare_token:main' in all && 'builder_workflow' in all);
  assert.equal(projectsOf(fleet).length, before);
});

test("the builder's workflow is disabled, is enabled, and is not there", async () => {
  const { fleet } = await orgFleet();
  await setWorkflow(fleet, 'disable');
  assert.match(await found(fleet, 'builder_workflow'), /^failed: it is disabled_manually Enable/);
  await setWorkflow(fleet, 'enable');
  assert.match(await found(fleet, 'builder_workflow'), /^ok/);
  fleet.reconfigure({ GITHUB_BUILDER_WORKFLOW: 'none.yml' });
  assert.match(await found(fleet, 'builder_workflow'), /^failed: there is no such workflow Push/);
});

test("an answer of GitHub's that cannot be read says nothing about the workflow", async () => {
  const fault = { when: 'before', answer: 200, body: '{}' } as const;
  const faults = plannedFaults(1, [{ operation: 'github.get_workflow', fault }]);
  const { fleet } = await orgFleet({}, [], faults);
  assert.match(await found(fleet, 'builder_workflow'), /^unknown: .* could not be read Try again/);
});

test('a Cloudflare token that may only read is found, before anybody needs it', async () => {
  const permissions = { 'cloudflare-token': 'read' as const };
  const { fleet } = await orgFleet({ account: { permissions } });
  assert.match(await found(fleet, 'cloudflare_token:main'), /^failed.*Pages:Edit/);
});

const gaps: [string, Record<string, string>, string, RegExp][] = [
  ['no sealing key', { SEALING_KEY: '' }, 'sealing', /^warning.*SEALING_KEY/],
  [
    'no repository',
    { PUBLISHING_GITHUB_REPOSITORY: '' },
    'publishing',
    /^warning: missing.*REPOSITORY/,
  ],
  ['no Cloudflare token', { CF_API_TOKEN: '' }, 'cloudflare_token:main', /^failed.*CF_API_TOKEN/],
  ['no GitHub token', { GITHUB_TOKEN: '' }, 'github_token', /^failed.*GITHUB_TOKEN/],
  ['a wrong GitHub token', { GITHUB_TOKEN: 'wrong' }, 'github_token', /^failed.*Actions/],
];
for (const [name, variables, check, wanted] of gaps) {
  test(`${name}: ${check}`, async () => {
    const { fleet } = await orgFleet({ variables });
    assert.match(await found(fleet, check), wanted);
  });
}

test('what an org has met tells whether GitHub is connected', async () => {
  const { fleet } = await orgFleet({ account: { githubConnected: false } });
  assert.match(await found(fleet, 'github_connection'), /^unknown.*connect-github/);
  await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.match(await found(fleet, 'github_connection'), /^failed: aurora: .*connect-github/);
});
