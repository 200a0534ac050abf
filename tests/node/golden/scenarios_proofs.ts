// What others vouch for: runs of the builder by GitHub's token, hints by signed webhooks, and a
// GitHub App that has no token to go with.
import type { Core } from '../../../bindings/js/core.ts';
import { app, believing, builderRun, by_app } from '../auth/support.ts';
import {
  create,
  deployments,
  type FaultyFleet,
  minute_ms,
  openFleet,
  pass,
  settle,
} from '../faults/support.ts';
import { deliver, event, onlyBatch, variables } from '../webhooks/support.ts';

const url = 'http://slipway.test';
const slow = { timings: { queue_ms: 20 * minute_ms } };

/** Plays them. */
export async function playProofs(core: Core): Promise<void> {
  await playRun(core);
  await playWebhook(core);
  await playApp(core);
}

async function playRun(core: Core): Promise<void> {
  const fleet = openFleet({ core, runner: slow, variables: believing(url) });
  await create(fleet);
  await pass(fleet, 2 * minute_ms);
  const { id: batch_id, run_id, dispatch_key: dispatchKey } = onlyBatch(fleet);
  const as = (id: number, environment = 'main-dev'): string =>
    fleet.oidc.sign(fleet.oidc.claimsOf(builderRun(id), environment, url));
  const runId = String(run_id);
  const claim = { dispatchKey, runId, runAttempt: 1 };
  const results = [{ deploymentId: deployments(fleet)[0]?.id, outcome: 'building' }];
  const reports = `/api/v1/batches/${batch_id}/reports`;
  const say = (path: string, body: unknown, by: string) => fleet.api('POST', path, body, by);
  await say('/api/v1/claims', claim, as(5));
  await say('/api/v1/claims', claim, as(Number(runId), 'main-prod'));
  await say('/api/v1/claims', claim, as(Number(runId)));
  await say(reports, { runId, results }, as(5));
  await say(reports, { runId, results }, as(Number(runId)));
  await fleet.api('GET', '/api/v1/platforms/acme/config', undefined, as(Number(runId)));
}

async function playWebhook(core: Core): Promise<void> {
  const fleet = openFleet({ core, runner: slow, variables });
  await create(fleet);
  await pass(fleet, 5 * minute_ms);
  const { run_id, dispatch_key } = onlyBatch(fleet);
  await playEvents(fleet, Number(run_id), `${dispatch_key} main-dev`);
  await settle(fleet);
}

async function playEvents(fleet: FaultyFleet, id: number, title: string): Promise<void> {
  const completed = event('completed', id, title);
  await deliver(fleet, completed, {});
  await deliver(fleet, '{"zen":"Keep it logically awesome."}');
  await deliver(fleet, event('in_progress', id, title));
  await deliver(fleet, event('completed', id, 'manual main-dev acme'));
  await deliver(fleet, completed);
  await deliver(fleet, completed);
}

async function playApp(core: Core): Promise<void> {
  const fault = { when: 'before', answer: 503 } as const;
  const operation = 'github.create_installation_token';
  const fleet = openFleet({ core, apps: [app], variables: by_app }, [{ operation, nth: 1, fault }]);
  await create(fleet);
  await settle(fleet);
}
