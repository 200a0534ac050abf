// Every upstream operation meets every kind of fault, once and three times in a row. What can pass
// passes: the site ends up live, with one project and one upload. What is refused rests with a
// reason.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { FaultPlan } from '../../../simulator/base/faults.ts';
import { assertConverged } from '../crash/scenario.ts';
import { deliver, event, onlyBatch, variables } from '../webhooks/support.ts';
import {
  acme,
  assertBlocked,
  assertFailed,
  assertInvariants,
  assertLive,
  assertQuiet,
  batches,
  callsOf,
  create,
  type FaultyFleet,
  minute_ms,
  openFleet,
  playToEnd,
  settle,
} from './support.ts';

const faults: Readonly<Record<string, Fault>> = {
  'timeout before': { when: 'before', answer: 'timeout', delay_ms: 15_000 },
  'timeout after': { when: 'after', answer: 'timeout', delay_ms: 15_000 },
  '500 before': { when: 'before', answer: 500 },
  '500 after': { when: 'after', answer: 500 },
  '502 with a page': { when: 'after', answer: 502, body: '<html>Bad gateway</html>' },
  '429 with retry-after': { when: 'before', answer: 429, headers: { 'retry-after': '90' } },
  'malformed before': { when: 'before', answer: 200, body: '<html>Sign in</html>' },
  'malformed after': { when: 'after', answer: 200, body: '{"success":true,"resu' },
};

// Faults that make the run call what it otherwise would not.
const provoked: Readonly<Record<string, FaultPlan>> = {
  'github.list_runs': {
    operation: 'github.dispatch',
    nth: 1,
    fault: { when: 'after', answer: 'timeout' },
  },
};

const operations = [
  'github.dispatch',
  'github.list_runs',
  'cloudflare.project.get',
  'cloudflare.project.create',
  'cloudflare.deployment.get',
  'cloudflare.site.get',
];

function plansFor(operation: string, fault: Fault, times: number): FaultPlan[] {
  const nth = Array.from({ length: times }, (_, index) => index + 1);
  const before = provoked[operation];
  return [...(before === undefined ? [] : [before]), { operation, nth, fault }];
}

for (const operation of operations) {
  describe(operation, () => {
    for (const [kind, fault] of Object.entries(faults)) {
      for (const times of [1, 3]) {
        test(`${kind}, ${times} in a row`, async () => {
          const fleet = openFleet({}, plansFor(operation, fault, times));
          await playToEnd(fleet);
          assert.ok(fleet.faults.taken() > 0, 'the fault struck');
          if (isUnclearForGood(operation, fault, times)) {
            assertFailed(fleet, 'dispatch.unclear');
            return;
          }
          await assertConverged(fleet, acme);
          assert.equal(uploads(fleet), 1);
        });
      }
    }
  });
}

// The Worker asks for a run only when a webhook has told of it.
describe('github.get_run', () => {
  for (const [kind, fault] of Object.entries(faults)) {
    for (const times of [1, 3]) {
      test(`${kind}, ${times} in a row`, async () => {
        const runner = { timings: { queue_ms: 10 * minute_ms } };
        const fleet = openFleet({ variables, runner }, plansFor('github.get_run', fault, times));
        await create(fleet);
        const waits = (): boolean => batches(fleet)[0]?.state === 'dispatched';
        assert.ok(await fleet.passTime(waits, minute_ms));
        const { run_id, dispatch_key } = onlyBatch(fleet);
        const hint = event('completed', Number(run_id), `${dispatch_key} main-dev`);
        assert.equal((await deliver(fleet, hint)).status, 204);
        await settle(fleet);
        await assertInvariants(fleet);
        assert.equal(fleet.faults.taken(), times, 'asked until it is known');
        await assertConverged(fleet, acme);
        assert.equal(uploads(fleet), 1);
      });
    }
  }
});

// Three dispatches that start nothing and say so nowhere: a person is asked.
function isUnclearForGood(operation: string, fault: Fault, times: number): boolean {
  const starts_nothing = fault.when === 'before' && fault.answer !== 429;
  return operation === 'github.dispatch' && starts_nothing && times === 3;
}

function uploads(fleet: FaultyFleet): number {
  return callsOf(fleet, 'cloudflare.deployment.create').filter((call) => call.status < 300).length;
}

describe('a builder whose last report is lost', () => {
  for (const [kind, fault] of Object.entries(faults)) {
    for (const times of [1, 3]) {
      test(`and Pages lists uploads with ${kind}, ${times} in a row`, async () => {
        const fleet = openFleet(
          {
            toApi: async (request, serve) => {
              const lost = (await request.clone().text()).includes('"uploaded"');
              return lost ? new Response('', { status: 503 }) : serve(request);
            },
          },
          plansFor('cloudflare.deployment.list', fault, times),
        );
        await playToEnd(fleet);
        await assertConverged(fleet, acme);
        assert.equal(uploads(fleet), 1);
        assert.equal(assertLive(fleet).manifest_digest, undefined);
      });
    }
  }
});

const forbidden: Fault = {
  when: 'before',
  answer: 403,
  body: '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}',
};

test('Cloudflare forbids to look at the project: blocked, and nothing is retried', async () => {
  const plan = { operation: 'cloudflare.project.get', nth: 1, fault: forbidden };
  const fleet = openFleet({}, [plan]);
  await playToEnd(fleet);
  const { detail } = assertBlocked(fleet, 'account.none_left');
  assert.match(detail, /credential\.permission_missing/);
  await assertQuiet(fleet);
});

test('Cloudflare forbids to create the project: blocked, and nothing is retried', async () => {
  const plan = { operation: 'cloudflare.project.create', nth: 1, fault: forbidden };
  const fleet = openFleet({}, [plan]);
  await playToEnd(fleet);
  const { detail } = assertBlocked(fleet, 'account.none_left');
  assert.match(detail, /credential\.permission_missing/);
  await assertQuiet(fleet);
});

test('GitHub forbids the dispatch: failed, and nothing is retried', async () => {
  const body = '{"message":"Resource not accessible by personal access token"}';
  const plan = { operation: 'github.dispatch', nth: 1, fault: { ...forbidden, body } };
  const fleet = openFleet({}, [plan]);
  await playToEnd(fleet);
  const { detail } = assertFailed(fleet, 'credential.permission_missing');
  assert.match(detail, /Resource not accessible by personal access token/);
  await assertQuiet(fleet);
});
