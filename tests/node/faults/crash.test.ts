// A kill in the middle of what already goes wrong: of every fault scenario a sample of its outside
// calls, before and after each. The end is the same as without the kill.
import assert from 'node:assert/strict';
import type { FaultPlan } from '../../../simulator/base/faults.ts';
import { Crash, type FleetOptions } from '../crash/fleet.ts';
import { assertConverged } from '../crash/scenario.ts';
import type { CallPhase } from '../support/countable.ts';
import { test } from '../support/own_thread.ts';
import {
  acme,
  assertBlocked,
  assertFailed,
  assertLive,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  onlySite,
  openFleet,
  settle,
} from './support.ts';

interface Story {
  readonly options?: Partial<FleetOptions>;
  readonly plans?: readonly FaultPlan[];
  /** What is done after the create, at whatever instant. */
  readonly afterwards?: (fleet: FaultyFleet) => Promise<void>;
  readonly end: (fleet: FaultyFleet) => void | Promise<void>;
  /** Every so many outside calls one is killed. */
  readonly every: number;
}

const converged = (fleet: FaultyFleet): Promise<void> => assertConverged(fleet, acme);

const stories: Readonly<Record<string, Story>> = {
  'a project whose creation loses its answer': {
    plans: [
      {
        operation: 'cloudflare.project.create',
        nth: 1,
        fault: { when: 'after', answer: 'timeout' },
      },
    ],
    end: converged,
    every: 4,
  },
  'a project name that is refused': {
    plans: [
      {
        operation: 'cloudflare.project.create',
        fault: { when: 'before', answer: 400, body: '{"errors":[{"code":8000003}]}' },
      },
    ],
    end: (fleet) => void assertBlocked(fleet, 'project.invalid_name'),
    every: 1,
  },
  'a dispatch that loses its answer': {
    options: { runner: { timings: { queue_ms: 2 * minute_ms } } },
    plans: [{ operation: 'github.dispatch', nth: 1, fault: { when: 'after', answer: 'timeout' } }],
    end: converged,
    every: 8,
  },
  // A key whose fate the kill has hidden is looked for in vain; the next one meets the refusal.
  'a dispatch that is refused': {
    plans: [{ operation: 'github.dispatch', fault: { when: 'before', answer: 404 } }],
    end: (fleet) => void assertFailed(fleet, 'dispatch.rejected'),
    every: 2,
  },
  'a report that is lost': {
    options: {
      toApi: async (request, serve) => {
        const lost = (await request.clone().text()).includes('"uploaded"');
        return lost ? new Response('', { status: 503 }) : serve(request);
      },
    },
    end: converged,
    every: 7,
  },
  'a site that serves its bytes late': {
    plans: [{ operation: 'cloudflare.site.get', nth: [1, 2], fault: notYet() }],
    end: converged,
    every: 7,
  },
  'a build that fails': {
    options: { runner: { failures: () => 'build_failed' } },
    end: (fleet) => void assertFailed(fleet, 'build.failed'),
    every: 7,
  },
  'a request during the build': {
    afterwards: requestDuringBuild,
    end: (fleet) => {
      assertLive(fleet);
      assert.equal(onlySite(fleet).live?.revision, onlySite(fleet).desired.revision);
    },
    every: 9,
  },
  // For hours it is asked how the run is: nearly all calls are this one.
  'a runner that dies': {
    options: { runner: { timings: { build_ms: 40 * hour_ms } } },
    end: (fleet) => void assertFailed(fleet, 'deployment.deadline_exceeded', 'lost'),
    every: 240,
  },
};

function notYet(): FaultPlan['fault'] {
  return { when: 'before', answer: 404, body: 'There is nothing here yet.' };
}

async function requestDuringBuild(fleet: FaultyFleet): Promise<void> {
  const running = () => onlySite(fleet).active?.state === 'running';
  await fleet.passTime(running, 2 * hour_ms);
  await sent(fleet, deployments_path, { reason: 'changed' });
}

// A client whose connection is cut sends the same request again.
async function sent(fleet: FaultyFleet, path: string, body: unknown): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      if ((await fleet.api('POST', path, body)).status === 202) return;
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
    }
  }
  assert.fail('not accepted');
}

// Plays the story with one kill, or without for k = 0; answers how many outside calls it counted.
async function play(story: Story, k: number, phase: CallPhase): Promise<number> {
  const seen = { before: 0, after: 0 };
  const onCall = (name: string, now: CallPhase): void => {
    seen[now] += 1;
    if (now === phase && seen[now] === k) throw new Crash(`at ${name}`);
  };
  const fleet = openFleet({ ...story.options, onCall }, story.plans);
  for (const { path, body } of acme.requests) await sent(fleet, path, body);
  await story.afterwards?.(fleet);
  await settle(fleet, 5 * hour_ms);
  await story.end(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  assert.equal(fleet.crashes, k > 0 ? 1 : 0);
  return seen[phase];
}

for (const [name, story] of Object.entries(stories)) {
  test(`a kill in the middle of ${name}`, async () => {
    for (const phase of ['before', 'after'] as const) {
      const total = await play(story, 0, phase);
      for (let k = 1; k <= total; k += story.every) {
        await play(story, k, phase).catch((error: unknown) => {
          throw new Error(`killed ${phase} call ${k} of ${total}`, { cause: error });
        });
      }
    }
  });
}
