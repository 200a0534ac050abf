// Frames without end, from a seed: three builds of one core, the same bytes.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { seededRandom } from '../../../simulator/base/random.ts';
import { count, sameAnswers, shares, type Tally } from './compare.ts';
import { openDoors } from './doors.ts';
import { validFrames } from './frames.ts';
import { generate } from './generate.ts';

const seed = Number(process.env.SLIPWAY_SEED ?? 1);
const frames_a_block = 1000;

/** Sends so many generated frames to all builds. SLIPWAY_SEED draws another sequence. */
export async function sameSequence(context: TestContext, frames_total: number): Promise<void> {
  const doors = openDoors();
  context.after(() => Promise.all(doors.map((door) => door.close())));
  const random = seededRandom(seed);
  const valid = validFrames().map(({ input }) => input);
  const tally: Tally = new Map();
  for (let sent = 0; sent < frames_total; sent += frames_a_block) {
    const block = Array.from({ length: frames_a_block }, () => generate(random, valid));
    for (const answer of await sameAnswers(doors, block)) count(tally, answer);
  }
  context.diagnostic(`seed ${seed}: ${shares(tally)}`);
  assert.ok((tally.get('trap') ?? 0) < frames_total / 10, 'few frames stop the core');
}
