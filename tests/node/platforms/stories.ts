// What is killed all over: a deletion, a change of environments, a suspension that ends.
import assert from 'node:assert/strict';
import {
  countOf,
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

/** Two sites with many deployments and a domain are deleted. */
export const deletion: Story = {
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

/** An environment takes the place of another. */
export const change: Story = {
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

/** A suspended platform keeps a wish and is resumed. */
export const again: Story = {
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
