// Tokens, the audit trail and repeated requests: handed out, used, refused, revoked, expired.
import type { Core } from '../../../bindings/js/core.ts';
import type { Answer } from '../crash/fleet.ts';
import { create, deployments_path, hour_ms, openFleet, settle } from '../faults/support.ts';

const tokens = '/api/v1/tokens';
const platforms = '/api/v1/platforms';
const audit = '/api/v1/audit';

const everything = {
  name: 'pipeline',
  scopes: ['platforms:read', 'platforms:write', 'deploy', 'config:read', 'publishing'],
  platforms: ['acme', 'absent'],
  expiresInDays: 1,
};

const faulty = {
  name: '',
  scopes: ['deploy', 'deploy', 'builder'],
  platforms: ['Acme', 'acme', 'acme'],
  expiresInDays: 0,
};

type Call = readonly [method: string, path: string, body?: unknown, key?: string];

const refused: readonly Call[] = [
  ['POST', tokens, everything, 'wrong'],
  ['POST', tokens, everything, 'internal-key'],
  ['POST', tokens],
  ['POST', tokens, '{'],
  ['POST', tokens, { name: 'n', scope: 'deploy' }],
  ['POST', tokens, faulty],
  ['POST', tokens, { ...faulty, scopes: [], platforms: [] }],
  ['POST', tokens, { ...everything, scopes: ['admin'] }],
  ['GET', tokens, undefined, 'wrong'],
  ['GET', `${tokens}?limit=0`],
  ['DELETE', `${tokens}/tok_none`],
  ['DELETE', `${tokens}/tok_none`, undefined, 'wrong'],
  ['GET', audit, undefined, 'wrong'],
  ['GET', `${audit}?order=best&cursor=x`],
  ['GET', `${audit}?cursor=x`],
  ['GET', platforms, undefined, `slp_${'A'.repeat(43)}`],
  ['GET', `${platforms}/acme/config`, undefined, `slb_${'A'.repeat(43)}`],
];

function usedBy(token: string, operation: string): Call[] {
  const calls: Call[] = [
    ['GET', platforms],
    ['GET', `${platforms}/acme`],
    ['GET', `${platforms}/absent`],
    ['GET', `${platforms}/other`],
    ['GET', `${platforms}/acme/config`],
    ['GET', operation],
    ['GET', audit],
    ['POST', platforms, { platformId: 'other', environments: ['dev'] }],
    ['POST', deployments_path, { reason: 'by a token' }],
  ];
  return calls.map(([method, path, body]) => [method, path, body, token]);
}

/** Plays all of it. */
export async function playTokens(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  const callAll = async (calls: readonly Call[]): Promise<void> => {
    for (const [method, path, body, key] of calls) await fleet.api(method, path, body, key);
  };
  await callAll(refused);
  const other = { platformId: 'other', environments: ['dev'] };
  const created = await fleet.api('POST', platforms, other);
  await create(fleet);
  await settle(fleet);
  const { token, tokenId } = handedOut(await fleet.api('POST', tokens, everything));
  await fleet.api('POST', tokens, { ...everything, scopes: ['admin'], platforms: ['*'] });
  await callAll(usedBy(token, created.headers.get('location') ?? ''));
  await settle(fleet);
  await callAll([
    ['GET', `${tokens}?limit=1`],
    ['GET', tokens],
    ['GET', `${audit}?limit=3`],
    ['GET', `${audit}?limit=3&order=oldest&cursor=2`],
    ['GET', `${audit}?aggregate=platform:acme`],
    ['GET', `${audit}?aggregate=platform:acme&order=oldest`],
    ['DELETE', `${tokens}/${tokenId}`],
    ['DELETE', `${tokens}/${tokenId}`],
    ['GET', platforms, undefined, token],
  ]);
  await fleet.unequalAggregates();
  await playBuild(core);
  await playRepeated(core);
}

function handedOut(answer: Answer): { token: string; tokenId: string } {
  return JSON.parse(answer.text);
}

// A build's token, while its batch is claimed and afterwards.
async function playBuild(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await create(fleet);
  await settle(fleet);
  const body = { platformId: 'acme', env: 'dev', runId: '900', runAttempt: 1 };
  const claimed = await fleet.api('POST', '/api/v1/claims', body, 'internal-key');
  const { token, batchId, deployments } = JSON.parse(claimed.text);
  const { deploymentId } = deployments[0];
  const config = `${platforms}/acme/config`;
  const results = [{ deploymentId, outcome: 'failed', reason: 'build_failed', logTail: 'no' }];
  const calls: readonly Call[] = [
    ['GET', config],
    ['GET', `${config}?env=dev&version=1`],
    ['GET', `${config}?version=2`],
    ['GET', `${platforms}/other/config`],
    ['POST', '/api/v1/claims', body],
    ['POST', '/api/v1/batches/bat_none/reports', { runId: '900', results }],
    ['POST', `/api/v1/batches/${batchId}/reports`, { runId: '900', results }],
  ];
  for (const [method, path, sent] of calls) await fleet.api(method, path, sent, token);
  await settle(fleet);
  await fleet.api('GET', config, undefined, token);
}

// The same request again, with its key and with another body; then the key's time is over.
async function playRepeated(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await create(fleet);
  const send = (path: string, body: unknown, key: string): Promise<Answer> =>
    fleet.api('POST', path, body, 'admin-key', { 'idempotency-key': key });
  await send(deployments_path, { reason: 'once' }, 'k');
  await send(deployments_path, { reason: 'once' }, 'k');
  await send(deployments_path, { reason: 'twice' }, 'k');
  await send(deployments_path, { reason: 'once' }, 'k'.repeat(256));
  await send(tokens, everything, 'k');
  await send(tokens, everything, 'k');
  await settle(fleet);
  fleet.clock.advance(24 * hour_ms);
  await fleet.passTime(() => false, hour_ms / 30);
}
