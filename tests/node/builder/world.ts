// A fake API and a fake runner together, for tests of whole jobs.

import assert from 'node:assert/strict';
import {
  type Answer,
  batch,
  type Call,
  configOf,
  deployment,
  type FakeApi,
  type Result,
  startFakeApi,
} from './fake_api.ts';
import { type Ended, type FakeRunner, makeRunner } from './fake_runner.ts';

/** Answers a call, or leaves it to the next. */
export type Answering = (call: Call, calls: readonly Call[]) => Answer | undefined;

/** Answers the claim with these deployments; a platform's note decides how its build goes. */
export function serving(
  notes: Record<string, string>,
  other: Answering = () => undefined,
): Answering {
  const deployments = Object.keys(notes).map((name) => deployment(name));
  return (call, calls) => {
    const given = other(call, calls);
    if (given !== undefined) return given;
    if (call.path.endsWith('/claims')) return batch(deployments);
    const platform = /platforms\/([^/]+)\/config/.exec(call.path)?.[1];
    if (platform === undefined) return undefined;
    const body = configOf(platform, notes[platform]);
    return { status: 200, body, headers: { etag: 'W/"3-ab12"' } };
  };
}

/** Both, running. */
export interface World {
  readonly api: FakeApi;
  readonly runner: FakeRunner;
}

/** Starts both, and ends them after `act`. */
export async function inWorld(
  answer: Answering,
  act: (world: World) => Promise<void>,
): Promise<void> {
  const api = await startFakeApi(answer);
  const runner = makeRunner();
  try {
    await act({ api, runner });
  } finally {
    api.close();
    runner.remove();
  }
}

/** The one result of this platform that is not `building`. */
export function finalOf(api: FakeApi, platform: string): Result {
  const found = api
    .results()
    .filter((each) => each.deploymentId === `dep_${platform}` && each.outcome !== 'building');
  const [result] = found;
  assert.equal(found.length, 1, `results of ${platform}: ${JSON.stringify(found)}`);
  assert.ok(result !== undefined);
  return result;
}

/** The exit statuses of the steps. */
export function statuses(ended: readonly Ended[]): (number | null)[] {
  return ended.map((each) => each.status);
}
