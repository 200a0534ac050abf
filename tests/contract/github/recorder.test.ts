// Every fleet of the tests holds each request that reaches the simulated GitHub to GitHub's own
// OpenAPI description: here is one that asks for all it needs, and one that asks wrongly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, by_app } from '../../node/auth/support.ts';
import { Fleet, type FleetOptions } from '../../node/crash/fleet.ts';
import { acme, core, hour_ms, isSettled } from '../../node/faults/support.ts';

async function launched(options: Partial<FleetOptions>): Promise<Fleet> {
  const fleet = new Fleet({ core, ...options });
  for (const { method, path, body } of acme.requests) {
    assert.equal((await fleet.api(method, path, body)).status, 202);
  }
  assert.ok(await fleet.passTime(() => isSettled(fleet), hour_ms));
  return fleet;
}

test('a platform goes live without a request that the description forbids', async () => {
  for (const options of [{}, { apps: [app], variables: by_app }]) {
    const { github } = await launched(options);
    const asked = github.log.map(({ operation }) => operation);
    assert.ok(asked.includes('github.dispatch'), asked.join());
    assert.equal(asked.includes('github.create_installation_token'), 'apps' in options);
  }
});

test('a fleet that asks GitHub wrongly fails', async () => {
  const variables = { ...by_app, GITHUB_APP_INSTALLATION_ID: 'mine' };
  await assert.rejects(launched({ apps: [app], variables }), /installation_id must be integer/);
});
