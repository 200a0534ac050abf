// The doors into the three builds of the core, all alike: frames in, answers out, in order.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CoreTrap } from '../../../bindings/js/core.ts';
import { loadCore } from '../../../bindings/js/load_node.ts';

const build = join(import.meta.dirname, '../../../build');

/** Paths of the three builds. */
export const paths = {
  wasi: join(build, 'wasi/core.wasm'),
  emscripten: join(build, 'emscripten/core.wasm'),
  native: join(build, 'native/slipway_door'),
} as const;

/** The output frame, or `trap` where the core stopped. */
export type Answer = Uint8Array | 'trap';

/** One build of the core. */
export interface Door {
  readonly name: string;
  /**
   * The answers to these frames, in their order; one call at a time.
   * @throws Error when the build ended other than by a trap: a sanitizer's report is the message.
   */
  answers(frames: readonly Uint8Array[]): Promise<Answer[]>;
  /** Ends what the door has started. */
  close(): Promise<void>;
}

/** The three doors, the native one first. */
export function openDoors(): Door[] {
  return [nativeDoor(), wasmDoor('wasi', paths.wasi), wasmDoor('emscripten', paths.emscripten)];
}

/** Frames after which a Wasm door lets the other doors' input and output go on. */
const wasm_turn = 32;

/** A door into a Wasm module. */
export function wasmDoor(name: string, path: string): Door {
  const core = loadCore(path);
  const answer = (frame: Uint8Array): Answer => {
    try {
      return core.step(frame);
    } catch (error) {
      if (error instanceof CoreTrap) return 'trap';
      throw error;
    }
  };
  return {
    name,
    async answers(frames) {
      const all: Answer[] = [];
      for (const frame of frames) {
        all.push(answer(frame));
        if (all.length % wasm_turn === 0) await new Promise(setImmediate);
      }
      return all;
    },
    close: async () => undefined,
  };
}

/** Sanitizers as they are, but quicker: short stacks in reports, little freed memory held back. */
const sanitizer_options =
  'malloc_context_size=2:quarantine_size_mb=8:detect_stack_use_after_return=0';

/** A door into the native program (bindings/c/door_stdio.cpp). */
export function nativeDoor(path: string = paths.native): Door {
  const env = { ...process.env, ASAN_OPTIONS: sanitizer_options };
  const program = spawn(path, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(program, 'close');
  let report = '';
  program.stderr.on('data', (chunk: Buffer) => {
    report += chunk.toString();
  });
  // A program that has ended does not read: what it said on stderr is the reason.
  program.stdin.on('error', () => undefined);
  const reader = answerReader(program);
  return {
    name: 'native',
    async answers(frames) {
      sendFrames(program.stdin, frames);
      const died = ended.then(([code, signal]: (number | string | null)[]) => {
        throw new Error(`the native core ended: code ${code}, signal ${signal}\n${report}`);
      });
      return Promise.race([reader(frames.length), died]);
    },
    async close() {
      program.stdin.end();
      await ended;
    },
  };
}

const length_bytes = 4;
const trapped = 0xffff_ffff;

function sendFrames(to: Writable, frames: readonly Uint8Array[]): void {
  const parts = frames.flatMap((frame) => {
    const length = Buffer.alloc(length_bytes);
    length.writeUInt32LE(frame.length);
    return [length, frame];
  });
  to.write(Buffer.concat(parts));
}

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

/** Gives the next so many answers of the program, once they are complete. */
function answerReader(program: Program): (count: number) => Promise<Answer[]> {
  let rest: Buffer = Buffer.alloc(0);
  let answers: Answer[] = [];
  let wanted = 0;
  let deliver: (answers: Answer[]) => void = () => undefined;
  program.stdout.on('data', (chunk: Buffer) => {
    rest = takeAnswers(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), answers);
    if (wanted > 0 && answers.length >= wanted) {
      deliver(answers);
      answers = [];
      wanted = 0;
    }
  });
  return (count) => {
    if (count === 0) return Promise.resolve([]);
    wanted = count;
    return new Promise((resolve) => {
      deliver = resolve;
    });
  };
}

/** Moves the complete answers at the head of `bytes` to `answers`; gives what is left. */
function takeAnswers(bytes: Buffer, answers: Answer[]): Buffer {
  let at = 0;
  while (bytes.length - at >= length_bytes) {
    const length = bytes.readUInt32LE(at);
    const size = length === trapped ? 0 : length;
    if (bytes.length - at - length_bytes < size) break;
    at += length_bytes;
    answers.push(length === trapped ? 'trap' : new Uint8Array(bytes.subarray(at, at + size)));
    at += size;
  }
  return bytes.subarray(at);
}
