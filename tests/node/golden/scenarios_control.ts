// What holds back, stops, repeats and undoes: every operation of control, and every refusal of it.
import type { Core } from '../../../bindings/js/core.ts';
import {
  deployments,
  type FaultyFleet,
  minute_ms,
  onlySite,
  openFleet,
  settle,
} from '../faults/support.ts';

const platforms = '/api/v1/platforms';
const acme = `${platforms}/acme`;
const dev = `${acme}/environments/dev`;
const fleet_path = '/api/v1/fleet';

type Call = readonly [method: string, path: string, body?: unknown];

// Each call also without a key.
async function callAll(fleet: FaultyFleet, calls: readonly Call[]): Promise<void> {
  for (const [method, path, body] of calls) {
    await fleet.api(method, path, body);
    await fleet.api(method, path, body, 'wrong');
  }
}

async function openAcme(core: Core): Promise<FaultyFleet> {
  const fleet = openFleet({ core, variables: { DRIFT_SAMPLE: '5' } });
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  return fleet;
}

function lastId(fleet: FaultyFleet): string {
  return deployments(fleet).at(-1)?.id ?? 'dep_none';
}

async function playHolding(core: Core): Promise<void> {
  const fleet = await openAcme(core);
  await settle(fleet);
  await callAll(fleet, [
    ['POST', `${acme}/builds/resume`],
    ['POST', `${acme}/builds/pause`, { reason: 'a fair' }],
    ['POST', `${acme}/builds/pause`, { why: 1 }],
    ['POST', `${platforms}/nobody/builds/pause`],
    ['POST', `${acme}/features/activate`, { featureId: 'chat' }],
    ['GET', acme],
  ]);
  const hand = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  await callAll(fleet, [
    ['POST', '/api/v1/claims', hand],
    ['POST', `${fleet_path}/freeze`, { reason: 'the holidays' }],
    ['POST', `${fleet_path}/freeze`, { reason: '' }],
    ['POST', `${platforms}/nobody/builds/resume`],
    ['POST', `${acme}/builds/resume`],
    ['POST', '/api/v1/claims', hand],
    ['GET', fleet_path],
  ]);
  await fleet.passTime(() => false, 2 * minute_ms);
  await callAll(fleet, [['POST', `${fleet_path}/unfreeze`]]);
  await settle(fleet);
}

async function playStopping(core: Core): Promise<void> {
  const fleet = await openAcme(core);
  await fleet.passTime(() => onlySite(fleet).active?.state === 'running', 10 * minute_ms);
  const first = `/api/v1/deployments/${lastId(fleet)}`;
  await callAll(fleet, [
    ['POST', `${first}/retry`],
    ['POST', `${first}/cancel`, { reason: 'a mistake' }],
    ['POST', `${first}/cancel`],
    ['POST', `${first}/retry`],
  ]);
  await fleet.passTime(() => onlySite(fleet).active?.state === 'uploaded', 10 * minute_ms);
  const second = `/api/v1/deployments/${lastId(fleet)}`;
  await callAll(fleet, [['POST', `${second}/cancel`]]);
  await settle(fleet);
  await callAll(fleet, [
    ['POST', `${second}/cancel`],
    ['POST', '/api/v1/deployments/dep_nobody/cancel'],
    ['POST', '/api/v1/deployments/dep_nobody/retry'],
    ['POST', `${dev}/rollback`, { deploymentId: first.slice(first.lastIndexOf('/') + 1) }],
  ]);
}

async function playUndoing(core: Core): Promise<void> {
  const fleet = await openAcme(core);
  await callAll(fleet, [
    ['POST', `${dev}/check`],
    ['POST', `${dev}/rollback`],
  ]);
  await settle(fleet);
  const first = lastId(fleet);
  await callAll(fleet, [
    ['POST', `${dev}/rollback`],
    ['POST', `${dev}/check`],
    ['POST', `${acme}/features/activate`, { featureId: 'chat' }],
  ]);
  await settle(fleet);
  await callAll(fleet, [['POST', `${dev}/rollback`, { reason: 'broken' }]]);
  await settle(fleet);
  await callAll(fleet, [
    ['POST', `${dev}/rollback`, { deploymentId: first, reason: 'again' }],
    ['POST', `${acme}/features/activate`, { featureId: 'billing' }],
    ['GET', acme],
    ['POST', `${dev}/deployments`],
  ]);
  await settle(fleet);
  await fleet.passTime(() => false, 3 * minute_ms);
}

/** Plays all of it. */
export async function playControl(core: Core): Promise<void> {
  await playHolding(core);
  await playStopping(core);
  await playUndoing(core);
}
