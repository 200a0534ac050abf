// Killed at outside calls of a deletion, of a change of environments and of a suspension: the same
// end. Every third call is killed, beginning with another one before and after it, so that two in
// three are; SLIPWAY_EVERY=1 kills at every one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countOf,
  crashEverywhere,
  dashboard,
  insist,
  live,
  platforms,
  projectNames,
  type Story,
  settle,
  siteOf,
  told,
  uploadMany,
} from './support.ts';

const acme = `${platforms}/acme`;

const deletion: Story = {
  begin: async (fleet) => {
    await live(fleet, 'acme', ['dev', 'prod']);
    await uploadMany(fleet, 'acme-dev-portal', 104);
    const name = 'www.acme.example';
    assert.equal((await dashboard(fleet, 'POST', 'acme-dev-portal/domains', { name })).status, 200);
  },
  go: async (fleet) => {
    await insist(fleet, 'DELETE', acme);
    await settle(fleet);
  },
  check: async (fleet) => {
    assert.deepEqual(projectNames(fleet), []);
    assert.equal(told(await insist(fleet, 'GET', acme)), '404 platform.unknown');
    assert.deepEqual([countOf(fleet, 'config_version'), countOf(fleet, 'document')], [0, 0]);
  },
};

const change: Story = {
  begin: (fleet) => live(fleet, 'acme', ['dev']),
  go: async (fleet) => {
    await insist(fleet, 'PATCH', acme, { environments: { add: ['prod'], remove: ['dev'] } });
    await settle(fleet);
  },
  check: async (fleet) => {
    assert.deepEqual(projectNames(fleet), ['acme-prod-portal']);
    assert.equal(siteOf(fleet, 'acme/dev').state, 'deleted');
    const { state, live: served, desired } = siteOf(fleet, 'acme/prod');
    assert.deepEqual([state, served?.revision], ['ready', desired.revision]);
  },
};

const again: Story = {
  begin: (fleet) => live(fleet, 'acme', ['dev']),
  go: async (fleet) => {
    await insist(fleet, 'POST', `${acme}/suspend`, {});
    await insist(fleet, 'POST', `${acme}/environments/dev/deployments`, {});
    await settle(fleet);
    assert.equal(siteOf(fleet).state, 'suspended');
    await insist(fleet, 'POST', `${acme}/resume`, {});
    await settle(fleet);
  },
  check: async (fleet) => {
    const { state, live: served, desired } = siteOf(fleet);
    assert.deepEqual([state, served?.revision], ['ready', desired.revision]);
    assert.deepEqual(projectNames(fleet), ['acme-dev-portal']);
  },
};

const every = Number(process.env.SLIPWAY_EVERY ?? 3);

for (const phase of ['before', 'after'] as const) {
  const offset = phase === 'before' ? 0 : 1;
  test(`killed ${phase} any outside call, a deletion comes to its end`, async () => {
    assert.ok((await crashEverywhere(deletion, phase, { every, offset })) > 40);
  });
  test(`killed ${phase} any outside call, environments change`, async () => {
    assert.ok((await crashEverywhere(change, phase, { every, offset })) > 40);
  });
  test(`killed ${phase} any outside call, a suspended platform is resumed`, async () => {
    assert.ok((await crashEverywhere(again, phase, { every, offset })) > 30);
  });
}
