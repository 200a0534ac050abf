// The door's memory: it does not grow without end, it may grow under a host's hands, and what lies
// behind an input is never read as part of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadCore } from '../../../bindings/js/load_node.ts';
import { corpusCases } from './corpus_cases.ts';
import { nativeDoor, paths, wasmDoor } from './doors.ts';
import { type NamedFrame, validFrames } from './frames.ts';
import { openRaw, padding_bytes, putInput, type RawCore, takeOutput } from './raw.ts';

const page_bytes = 65_536;
const pages = (core: RawCore): number => core.memory.buffer.byteLength / page_bytes;

const calls_total = 1_000_000;
const calls_before = 10_000;
/** Frames up to this size are called with: a million larger ones would take too long. */
const small_bytes = 900;

async function smallFrames(): Promise<Uint8Array[]> {
  const answers = await wasmDoor('wasi', paths.wasi).answers(
    corpusCases().map(({ input }) => input),
  );
  const sound = corpusCases().filter((_, index) => answers[index] !== 'trap');
  const all: NamedFrame[] = [...validFrames(), ...sound];
  return all.map(({ input }) => input).filter(({ length }) => length <= small_bytes);
}

/** A creation whose body is `text`, the last bytes of the frame. */
function withBody(text: string): Uint8Array {
  const body = Buffer.from(text);
  const control = Buffer.from(
    JSON.stringify({
      now_ms: 1,
      received_ms: 1,
      entropy: '0'.repeat(32),
      settings: {},
      credentials: [],
      input: {
        kind: 'request',
        operation: 'platform_create',
        principal: { kind: 'admin' },
        body: 1,
        body_too_large: false,
      },
      facts: [],
    }),
  );
  const head = Buffer.alloc(12);
  [2, control.length, body.length].forEach((n, index) => void head.writeUInt32LE(n, 4 * index));
  return new Uint8Array(Buffer.concat([head, control, body]));
}

const whole =
  '{"platformId":"acme","environments":["dev","prod"],"name":"A name that has some words in it, ' +
  'as they have 12345","unknown":[1,2,33333]}';
const hostile = ['}', ']}', '"}', '"]}', '0', '9', 'e9', '.5', ' ', ',', '\\', 'null', '\xff'];

for (const name of ['wasi', 'emscripten'] as const) {
  describe(name, () => {
    test('a million calls take no more memory than ten thousand', async () => {
      const core = openRaw(paths[name]);
      const frames = await smallFrames();
      assert.ok(frames.length > 20, `${frames.length} frames`);
      let after = 0;
      for (let call = 0; call < calls_total; call += 1) {
        const frame = frames[call % frames.length] ?? new Uint8Array();
        putInput(core, frame);
        core.core_step(frame.length);
        if (call === calls_before) after = pages(core);
      }
      assert.equal(pages(core), after);
    });

    test('memory that grows during a step does not harm the answer', async (context) => {
      const native = nativeDoor();
      context.after(() => native.close());
      const frame = withBody(`{"platformId":"${'a'.repeat(1_000_000)}"}`);
      const raw = openRaw(paths[name]);
      putInput(raw, frame);
      const before = pages(raw);
      const answer = takeOutput(raw, frame.length);
      assert.ok(pages(raw) > before, `${before} pages before, ${pages(raw)} after`);
      const [expected] = await native.answers([frame]);
      assert.deepEqual(answer, expected);
      assert.deepEqual(loadCore(paths[name]).step(frame), expected);
    });

    test('what follows an input of any length is not part of it', () => {
      const core = openRaw(paths[name]);
      for (let length = 0; length <= 130; length += 1) {
        const frame = withBody(whole.slice(0, length));
        putInput(core, frame, new Uint8Array(padding_bytes));
        const expected = takeOutput(core, frame.length);
        for (const text of [...hostile, whole.slice(length)]) {
          const padding = Buffer.alloc(padding_bytes, text === '' ? ' ' : text, 'latin1');
          const at = putInput(core, frame, padding);
          assert.ok(at > 0 && at + frame.length + padding_bytes <= core.memory.buffer.byteLength);
          assert.deepEqual(takeOutput(core, frame.length), expected, `${length}, then ${text}`);
        }
      }
    });
  });
}
