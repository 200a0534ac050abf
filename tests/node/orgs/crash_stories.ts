// What is killed in the tests of orgs: provisioning, rotating, publishing, a pasted hook and the
// org's removal, and what must be true at the end, however Pages treats its hooks.
import assert from 'node:assert/strict';
import type { Fleet } from '../crash/fleet.ts';
import type { CrashPoint } from '../crash/scenario.ts';
import {
  assertWhole,
  buildsAt,
  type HookOptions,
  hookByHand,
  hooksAt,
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

/** A story, and how it must end. */
export interface Story {
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

/** See `name`. */
export const provision: Story = {
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

/** See `name`. */
export const rotate: Story = {
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

/** See `name`. */
export const publish: Story = {
  name: 'publish',
  ready,
  play: publishOnce,
  async check(fleet, treatment) {
    assert.deepEqual(publicationStates(fleet), ['live', 'live']);
    return whole(fleet, treatment);
  },
  builds: 2,
};

/** See `name`. */
export const manual: Story = {
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

/** See `name`. */
export const remove: Story = {
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

/** Where the process dies, for the k-th call. */
export type Kills = (k: number) => CrashPoint[];

/** Dies once a run, as the plan says for each outside call; the end must be the same. */
export async function killEverywhere(
  story: Story,
  treatment: HookOptions,
  plan: Kills,
): Promise<void> {
  const smooth = await run(story, treatment, []);
  assert.equal(smooth.builds, story.builds);
  const total = smooth.calls.length;
  assert.ok(total - smooth.from > 2, `${total - smooth.from} outside calls`);
  for (let k = smooth.from + 1; k <= total; k += 1) {
    const points = plan(k);
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

/** The treatments of hooks in which a story is told. */
export function treatmentsOf(story: Story): readonly HookOptions[] {
  return indifferent.includes(story) ? treatments.slice(1, 2) : treatments;
}

/** All of them. */
export const stories: readonly Story[] = [provision, rotate, remove, publish, manual];
