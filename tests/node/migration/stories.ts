// What is killed all over: an import, both ways of migrating, the end and the way back.
import assert from 'node:assert/strict';
import type { FleetOptions } from '../crash/fleet.ts';
import { type CrashPoint, rows } from '../crash/scenario.ts';
import type { CallPhase } from '../support/countable.ts';
import {
  ask,
  importAll,
  type OldSite,
  type OldWorld,
  openOldWorld,
  projects,
  reach,
  servedBy,
  sitesOf,
} from './support.ts';

/** What is done, and what of its end must be equal after every crash. */
export interface Story {
  readonly account: FleetOptions['account'] & object;
  play(world: OldWorld, site: OldSite): Promise<void>;
  /** What must be equal after every crash. */
  end(world: OldWorld, site: OldSite): Promise<unknown>;
}

const platforms = 3;

function siteOf(world: OldWorld): OldSite {
  const third = world.platforms[2];
  const site = third && sitesOf([third]).find(({ environment }) => environment === 'prod');
  assert.ok(site);
  return site;
}

async function picture({ fleet }: OldWorld, site: OldSite): Promise<unknown> {
  const domain = site.domains[0]?.name ?? '';
  const old = projects(fleet).get(site.name);
  const kept = [old?.kind, old?.domains, old?.canonical !== null];
  const fresh = projects(fleet).get(`${site.platformId}-prod-site`);
  const who = async (host: string): Promise<boolean> => (await servedBy(fleet, host)) === 'old';
  return {
    old: old && kept,
    fresh: fresh?.domains,
    served: [await who(domain), await who(site.subdomain)],
    states: rows<{ state: string }>(fleet, 'site').map(({ state }) => state),
    platforms: rows(fleet, 'platform').length,
    versions: rows(fleet, 'config_version').length,
    lines: rows(fleet, 'import_item').length,
    unequal: await fleet.unequalAggregates(),
  };
}

async function run(
  story: Story,
  points: readonly CrashPoint[],
): Promise<{ end: unknown; calls: readonly string[]; crashes: number }> {
  const world = openOldWorld(platforms, { account: story.account }, points);
  const site = siteOf(world);
  await story.play(world, site);
  return { end: await story.end(world, site), calls: world.calls, crashes: world.fleet.crashes };
}

/**
 * Kills at so many outside calls, spread over all of them, one a run; resolves to the number of
 * kills.
 */
export async function crashAllOver(
  story: Story,
  phase: CallPhase,
  kills_max = Infinity,
): Promise<number> {
  const smooth = await run(story, []);
  const total = smooth.calls.length;
  assert.ok(total > 20, `${total} outside calls`);
  const step = Math.max(1, total / kills_max);
  let kills = 0;
  for (let at_k = phase === 'before' ? 1 : 1 + step / 2; at_k <= total; at_k += step) {
    const k = Math.floor(at_k);
    kills += 1;
    const at = `killed ${phase} call ${k} of ${total} (${smooth.calls[k - 1]})`;
    try {
      const { end, crashes } = await run(story, [{ k, phase }]);
      assert.deepEqual(end, smooth.end);
      assert.equal(crashes, 1);
    } catch (error) {
      throw new Error(at, { cause: error });
    }
  }
  return kills;
}

const importOne = async ({ fleet }: OldWorld, { platformId }: OldSite): Promise<void> => {
  const body = { repositories: [`${platformId}-platform-console`], environments: ['prod'] };
  await importAll(fleet, body);
};

/** Every repository is imported. */
const imports: Story = {
  account: {},
  // A connection that is cut may leave a second import behind: it finds everything done.
  play: async ({ fleet }) => {
    await importAll(fleet);
  },
  end: async ({ fleet }) => ({
    platforms: rows(fleet, 'platform').length,
    versions: rows(fleet, 'config_version').length,
    sites: rows<{ state: string }>(fleet, 'site').map(({ state }) => state),
    unequal: await fleet.unequalAggregates(),
  }),
};

/** A site is migrated, and confirmed or rolled back, in an account of this kind. */
function story(account: Story['account'], last: 'confirmed' | 'imported'): Story {
  return {
    account,
    async play(world, site) {
      await importOne(world, site);
      await ask(world.fleet, site.id, 'migrate');
      await reach(world.fleet, site.id, 'migrated');
      await ask(
        world.fleet,
        site.id,
        last === 'confirmed' ? 'migrate/confirm' : 'migrate/rollback',
      );
      await reach(world.fleet, site.id, last);
    },
    async end(world, site) {
      const { lines: _, ...rest } = (await picture(world, site)) as { lines: number };
      return rest;
    },
  };
}

// Uploads to a git-connected project are served, so that a site moves in place; or not.
const served = { gitUploads: 'served' } as const;
const notServed = { gitUploads: 'not_served' } as const;

/** Every story by what happens in it. */
export const stories: Readonly<Record<string, Story>> = {
  'an import': imports,
  'a new project, confirmed': story({}, 'confirmed'),
  'a new project, rolled back': story({}, 'imported'),
  'in place, rolled back': story(served, 'imported'),
  'in place, then a new project': story(notServed, 'confirmed'),
};
