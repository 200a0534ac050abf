// Answers that are lost, refused or late, at every request of provisioning, rotating and
// publishing: when all is well again, everything comes to the same end. And requests that meet.
import assert from 'node:assert/strict';
import type { Fault } from '../../../simulator/base/contract.ts';
import type { Fleet, FleetOptions } from '../crash/fleet.ts';
import { test } from '../support/own_thread.ts';
import {
  assertWhole,
  buildsAt,
  faultyFleet,
  type HookOptions,
  hookByHand,
  hooksAt,
  inWords,
  publicationStates,
  treatments,
} from './pages.ts';
import {
  as,
  insist,
  json,
  mine,
  orgOf,
  projectsOf,
  provisioned,
  settle,
  theirs,
  told,
} from './support.ts';

const faults: Readonly<Record<string, Fault>> = {
  'no answer, nothing done': { when: 'before', answer: 'timeout' },
  'no answer, done': { when: 'after', answer: 'timeout' },
  '500, nothing done': { when: 'before', answer: 500 },
  '500, done': { when: 'after', answer: 500 },
  '503 with a date': { when: 'after', answer: 503, headers: { 'retry-after': '7' } },
  'no JSON, done': { when: 'after', answer: 200, body: '<html>hello</html>' },
  'an empty object, done': { when: 'after', answer: 200, body: '{}' },
  '429, later': { when: 'before', answer: 429, headers: { 'retry-after': '20' } },
  '429 without a date': { when: 'before', answer: 429 },
  slow: { when: 'before', answer: 500, delay_ms: 14_000 },
};
const requests = [
  'project.get',
  'project.create',
  'hook.create',
  'hook.list',
  'hook.delete',
  'deployment.list',
  'deployment.create',
  'deployment.get',
  'site.get',
];
/** A hook's fault must be lost itself before anybody lists hooks. */
const lostHook = {
  operation: 'cloudflare.hook.create',
  nth: 1,
  fault: faults['no answer, done'] as Fault,
};

async function through(fleet: Fleet): Promise<void> {
  await insist(fleet, 'POST', `${mine}/auto-provision`, undefined, 'ada');
  await settle(fleet);
  await insist(fleet, 'POST', `${mine}/rotate`, undefined, 'ada');
  await settle(fleet);
  await insist(fleet, 'POST', `${mine}/publish`, undefined, 'ada');
  await settle(fleet);
}

// A start whose answer is lost is found in the project's list, so that nothing is built twice.
async function assertSameEnd(fleet: Fleet, treatment: HookOptions): Promise<void> {
  assert.deepEqual(publicationStates(fleet), ['live', 'live']);
  assert.equal(buildsAt(fleet), 2);
  await assertWhole(fleet, treatment);
}

test('a list that cannot be read is no empty one, nor is an old build the new one', async () => {
  const { fleet, faults: plan } = await faultyFleet();
  await provisioned(fleet);
  const body = '{"success":true,"errors":[],"messages":[],"result":null}';
  const garbled: Fault = { when: 'after', answer: 200, body };
  plan.set([
    { operation: 'cloudflare.deployment.list', fault: garbled, times: 1 },
    {
      operation: 'cloudflare.deployment.create',
      fault: faults['no answer, nothing done'] as Fault,
      times: 1,
    },
  ]);
  await insist(fleet, 'POST', `${mine}/publish`, undefined, 'ada');
  await settle(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live']);
  assert.equal(buildsAt(fleet), 2);
});

for (const request of requests) {
  for (const treatment of treatments) {
    if (request === 'hook.list' && !treatment.listed) continue;
    test(`${request} goes wrong in every way; ${inWords(treatment)}`, async () => {
      for (const [name, fault] of Object.entries(faults)) {
        // A hook that cannot be deleted is never answered with 200.
        if (request === 'hook.delete' && !treatment.deletable && fault.answer === 200) continue;
        for (const times of [1, 2]) {
          const { fleet, faults: plan } = await faultyFleet({ deployHooks: treatment });
          const planned = { operation: `cloudflare.${request}`, fault, times };
          plan.set(request === 'hook.list' ? [planned, lostHook] : [planned]);
          try {
            await through(fleet);
            plan.set([]);
            await assertSameEnd(fleet, treatment);
          } catch (error) {
            throw new Error(`${name}, ${times} in a row`, { cause: error });
          }
        }
      }
    });
  }
}

test('a project that cannot be made: blocked, provisioned when all is well', async () => {
  for (const answer of ['timeout', 500] as const) {
    const { fleet, faults: plan } = await faultyFleet();
    plan.set([{ operation: 'cloudflare.project.create', fault: { when: 'before', answer } }]);
    const first = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
    assert.equal(first.status, 200, first.text);
    assert.equal(json(first).deployHookUrl, undefined);
    await settle(fleet);
    assert.equal(orgOf(fleet).failure?.code, 'upstream.unclear');
    plan.set([]);
    await through(fleet);
    await assertSameEnd(fleet, { listed: false, deletable: true });
  }
});

test('a hook whose answers are all lost: each is an orphan, at last it is blocked', async () => {
  const treatment = { listed: false, deletable: true };
  const { fleet, faults: plan } = await faultyFleet({ deployHooks: treatment });
  plan.set([{ operation: 'cloudflare.hook.create', fault: { when: 'after', answer: 'timeout' } }]);
  await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  await settle(fleet);
  const row = orgOf(fleet);
  assert.deepEqual([row.state, row.failure?.code], ['blocked', 'upstream.unclear']);
  const made = (await hooksAt(fleet, treatment)).map(({ name }) => name);
  assert.equal(made.length, 5);
  assert.deepEqual(row.orphans, made);
  const view = json(await as(fleet, 'ada', 'GET', mine));
  assert.equal(view.orphanedHooks, made.length);
  plan.set([]);
  await provisioned(fleet);
  await assertWhole(fleet, treatment);
});

test('a lost hook is not forgotten when its look is put off', async () => {
  const treatment = { listed: true, deletable: true };
  const { fleet, faults: plan } = await faultyFleet({ deployHooks: treatment });
  const wait: Fault = { when: 'before', answer: 429, headers: { 'retry-after': '30' } };
  plan.set([lostHook, { operation: 'cloudflare.hook.list', fault: wait, times: 2 }]);
  await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  const waiting = orgOf(fleet);
  await settle(fleet);
  assert.equal((await hooksAt(fleet, treatment)).length, 1, 'it is taken, and no second one made');
  assert.equal(waiting.state, 'connecting');
  await assertWhole(fleet, treatment);
});

test('an old hook that is not deleted holds nothing up, and is an orphan at last', async () => {
  const treatment = { listed: false, deletable: true };
  const { fleet, faults: plan } = await faultyFleet({ deployHooks: treatment });
  await provisioned(fleet);
  const [old] = await hooksAt(fleet, treatment);
  plan.set([{ operation: 'cloudflare.hook.delete', fault: { when: 'before', answer: 500 } }]);
  await as(fleet, 'ada', 'POST', `${mine}/rotate`);
  const began = fleet.clock.now();
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  const live = () => publicationStates(fleet).join() === 'live,live';
  assert.ok(await fleet.passTime(live, 10 * 60_000), 'it is followed meanwhile');
  assert.ok(fleet.clock.now() - began < 5 * 60_000);
  await settle(fleet);
  assert.deepEqual(orgOf(fleet).orphans, [old?.name]);
  await assertWhole(fleet, treatment);
});

test('an act that asks to wait goes on by itself, and says until when', async () => {
  const { fleet, faults: plan } = await faultyFleet();
  const wait: Fault = { when: 'before', answer: 429, headers: { 'retry-after': '600' } };
  plan.set([{ operation: 'cloudflare.hook.create', fault: wait, times: 1 }]);
  const answer = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  const { deployHookUrl, publishing } = json(answer);
  assert.deepEqual([answer.status, deployHookUrl], [200, undefined]);
  assert.equal(publishing.waiting.code, 'upstream.limit');
  assert.equal(publishing.waiting.until, new Date(fleet.clock.now() + 600_000).toISOString());
  assert.deepEqual(orgOf(fleet).orphans, []);
  await settle(fleet);
  await assertWhole(fleet, { listed: false, deletable: true });
});

test('a click while a late attempt is unanswered starts nothing of its own', async () => {
  let creations = 0;
  let click: () => Promise<void> = () => Promise.resolve();
  const { fleet, faults: plan } = await faultyFleet({
    wrapPorts: (ports) => ({
      ...ports,
      fetch: async (request) => {
        if (request.method === 'POST' && request.url.endsWith('/pages/projects')) {
          creations += 1;
          if (creations === 1) await click();
        }
        return ports.fetch(request);
      },
    }),
  });
  const wait: Fault = { when: 'before', answer: 429, headers: { 'retry-after': '90' } };
  plan.set([{ operation: 'cloudflare.project.get', fault: wait, times: 1 }]);
  await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.equal(creations, 0);
  click = async () => {
    const { status } = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
    assert.equal(status, 200);
  };
  await settle(fleet);
  assert.equal(creations, 1);
  assert.deepEqual(publicationStates(fleet), ['live']);
});

/** Holds calls of an operation back until so many wait, and lets them go together. */
function turnstile(operation: RegExp, most: number): NonNullable<FleetOptions['wrapPorts']> {
  const waiting: (() => void)[] = [];
  return (ports) => ({
    ...ports,
    fetch: async (request) => {
      if (operation.test(`${request.method} ${new URL(request.url).pathname}`)) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          const release = (): void => {
            for (const go of waiting.splice(0)) go();
          };
          if (waiting.length >= most) release();
          else setTimeout(release, 30);
        });
      }
      return ports.fetch(request);
    },
  });
}

for (const treatment of treatments) {
  test(`two provision at once, at every step; ${inWords(treatment)}`, async () => {
    for (const step of [
      /GET .*projects\/aurora-ark$/,
      /POST .*projects$/,
      /POST .*deploy_hooks$/,
    ]) {
      const wrapPorts = turnstile(step, 2);
      const { fleet } = await faultyFleet({ deployHooks: treatment, wrapPorts });
      const path = `${mine}/auto-provision`;
      const answers = await Promise.all([
        as(fleet, 'ada', 'POST', path),
        as(fleet, 'ada', 'POST', path),
        fleet.api('POST', `${theirs}/auto-provision`),
      ]);
      for (const answer of answers) assert.equal(answer.status, 200, answer.text);
      const given = answers.map((answer) => json(answer).deployHookUrl).filter(Boolean);
      assert.ok(given.length <= 1, 'the hook is handed out once');
      await settle(fleet);
      assert.deepEqual(publicationStates(fleet), ['live']);
      await assertWhole(fleet, treatment);
    }
  });

  test(`one provisions while another makes its hook; ${inWords(treatment)}`, async () => {
    const { fleet } = await faultyFleet({
      deployHooks: treatment,
      wrapPorts: turnstile(/POST .*deploy_hooks$/, 2),
    });
    const path = `${mine}/auto-provision`;
    const first = as(fleet, 'ada', 'POST', path);
    while (orgOf(fleet).state !== 'connecting') await new Promise(setImmediate);
    const second = await as(fleet, 'ada', 'POST', path);
    assert.deepEqual([second.status, json(second).deployHookUrl], [200, undefined]);
    assert.ok(json(await first).deployHookUrl);
    await settle(fleet);
    assert.equal((await hooksAt(fleet, treatment)).length, 1);
    await assertWhole(fleet, treatment);
  });
}

test('two publish at once: one is under way, and one more follows', async () => {
  const { fleet } = await faultyFleet();
  await provisioned(fleet);
  const answers = await Promise.all([
    as(fleet, 'ada', 'POST', `${mine}/publish`),
    fleet.api('POST', `${theirs}/publish`),
    as(fleet, 'ada', 'POST', `${mine}/publish`),
  ]);
  for (const answer of answers) assert.equal(answer.status, 202, answer.text);
  assert.equal(new Set(answers.map((answer) => json(answer).publicationId)).size, 1);
  let most = 0;
  const active = (): boolean => {
    const running = publicationStates(fleet).filter((state) => state !== 'live').length;
    most = Math.max(most, running);
    return false;
  };
  await fleet.passTime(active, 10 * 60_000);
  assert.equal(most, 1, 'never two at a time');
  assert.deepEqual(publicationStates(fleet), ['live', 'live', 'live']);
  assert.equal(buildsAt(fleet), 3);
});

test('provisioned beside a pasted hook: both are there, the pasted one is first', async () => {
  const { fleet } = await faultyFleet();
  await provisioned(fleet, 'org-borealis');
  const deployHookUrl = await hookByHand(fleet, 'borealis-ark');
  const body = { deployHookUrl, projectName: 'borealis-ark' };
  assert.equal((await as(fleet, 'ada', 'PUT', mine, body)).status, 200);
  const made = json(await as(fleet, 'ada', 'POST', `${mine}/auto-provision`));
  assert.ok(made.deployHookUrl && made.deployHookUrl !== deployHookUrl);
  await settle(fleet);
  const view = json(await as(fleet, 'ada', 'GET', mine));
  assert.deepEqual([view.state, view.hook.source], ['ready', 'manual']);
  assert.deepEqual([buildsAt(fleet), buildsAt(fleet, 'borealis-ark')], [1, 1]);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.deepEqual([buildsAt(fleet), buildsAt(fleet, 'borealis-ark')], [1, 2]);
  await as(fleet, 'ada', 'DELETE', mine);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  await assertWhole(fleet, { listed: false, deletable: true });
});

test('messages that come twice, at the same time or late, build nothing twice', async () => {
  for (const concurrent of [false, true]) {
    const { fleet } = await faultyFleet({
      concurrent,
      deliver: (message) => [
        message,
        { ...message },
        { ...message, due_at_ms: message.due_at_ms + 1_500 },
      ],
    });
    await through(fleet);
    await assertSameEnd(fleet, { listed: false, deletable: true });
  }
});

test('every other message is lost: the cron sends it again, beside whatever runs', async () => {
  let count = 0;
  const deliver: FleetOptions['deliver'] = (message) => {
    count += 1;
    return count % 2 === 0 ? [message] : [];
  };
  const { fleet } = await faultyFleet({ concurrent: true, deliver });
  await through(fleet);
  await assertSameEnd(fleet, { listed: false, deletable: true });
});

test('an org that is removed meanwhile stays removed', async () => {
  const { fleet } = await faultyFleet({ wrapPorts: turnstile(/POST .*deploy_hooks$/, 2) });
  const path = `${mine}/auto-provision`;
  const first = as(fleet, 'ada', 'POST', path);
  while (orgOf(fleet).state !== 'connecting') await new Promise(setImmediate);
  assert.equal((await fleet.api('DELETE', '/api/v1/orgs/aurora')).status, 204);
  assert.equal(told(await first), '404 org.unknown');
  await settle(fleet);
  const hooks = await hooksAt(fleet);
  assert.deepEqual(
    orgOf(fleet).orphans,
    hooks.map(({ name }) => name),
  );
  assert.equal(projectsOf(fleet).length, 1);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});
