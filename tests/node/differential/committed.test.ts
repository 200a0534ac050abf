// Every frame that is known has the same answer in the native build and in both Wasm builds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameAnswers } from './compare.ts';
import { openDoors } from './doors.ts';
import { corpusFrames, validFrames } from './frames.ts';

test('frames that the shim sends', async (context) => {
  const doors = openDoors();
  context.after(() => Promise.all(doors.map((door) => door.close())));
  const frames = validFrames();
  assert.ok(frames.length > 100, `${frames.length} frames`);
  const answers = await sameAnswers(
    doors,
    frames.map(({ input }) => input),
  );
  const trapped = frames.filter((_, index) => answers[index] === 'trap');
  assert.deepEqual(trapped, [], 'none of them stops the core');
});

test('the corpus, where the core stops in one build it stops in all', async (context) => {
  const doors = openDoors();
  context.after(() => Promise.all(doors.map((door) => door.close())));
  const frames = corpusFrames();
  const answers = await sameAnswers(
    doors,
    frames.map(({ input }) => input),
  );
  const trapped = frames.filter((_, index) => answers[index] === 'trap').map(({ name }) => name);
  for (const name of ['frame_empty', 'effect_site_damaged']) {
    assert.ok(trapped.includes(`${name}.frame`), name);
  }
  assert.ok(trapped.length < frames.length / 3, trapped.join(', '));
});
