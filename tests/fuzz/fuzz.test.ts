// Fuzzing as part of every test run: what is known holds, a minute finds nothing, and a planted bug
// is found. `npm run fuzz` does the same for hours.
//   SLIPWAY_SEED=7 node --test tests/fuzz/fuzz.test.ts     draws other inputs
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { count, sameAnswers, shares, type Tally } from '../node/differential/compare.ts';
import { nativeDoor, paths, wasmDoor } from '../node/differential/doors.ts';
import { corpus_directory } from '../node/differential/frames.ts';
import {
  beginnings,
  type Ended,
  folder,
  planted,
  replayCommand,
  start,
  type Target,
  targets,
} from './fuzzer.ts';
import { writeDictionary, writeSeeds } from './seeds.ts';

const seed = Number(process.env.SLIPWAY_SEED ?? 1);

/** Time of all targets together. */
const fuzz_seconds = 60;
const share_total = targets.reduce((sum, { share }) => sum + share, 0);

let dictionary = '';
before(() => {
  writeSeeds();
  dictionary = writeDictionary();
});

/** Where this run's finds lie: made anew, so that it does not depend on what ran before. */
const finds = mkdtempSync(join(tmpdir(), 'slipway-fuzz-'));
process.on('exit', () => rmSync(finds, { recursive: true, force: true }));

function findsOf(target: Target): string {
  return mkdtempSync(join(finds, `${target.name}-`));
}

function artifacts(target: Target): string {
  return `-artifact_prefix=${folder('broken')}/${target.name}-`;
}

function assertSound(target: Target, ended: Ended): void {
  const again = ended.broken === undefined ? '' : `\n${replayCommand(target, ended.broken)}`;
  assert.equal(ended.code, 0, `${ended.report}${again}`);
}

/** Does the work for each, as many at once as there are cores, the first ones first. */
async function besides<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

describe('every input that is known holds', { concurrency: availableParallelism() }, () => {
  for (const target of targets) {
    test(target.name, async (context) => {
      const inputs = beginnings(target).flatMap((path) => readdirSync(path));
      const ended = await start(target, ['-runs=0', artifacts(target), ...beginnings(target)])
        .ended;
      assertSound(target, ended);
      assert.ok(ended.status.runs >= inputs.length, `${ended.status.runs} of ${inputs.length}`);
      context.diagnostic(`${inputs.length} inputs, ${ended.status.edges} edges`);
    });
  }
});

test(`${fuzz_seconds} seconds of fuzzing find nothing`, async (context) => {
  const found: Uint8Array[] = [];
  await besides(targets, async (target) => {
    const seconds = Math.ceil((fuzz_seconds * target.share) / share_total);
    const to = findsOf(target);
    const flags = [`-seed=${seed}`, `-dict=${dictionary}`, `-max_total_time=${seconds}`];
    const ended = await start(target, [...flags, artifacts(target), to, ...beginnings(target)])
      .ended;
    assertSound(target, ended);
    const { runs, edges, inputs } = ended.status;
    context.diagnostic(`${target.name}: ${runs} runs, ${edges} edges, ${inputs} inputs`);
    if (target.name === 'step') found.push(...filesIn(to));
  });
  await context.test('native and Wasm answer what was found alike', async (inner) => {
    const tally = await answeredAlike([...found, ...filesIn(corpus_directory)]);
    inner.diagnostic(`${found.length} frames found: ${shares(tally)}`);
  });
});

function filesIn(directory: string): Uint8Array[] {
  return readdirSync(directory).map((name) => new Uint8Array(readFileSync(join(directory, name))));
}

async function answeredAlike(frames: readonly Uint8Array[]): Promise<Tally> {
  const doors = [nativeDoor(), wasmDoor('wasi', paths.wasi)];
  try {
    const tally: Tally = new Map();
    for (const answer of await sameAnswers(doors, frames)) count(tally, answer);
    return tally;
  } finally {
    await Promise.all(doors.map((door) => door.close()));
  }
}

test('the planted bug is found', async () => {
  const to = findsOf(planted);
  const flags = [`-seed=${seed}`, `-max_total_time=${fuzz_seconds}`, `-artifact_prefix=${to}/`];
  const { code, report, broken } = await start(planted, [...flags, to]).ended;
  assert.notEqual(code, 0, 'nothing was found');
  assert.match(report, /AddressSanitizer: heap-buffer-overflow/);
  assert.ok(broken !== undefined, report);
  assert.match(readFileSync(broken, 'latin1'), /^v1:[1-9]/);
});

test('a sound frame that stops the core is a bug, a damaged row is not', async () => {
  const name = 'effect_site_damaged.frame';
  const damaged = join(corpus_directory, name);
  const step = targets.find((target) => target.name === 'step') as Target;
  assert.equal((await start(step, [damaged]).ended).code, 0);
  const sound = mkdtempSync(join(finds, 'sound-'));
  copyFileSync(damaged, join(sound, name));
  const prefix = `-artifact_prefix=${sound}/`;
  const { code, report } = await start(step, [prefix, damaged], { SLIPWAY_FUZZ_SOUND: sound })
    .ended;
  assert.notEqual(code, 0);
  assert.match(report, /stop_on_damage/);
});
