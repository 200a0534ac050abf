// A story, and what kills it: the process dies before or after an outside call, once or twice, and
// the end must be the same. What is made ready before the story is told is killed nowhere.
import assert from 'node:assert/strict';
import type { CallPhase } from '../support/countable.ts';
import type { Fleet } from './fleet.ts';
import type { CrashPoint, OpenFleet } from './scenario.ts';

/** What is done, and what must hold at its end, however it came there. */
export interface Story {
  /** A fleet that dies at these points. */
  open(points: readonly CrashPoint[]): OpenFleet | Promise<OpenFleet>;
  /** What is there before. */
  ready(fleet: Fleet): Promise<void>;
  /** What is killed; it goes on until nothing is promised any more. */
  go(fleet: Fleet): Promise<void>;
  check(fleet: Fleet): Promise<void>;
}

/** Where the process dies when its story has `total` calls and the first kill is at the k-th. */
export type Plan = (k: number, total: number) => readonly (readonly CrashPoint[])[];

/** One kill, before or after the k-th call. */
export const once =
  (phase: CallPhase): Plan =>
  (k) => [[{ k, phase }]];

/** Two kills, the second so many calls after the first, for each of these distances. */
export const twice =
  (...distances: readonly number[]): Plan =>
  (k) =>
    distances.flatMap((distance) => [
      [
        { k, phase: 'after' },
        { k: k + distance, phase: 'before' },
      ],
      [
        { k, phase: 'before' },
        { k: k + distance, phase: 'after' },
      ],
    ]);

/** Two kills: the first after the k-th call, the second after every later one. */
export const everyPair: Plan = (k, total) =>
  Array.from({ length: total - k }, (_, index) => [
    { k, phase: 'after' },
    { k: k + 1 + index, phase: 'after' },
  ]);

interface Played {
  /** Calls before what is killed. */
  readonly from: number;
  readonly calls: readonly string[];
}

async function play(story: Story, points: readonly CrashPoint[]): Promise<Played> {
  const armed = [...points];
  const { fleet, calls } = await story.open(armed);
  await story.ready(fleet);
  const from = calls.length;
  assert.equal(fleet.crashes, 0, 'nothing dies before the story begins');
  await story.go(fleet);
  const during = [...calls];
  // A kill makes a story longer or shorter: what lies behind its end kills nothing.
  const reached = points.filter(({ k }) => k <= during.length).length;
  armed.splice(0);
  await story.check(fleet);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  assert.ok(fleet.crashes >= Math.min(1, reached, points.length), 'the process died');
  return { from, calls: during };
}

/**
 * Tells the story once in peace, then once for each plan of every `every`-th outside call that it
 * makes. Resolves to the number of times that it was told with a kill.
 */
export async function killEverywhere(story: Story, plan: Plan, every = 1): Promise<number> {
  const { from, calls } = await play(story, []);
  const total = calls.length;
  let kills = 0;
  for (let k = from + 1; k <= total; k += every) {
    for (const points of plan(k, total)) {
      kills += 1;
      await play(story, points).catch((cause: unknown) => {
        const at = points.map(({ k: each, phase }) => `${phase} ${each} (${calls[each - 1]})`);
        throw new Error(`killed ${at.join(', ')} of ${from}..${total}`, { cause });
      });
    }
  }
  return kills;
}
