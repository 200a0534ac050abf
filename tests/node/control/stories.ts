// What is killed all over: a cancellation and a retry, a rollback, a freeze that ends.
import assert from 'node:assert/strict';
import type { Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import {
  countOf,
  hour_ms,
  insist,
  live,
  platforms,
  type Story,
  settle,
  siteOf,
} from './support.ts';

const acme = `${platforms}/acme`;
const dev = `${acme}/environments/dev`;

function statesOf(fleet: Fleet): string[] {
  return rows<{ state: string }>(fleet, 'deployment').map(({ state }) => state);
}

/** A deployment is cancelled while it runs, and tried again. */
export const cancellation: Story = {
  begin: async (fleet) => {
    await insist(fleet, 'POST', platforms, { platformId: 'acme', environments: ['dev'] });
    await fleet.passTime(() => siteOf(fleet).active?.state === 'running', hour_ms);
  },
  go: async (fleet) => {
    const id = rows<{ id: string }>(fleet, 'deployment')[0]?.id;
    await insist(fleet, 'POST', `/api/v1/deployments/${id}/cancel`);
    await settle(fleet);
    await insist(fleet, 'POST', `/api/v1/deployments/${id}/retry`);
    await settle(fleet);
  },
  check: async (fleet) => {
    assert.deepEqual(statesOf(fleet), ['cancelled', 'live']);
    assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
    const [batch] = rows<{ cancelled?: string }>(fleet, 'batch');
    assert.ok(batch?.cancelled !== undefined, 'GitHub was told');
  },
};

/** A site goes back to what it served before. */
export const rollback: Story = {
  begin: async (fleet) => {
    await live(fleet, 'acme', ['dev']);
    await insist(fleet, 'POST', `${acme}/features/activate`, { featureId: 'chat' });
    await settle(fleet);
  },
  go: async (fleet) => {
    const deploymentId = rows<{ id: string }>(fleet, 'deployment')[0]?.id;
    await insist(fleet, 'POST', `${dev}/rollback`, { deploymentId });
    await settle(fleet);
  },
  check: async (fleet) => {
    assert.deepEqual(statesOf(fleet), ['live', 'live'], 'nothing was built');
    const [site] = rows<{ live: object; pin: object }>(fleet, 'site') as [
      { live: { deployment_id: string }; pin: { deployment_id: string } },
    ];
    assert.equal(site.live.deployment_id, site.pin.deployment_id);
  },
};

/** What was frozen and paused goes on. */
export const thaw: Story = {
  begin: (fleet) => live(fleet, 'acme', ['dev']),
  go: async (fleet) => {
    await insist(fleet, 'POST', '/api/v1/fleet/freeze', { reason: 'stop' });
    await insist(fleet, 'POST', `${acme}/builds/pause`);
    await insist(fleet, 'POST', `${dev}/deployments`);
    await fleet.passTime(() => false, hour_ms / 12);
    assert.equal(countOf(fleet, 'deployment'), 1);
    await insist(fleet, 'POST', `${acme}/builds/resume`);
    await fleet.passTime(() => false, hour_ms / 12);
    assert.equal(countOf(fleet, 'deployment'), 1);
    await insist(fleet, 'POST', '/api/v1/fleet/unfreeze');
    await settle(fleet);
  },
  check: async (fleet) => {
    assert.equal(countOf(fleet, 'deployment'), 2);
    assert.equal(siteOf(fleet).live?.revision, siteOf(fleet).desired.revision);
  },
};
