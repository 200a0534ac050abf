// A difference would be seen: doors that are wrong on purpose, and what is said about them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { sameAnswers } from './compare.ts';
import { type Answer, type Door, nativeDoor, paths, wasmDoor } from './doors.ts';
import { corpusFrames } from './frames.ts';

/** A door whose every n-th answer is changed. */
function wrong(inner: Door, every: number, change: (answer: Answer) => Answer): Door {
  let asked = 0;
  const next = (answer: Answer): Answer => {
    asked += 1;
    return asked % every === 0 ? change(answer) : answer;
  };
  const answers: Door['answers'] = async (frames) => (await inner.answers(frames)).map(next);
  return { name: `wrong ${inner.name}`, answers, close: inner.close };
}

const inputs = corpusFrames().map(({ input }) => input);
const open = (): Door => wasmDoor('wasi', paths.wasi);

/** What the comparison says, and the frame that it kept. */
async function complaint(door: Door): Promise<{ message: string; kept: Uint8Array }> {
  const compared = sameAnswers([open(), door], inputs);
  const message = await compared.then(
    () => assert.fail('the difference was not seen'),
    (error: Error) => error.message,
  );
  const path = message.match(/frame in (\S+input\.frame)/)?.[1] ?? '';
  assert.ok(existsSync(path), message);
  const kept = new Uint8Array(readFileSync(path));
  rmSync(dirname(path), { recursive: true });
  return { message, kept };
}

test('one flipped bit in one of 20 answers is seen, and its frame is kept', async () => {
  const flipped = wrong(open(), 20, (answer) => {
    if (answer === 'trap') return answer;
    const bytes = Uint8Array.from(answer);
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    return bytes;
  });
  const { message, kept } = await complaint(flipped);
  assert.match(message, /wasi and wrong wasi differ/);
  assert.deepEqual(kept, inputs[19]);
});

test('a trap in place of an answer, and an answer in place of a trap, are seen', async () => {
  const stopped = wrong(open(), 20, () => 'trap');
  assert.match((await complaint(stopped)).message, /one traps, the other does not/);
  const traps = (await open().answers(inputs)).indexOf('trap');
  const alive = wrong(open(), traps + 1, () => new Uint8Array(8));
  const { message, kept } = await complaint(alive);
  assert.match(message, /one traps, the other does not/);
  assert.deepEqual(kept, inputs[traps]);
});

test('answers of another length, and missing ones, are seen', async () => {
  const longer = wrong(open(), 20, (answer) => Uint8Array.from([...answer, 0].map(Number)));
  assert.match((await complaint(longer)).message, /(\d+) and (\d+) bytes, from byte \1/);
  const silent: Door = { name: 'silent', answers: async () => [], close: async () => undefined };
  await assert.rejects(sameAnswers([open(), silent], inputs), /no answer to frame 0/);
});

test('a native program that ends by itself is an error, not a trap', async () => {
  const door = nativeDoor('/bin/false');
  await assert.rejects(door.answers(inputs), /the native core ended: code 1/);
});
