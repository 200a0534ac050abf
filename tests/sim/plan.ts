// What the world of one seed is like. Each seed has faults and users of its own kind: some switched
// off, others frequent, so that rare things come together ("swarm testing").
import { Chance } from './chance.ts';

/** How often what goes wrong, each from 0 to 1. */
export interface Rates {
  /** A write fails and is not done; is done and its answer is lost; is done after all, later. */
  readonly write_before: number;
  readonly write_after: number;
  readonly write_late: number;
  readonly read: number;
  /** The same of the bucket. */
  readonly object_before: number;
  readonly object_after: number;
  /** Sending to the queue fails; a message gets lost, comes twice, comes late. */
  readonly send: number;
  readonly message_lost: number;
  readonly message_twice: number;
  readonly message_late: number;
  /** An isolate is gone, at each of its outside calls; the core traps, at each step. */
  readonly eviction: number;
  readonly trap: number;
  /**
   * A request to an upstream never arrives; arrives when nobody waits any more; loses its answer.
   */
  readonly network_before: number;
  readonly network_late: number;
  readonly network_after: number;
  /** The same between a client and the Worker. */
  readonly client_before: number;
  readonly client_after: number;
  /** A cron run is left out; another one runs beside it. */
  readonly cron_missed: number;
  readonly cron_twice: number;
  /** A webhook gets lost, or comes twice. */
  readonly webhook_lost: number;
  readonly webhook_twice: number;
  /** A call of an upstream meets a fault of its own, for each operation that has any. */
  readonly upstream: number;
  /** Somebody acts past Slipway, each time that a user would act. */
  readonly past_slipway: number;
}

/** A kind of act, and what it is about. */
export interface Kind {
  readonly name: string;
  readonly about: 'platforms' | 'orgs' | 'migration' | 'upkeep';
}

/** One seed's world. */
export interface Plan {
  readonly seed: number;
  /** How long users act and faults happen, in milliseconds. */
  readonly storm_ms: number;
  readonly rates: Rates;
  /** What is simulated beside platforms. */
  readonly orgs: boolean;
  readonly migration: boolean;
  readonly accounts: boolean;
  /** Clocks of isolates differ by up to this, in milliseconds. */
  readonly skew_ms: number;
  /** Between two acts of a user, on average. */
  readonly think_ms: number;
  readonly users: number;
  readonly store: 'd1' | 'r2';
  readonly listLag_ms: number;
  readonly build_fails: number;
  readonly build_dies: number;
  readonly run_never_starts: number;
  /** What each kind of act weighs; absent: nothing. */
  readonly weights: ReadonlyMap<string, number>;
}

const minute_ms = 60_000;

/** What few seeds come to by chance: some of those with this focus are about little else. */
const stories: Readonly<Partial<Record<Kind['about'], readonly string[]>>> = {
  platforms: [
    ...['create', 'deploy', 'rollback', 'rollback again', 'let go', 'check', 'suspend', 'resume'],
    ...['delete a project', 'block'],
  ],
  migration: [
    ...['import', 'migrate', 'migrate again', 'put account'],
    ...['confirm migration', 'confirm without rights', 'confirm with rights'],
  ],
};
const story_rate = 0.15;

/** The plan of a seed; `acts` are the kinds of acts that people know. */
export function planOf(seed: number, acts: readonly Kind[]): Plan {
  const chance = new Chance(seed, 'plan');
  const quiet = chance.hits(0.05);
  const rate = (low: number, high: number): number => (quiet ? 0 : chance.rate(low, high));
  const kind = chance.integer(0, 9);
  const focus: Kind['about'] = kind >= 6 ? 'orgs' : kind >= 4 ? 'migration' : 'platforms';
  const story = chance.hits(story_rate) ? stories[focus] : undefined;
  const weightOf = (about: Kind['about']): number => {
    const most = about === focus || about === 'upkeep' ? 1 : 0.25;
    const off = about === focus ? 0.15 : 0.4;
    return chance.hits(off) ? 0 : most * (0.1 + chance.random() ** 2);
  };
  const inStory = (name: string): number =>
    story === undefined || story.includes(name) ? 1 : 0.03;
  const rates = ratesOf(rate);
  return {
    seed,
    storm_ms: stormMinutes(chance, focus, story !== undefined) * minute_ms,
    // An org is set up within seconds: its upstreams are worse, so that people come in between.
    rates: focus === 'orgs' && chance.hits(0.6) ? { ...rates, upstream: 1 } : rates,
    orgs: focus === 'orgs',
    migration: focus === 'migration',
    accounts: chance.hits(0.3),
    skew_ms: chance.hits(0.5) ? 0 : chance.integer(1, 4_000),
    think_ms: chance.integer(2, 20) * 1_000,
    users: story === undefined ? chance.integer(1, 3) : 3,
    store: chance.hits(0.4) ? 'r2' : 'd1',
    listLag_ms: chance.hits(0.5) ? 0 : chance.integer(1, 180_000),
    build_fails: rate(0.02, 0.4),
    build_dies: rate(0.02, 0.2),
    run_never_starts: chance.hits(0.8) ? 0 : rate(0.02, 0.2),
    weights: new Map(acts.map(({ name, about }) => [name, weightOf(about) * inStory(name)])),
  };
}

// Most seeds are short, so that there are many; a few are long enough for stories with many steps.
function stormMinutes(chance: Chance, focus: Kind['about'], long: boolean): number {
  if (long || chance.hits(0.15)) return chance.integer(15, 40);
  return focus === 'migration' ? chance.integer(8, 16) : chance.integer(3, 9);
}

function ratesOf(rate: (low: number, high: number) => number): Rates {
  return {
    write_before: rate(0.002, 0.1),
    write_after: rate(0.002, 0.1),
    write_late: rate(0.002, 0.05),
    read: rate(0.001, 0.05),
    object_before: rate(0.005, 0.2),
    object_after: rate(0.005, 0.2),
    send: rate(0.01, 0.3),
    message_lost: rate(0.01, 0.4),
    message_twice: rate(0.01, 0.4),
    message_late: rate(0.01, 0.4),
    eviction: rate(0.0005, 0.02),
    trap: rate(0.0002, 0.01),
    network_before: rate(0.002, 0.1),
    network_late: rate(0.002, 0.08),
    network_after: rate(0.002, 0.1),
    client_before: rate(0.005, 0.1),
    client_after: rate(0.005, 0.1),
    cron_missed: rate(0.05, 0.5),
    cron_twice: rate(0.05, 0.5),
    webhook_lost: rate(0.1, 0.9),
    webhook_twice: rate(0.1, 0.5),
    upstream: rate(0.2, 1),
    past_slipway: rate(0.05, 0.9),
  };
}

/**
 * A world in which nothing goes wrong any more. The cron alone is seldom there: it is not needed.
 */
export const calm: Rates = { ...ratesOf(() => 0), cron_missed: 0.75 };
