// What builders say: in turn, out of turn, twice, too late, or nothing at all.
import type { Core } from '../../../bindings/js/core.ts';
import { createApp } from '../../../worker-shim/app.ts';
import type { Answer } from '../crash/fleet.ts';
import {
  batches,
  create,
  deployments,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  onlySite,
  openFleet,
  pass,
  settle,
} from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';

const claims = '/api/v1/claims';
const no_batch = '/api/v1/batches/bat_01KAMZ5G9V1V4PGEPYHCZ0MZZZ/reports';
const no_turn = '/api/v1/batches/bat_01KAMZ5G9V1V4PGEPYHCZ0MZZZ/turns';
const uploaded = { outcome: 'uploaded', pagesDeploymentId: 'f64788e9' };

function asBuilder(fleet: FaultyFleet, path: string, body: unknown): Promise<Answer> {
  return fleet.api('POST', path, body, 'internal-key');
}

/** Plays the builder protocol. */
export async function playBuilder(core: Core): Promise<void> {
  await playMalformed(core);
  await playByKey(core);
  await playByHand(core);
  await playFailures(core);
  await playSilence(core);
}

async function playMalformed(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  const long = 'x'.repeat(2 ** 20 + 1);
  for (const path of [claims, no_batch, no_turn]) {
    await fleet.api('POST', path, {}, 'wrong');
    await fleet.api('POST', path, {}, 'admin-key');
    for (const body of [undefined, '{"', long, {}]) await asBuilder(fleet, path, body);
  }
  const bytes = new Uint8Array([0xff]);
  const world = memoryWorld(core, memoryPorts({ db: fleet.db }), { NNO_INTERNAL_API_KEY: 'key' });
  const headers = { authorization: 'Bearer key' };
  const request = { method: 'POST', headers, body: bytes };
  await createApp().fetch(new Request(`http://slipway.test${no_batch}`, request), world);
  await asBuilder(fleet, claims, { runId: '1', runAttempt: 1 });
  await asBuilder(fleet, claims, { dispatchKey: 'no key', runId: 'x', runAttempt: '1' });
  await asBuilder(fleet, no_batch, { runId: '1', results: [] });
  const deploymentId = 'dep_01KAMZ5G9V1V4PGEPYHCZ0MZZZ';
  const results = [
    { deploymentId, outcome: 'uploaded' },
    { deploymentId, outcome: 'failed' },
  ];
  await asBuilder(fleet, no_batch, { runId: '1', results });
  await asBuilder(fleet, no_batch, { runId: '1', results: [{ deploymentId, ...uploaded }] });
}

// A batch whose dispatch nobody answered: any run with its key may claim it.
async function playByKey(core: Core): Promise<void> {
  const fault = { when: 'before', answer: 'timeout' } as const;
  const fleet = openFleet({ core }, [{ operation: 'github.dispatch', fault }]);
  await create(fleet);
  await fleet.passTime(() => batches(fleet)[0]?.state === 'unknown', 10 * minute_ms);
  const [batch] = batches(fleet);
  const dispatchKey = batch?.dispatch_key;
  const deploymentId = deployments(fleet)[0]?.id;
  const report = (runId: string, ...results: object[]): Promise<Answer> =>
    asBuilder(fleet, `/api/v1/batches/${batch?.id}/reports`, {
      runId,
      results: results.map((result) => ({ deploymentId, ...result })),
    });
  await asBuilder(fleet, claims, { account: 'main', runId: '99', runAttempt: 1 });
  await fleet.api('GET', '/api/v1/batches');
  await fleet.api('GET', `/api/v1/batches/${batch?.id}`);
  await fleet.api('GET', '/api/v1/batches/bat_01KAMZ5G9V1V4PGEPYHCZ0MZZZ');
  await fleet.api('GET', '/api/v1/budgets');
  for (const path of ['/api/v1/batches', '/api/v1/batches/bat_01', '/api/v1/budgets']) {
    await fleet.api('GET', path, undefined, 'wrong');
  }
  const unused = { dispatchKey: '01KAMZ5G9V1V4PGEPYHCZ0MZZZ', runId: '100', runAttempt: 2 };
  await asBuilder(fleet, claims, unused);
  await report('100', uploaded);
  await asBuilder(fleet, claims, { dispatchKey, runId: '100', runAttempt: 1 });
  await asBuilder(fleet, claims, { dispatchKey, runId: '100', runAttempt: 1 });
  await asBuilder(fleet, claims, { dispatchKey, runId: '100', runAttempt: 2 });
  await asBuilder(fleet, claims, { dispatchKey, runId: '101', runAttempt: 1 });
  await report('101', uploaded);
  await report('100', { outcome: 'building' });
  const turn = `/api/v1/batches/${batch?.id}/turns`;
  for (const runId of ['101', '100']) await asBuilder(fleet, turn, { runId, deploymentId });
  await asBuilder(fleet, turn, { runId: '100', deploymentId: 'dep_01KAMZ5G9V1V4PGEPYHCZ0MZZZ' });
  await report('100', { outcome: 'failed', reason: 'install_failed', logTail: 'no lock file\n' });
  await report('100', uploaded);
}

async function playByHand(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  const byHand = { platformId: 'acme', env: 'dev', runId: '900', runAttempt: 1 };
  await asBuilder(fleet, claims, byHand);
  await create(fleet);
  await asBuilder(fleet, claims, { ...byHand, env: 'stg' });
  await asBuilder(fleet, claims, byHand);
  await fleet.passTime(() => onlySite(fleet).active?.state === 'running', 10 * minute_ms);
  await asBuilder(fleet, claims, byHand);
  await settle(fleet, 6 * hour_ms);
  await asBuilder(fleet, claims, byHand);
  await asBuilder(fleet, claims, byHand);
}

// Builds and uploads that fail in each way, and a wish in the meantime.
async function playFailures(core: Core): Promise<void> {
  for (const reason of ['config_unavailable', 'build_failed', 'deploy_failed']) {
    const fleet = openFleet({ core, runner: { failures: () => reason } });
    await create(fleet);
    await fleet.passTime(() => onlySite(fleet).active?.state === 'running', 10 * minute_ms);
    await fleet.api('POST', deployments_path);
    await settle(fleet, 6 * hour_ms);
  }
}

// Runs that end without a word, or never end.
async function playSilence(core: Core): Promise<void> {
  const deaf = openFleet({ core, toApi: async () => new Response('', { status: 503 }) });
  await create(deaf);
  await settle(deaf, 8 * hour_ms);
  const claimed = openFleet({
    core,
    toApi: async (request, serve) =>
      request.url.endsWith('/claims') ? serve(request) : new Response('', { status: 503 }),
  });
  await create(claimed);
  await settle(claimed, 8 * hour_ms);
  const queued = openFleet({ core, runner: { timings: { queue_ms: 3 * hour_ms } } });
  await create(queued);
  await settle(queued, 8 * hour_ms);
  await pass(queued, 5 * hour_ms);
}
