// The main job, with a webhook for every change of its run, killed at outside calls: hints that are
// lost, or followed by half, change nothing of the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertConverged, type CrashPoint, openFleet } from '../crash/scenario.ts';
import { acme, hour_ms, isSettled } from '../faults/support.ts';
import { event, signed, variables } from './support.ts';

type Open = ReturnType<typeof openFleet>;

interface Listed {
  readonly id: number;
  readonly display_title: string;
  readonly status: string;
}

// Delivers what is new of each run, once, as GitHub does: nothing is sent again when it fails.
async function deliverNews({ fleet }: Open, told: Set<string>): Promise<void> {
  const url = 'http://github.test/repos/neutrino-io/nno-platform-builder/actions/runs';
  const headers = { authorization: 'Bearer github-token', 'user-agent': 'test' };
  const answer = await fleet.github.fetch(new Request(url, { headers }));
  const { workflow_runs } = (await answer.json()) as { workflow_runs: Listed[] };
  const actions = { queued: 'requested', in_progress: 'in_progress', completed: 'completed' };
  for (const { id, display_title, status } of workflow_runs) {
    const action = actions[status as keyof typeof actions];
    if (told.has(`${id} ${action}`)) continue;
    told.add(`${id} ${action}`);
    const body = event(action, id, display_title);
    await fleet.api('POST', '/webhooks/github', body, '', signed(body)).catch(() => undefined);
  }
}

async function play(points: readonly CrashPoint[]): Promise<readonly string[]> {
  const open = openFleet(points, undefined, { variables });
  const { fleet, calls } = open;
  const told = new Set<string>();
  for (const { method, path, body } of acme.requests) {
    await fleet.api(method, path, body).catch(() => fleet.api(method, path, body));
  }
  const done = async (): Promise<boolean> => {
    await deliverNews(open, told);
    return isSettled(fleet) && told.size > 2;
  };
  assert.ok(await fleet.passTime(done, 2 * hour_ms), 'not settled');
  await assertConverged(fleet, acme);
  assert.equal(fleet.crashes, points.length);
  return calls;
}

for (const phase of ['before', 'after'] as const) {
  test(`a kill ${phase} every fourth outside call changes nothing of the end`, async () => {
    const calls = await play([]);
    for (let k = phase === 'before' ? 2 : 4; k <= calls.length; k += 4) {
      await play([{ k, phase }]).catch((cause: unknown) => {
        throw new Error(`killed ${phase} call ${k} (${calls[k - 1]})`, { cause });
      });
    }
  });
}
