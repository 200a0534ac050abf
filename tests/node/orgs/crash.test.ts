// Killed before and after every outside call of provisioning, rotating, publishing, of a pasted
// hook and of the org's removal, however Pages treats its hooks: the end is the same, and nothing
// is left behind that nobody knows of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fleet } from '../crash/fleet.ts';
import type { CrashPoint } from '../crash/scenario.ts';
import type { CallPhase } from '../support/countable.ts';
import {
  assertWhole,
  buildsAt,
  type HookOptions,
  hookByHand,
  hooksAt,
  inWords,
  modelled,
  publicationStates,
  sealedIds,
  treatments,
} from './pages.ts';
import {
  hook_address,
  insist,
  mine,
  orgFleet,
  orgOf,
  orgs,
  provisioned,
  settle,
  theirs,
} from './support.ts';

interface Story {
  readonly name: string;
  /** What is there before; nothing is killed in it. */
  ready(fleet: Fleet): Promise<void>;
  /** What is killed. */
  play(fleet: Fleet, key: string): Promise<void>;
  /** What must be true at the end, however it came there; how many builds there are. */
  check(fleet: Fleet, treatment: HookOptions): Promise<number>;
  /** Builds of the project at Pages when nothing goes wrong. */
  readonly builds: number;
}

/** A client that repeats its request repeats its key, too. */
async function publishOnce(fleet: Fleet, key: string): Promise<void> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const headers = { 'idempotency-key': key };
    const sent = fleet.api('POST', `${theirs}/publish`, undefined, 'admin-key', headers);
    const status = await sent.then((answer) => answer.status).catch(() => 500);
    if (status === 202) return;
    assert.ok(status >= 500 || status === 409, `answered ${status}`);
  }
  assert.fail('publish is not answered');
}

async function whole(fleet: Fleet, treatment: HookOptions): Promise<number> {
  const builds = buildsAt(fleet);
  await assertWhole(fleet, treatment);
  return builds;
}

async function ready(fleet: Fleet): Promise<void> {
  await provisioned(fleet);
}

const provision: Story = {
  name: 'auto-provision until the site is live',
  ready: async () => undefined,
  async play(fleet) {
    await insist(fleet, 'POST', `${mine}/auto-provision`, undefined, 'ada');
  },
  async check(fleet, treatment) {
    assert.deepEqual(publicationStates(fleet), ['live']);
    return whole(fleet, treatment);
  },
  builds: 1,
};

const rotate: Story = {
  name: 'rotate',
  ready,
  async play(fleet) {
    await insist(fleet, 'POST', `${mine}/rotate`, undefined, 'ada');
  },
  async check(fleet, treatment) {
    assert.deepEqual(publicationStates(fleet), ['live']);
    const gone = (await hooksAt(fleet, treatment)).length === 1;
    if (!treatment.deletable) assert.ok(!gone, 'the old hook stays, as an orphan');
    return whole(fleet, treatment);
  },
  builds: 1,
};

const publish: Story = {
  name: 'publish',
  ready,
  play: publishOnce,
  async check(fleet, treatment) {
    assert.deepEqual(publicationStates(fleet), ['live', 'live']);
    return whole(fleet, treatment);
  },
  builds: 2,
};

const manual: Story = {
  name: 'a pasted hook, set and published by',
  async ready(fleet) {
    await provisioned(fleet);
    await hookByHand(fleet, 'aurora-ark');
  },
  async play(fleet, key) {
    const [pasted] = (await hooksAt(fleet)).filter(({ name }) => name === 'by-hand');
    const deployHookUrl = hook_address + pasted?.hook_id;
    await insist(fleet, 'PUT', mine, { deployHookUrl }, 'ada');
    await publishOnce(fleet, key);
    await settle(fleet);
  },
  async check(fleet, treatment) {
    // Where the answer of the hook is lost nobody can know more.
    const [first, second, ...more] = publicationStates(fleet);
    assert.deepEqual([first, more], ['live', []]);
    assert.ok(second === 'live' || second === 'triggered', second);
    assert.equal(sealedIds(fleet).length, 2);
    assert.ok(sealedIds(fleet).includes(orgOf(fleet).manual?.sealed_id ?? ''));
    const builds = buildsAt(fleet);
    await insist(fleet, 'DELETE', mine, undefined, 'ada');
    await insist(fleet, 'POST', `${mine}/publish`, undefined, 'ada');
    await settle(fleet);
    await assertWhole(fleet, treatment);
    return builds;
  },
  builds: 2,
};

const remove: Story = {
  name: 'the removal of an org whose hook is being rotated, and its return',
  ready,
  async play(fleet) {
    await insist(fleet, 'POST', `${mine}/rotate`, undefined, 'ada');
    await insist(fleet, 'DELETE', '/api/v1/orgs/aurora');
    assert.deepEqual(sealedIds(fleet), []);
    await insist(fleet, 'PUT', '/api/v1/orgs/aurora', orgs.aurora);
    await insist(fleet, 'POST', `${mine}/auto-provision`, undefined, 'ada');
  },
  async check(fleet, treatment) {
    assert.deepEqual(publicationStates(fleet), ['live', 'live']);
    return whole(fleet, treatment);
  },
  builds: 2,
};

interface Played {
  readonly calls: readonly string[];
  /** Outside calls before what is killed. */
  readonly from: number;
  readonly builds: number;
}

async function run(
  story: Story,
  treatment: HookOptions,
  points: readonly CrashPoint[],
): Promise<Played> {
  const options = { deployHooks: treatment, variables: modelled };
  const { fleet, calls } = await orgFleet(options, points);
  await story.ready(fleet);
  const from = calls.length;
  await story.play(fleet, 'once');
  await settle(fleet);
  const killed = points.filter(({ k }) => k <= calls.length).length;
  assert.equal(fleet.crashes, killed, 'the process died so often');
  const during = [...calls];
  return { from, builds: await story.check(fleet, treatment), calls: during };
}

/** Kills at every call, one a run; the builds that there were more than asked for. */
async function killEverywhere(
  story: Story,
  treatment: HookOptions,
  plan: (k: number, total: number) => CrashPoint[],
): Promise<void> {
  const smooth = await run(story, treatment, []);
  assert.equal(smooth.builds, story.builds);
  const total = smooth.calls.length;
  assert.ok(total - smooth.from > 2, `${total - smooth.from} outside calls`);
  for (let k = smooth.from + 1; k <= total; k += 1) {
    const points = plan(k, total);
    if (points.length === 0) continue;
    const at = points.map(({ k: each, phase }) => `${phase} ${each} (${smooth.calls[each - 1]})`);
    try {
      const { builds } = await run(story, treatment, points);
      assert.ok(builds <= story.builds, `${builds} builds`);
    } catch (error) {
      throw new Error(`killed ${at.join(', ')} of ${total}`, { cause: error });
    }
  }
}

/** Killed in one treatment of hooks alone: none lists or deletes any. */
const indifferent = [publish, manual];

for (const story of [provision, rotate, remove, publish, manual]) {
  for (const treatment of indifferent.includes(story) ? treatments.slice(1, 2) : treatments) {
    for (const phase of ['before', 'after'] as const satisfies CallPhase[]) {
      test(`${story.name}, killed ${phase} each outside call; ${inWords(treatment)}`, () =>
        killEverywhere(story, treatment, (k) => [{ k, phase }]));
    }
  }
}

for (const story of [rotate, publish]) {
  test(`${story.name}, killed twice`, async () => {
    const twice = (k: number): CrashPoint[] =>
      k % 3 === 0
        ? [
            { k, phase: 'before' },
            { k: k + 4, phase: 'after' },
          ]
        : [];
    for (const treatment of treatments) await killEverywhere(story, treatment, twice);
  });
}
