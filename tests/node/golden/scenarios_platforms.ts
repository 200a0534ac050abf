// Platforms that change: listed by filters, renamed, suspended, resumed, taken down, and refused.
import type { Core } from '../../../bindings/js/core.ts';
import { type FaultyFleet, minute_ms, onlySite, openFleet, settle } from '../faults/support.ts';
import { dashboard, uploadMany } from '../platforms/support.ts';

const platforms = '/api/v1/platforms';
const acme = `${platforms}/acme`;
const project = 'acme-dev-portal';
const account = '0123456789abcdef0123456789abcdef';

const empty = { when: 'before', answer: 200, body: '{"success":true,"result":null}' } as const;

type Call = readonly [method: string, path: string, body?: unknown];

// Each call also without a key.
async function callAll(fleet: FaultyFleet, calls: readonly Call[]): Promise<void> {
  for (const [method, path, body] of calls) {
    await fleet.api(method, path, body);
    await fleet.api(method, path, body, 'wrong');
  }
}

const lists: readonly Call[] = [
  ['GET', `${platforms}?prefix=ac`],
  ['GET', `${platforms}?state=ready`],
  ['GET', `${platforms}?environment=dev`],
  ['GET', `${platforms}?environment=dev&state=ready&prefix=acme`],
  ['GET', `${platforms}?state=deleted&prefix=Acme`],
];

const changes: readonly Call[] = [
  ['PATCH', acme, { name: 'Acme Limited' }],
  ['PATCH', acme, {}],
  ['PATCH', acme, { name: '', environments: { add: ['dev', 'dev'], remove: ['dev'] } }],
  ['PATCH', acme, { environments: { remove: ['dev'] } }],
  ['PATCH', `${platforms}/nobody`, {}],
  ['PATCH', `${acme}?dryRun=true`, { environments: { add: ['prod'], remove: ['stg'] } }],
  ['POST', `${acme}/resume`],
  ['POST', `${acme}/suspend`, { reason: 'unpaid' }],
  ['POST', `${acme}/suspend`],
  ['POST', `${acme}/suspend`, { why: 1 }],
  ['GET', acme],
  ['POST', `${acme}/features/activate`, { featureId: 'chat' }],
  ['POST', `${acme}/resume`, { reason: 'paid' }],
  ['POST', `${platforms}/nobody/resume`],
];

const while_it_goes: readonly Call[] = [
  ['GET', acme],
  ['PATCH', acme, { name: 'Late' }],
  ['DELETE', acme],
  ['POST', platforms, { platformId: 'acme', environments: ['dev'] }],
];

async function playChanges(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  await settle(fleet);
  await callAll(fleet, [...lists, ...changes]);
  await settle(fleet);
  await callAll(fleet, [['PATCH', acme, { environments: { add: ['stg'] } }]]);
  await settle(fleet);
  const patch: Call = ['PATCH', acme, { environments: { remove: ['stg'] } }];
  const back: Call = ['PATCH', acme, { environments: { add: ['stg'] } }];
  await callAll(fleet, [patch, back]);
  await settle(fleet);
  await callAll(fleet, [['GET', acme]]);
}

async function playDeletion(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  await fleet.passTime(() => onlySite(fleet).active?.state === 'running', 10 * minute_ms);
  await uploadMany(fleet, project, 102);
  await dashboard(fleet, 'POST', `${project}/domains`, { name: 'www.acme.example' });
  await callAll(fleet, [
    ['DELETE', `${platforms}/nobody`],
    ['DELETE', `${acme}?dryRun=true`],
  ]);
  fleet.cloudflare.configure(account, { blocked: true });
  const { operation } = JSON.parse((await fleet.api('DELETE', acme)).text);
  await callAll(fleet, while_it_goes);
  await settle(fleet);
  const follow: Call = ['GET', `/api/v1/operations/${operation.operationId}`];
  await callAll(fleet, [follow]);
  fleet.cloudflare.configure(account, { blocked: false });
  // An answer that does not say whose the project is.
  fleet.faults.set([{ operation: 'cloudflare.project.get', times: 1, fault: empty }]);
  await callAll(fleet, [['DELETE', acme]]);
  await settle(fleet);
  await callAll(fleet, [follow, ['GET', acme], ['DELETE', acme]]);
  await fleet.api('POST', platforms, { platformId: 'acme', environments: ['dev'] });
  await settle(fleet);
}

/** Plays all of it. */
export async function playPlatforms(core: Core): Promise<void> {
  await playChanges(core);
  await playDeletion(core);
}
