// A Wasm module's own four functions and memory, for tests of what crosses the door and where.
import { readFileSync } from 'node:fs';

/** What core.wasm exports. */
export interface RawCore {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly _initialize: () => void;
  readonly core_input: (size: number) => number;
  readonly core_step: (size: number) => number;
  readonly core_output: () => number;
}

// The part of the WebAssembly API that is used: Node's type package lacks it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** Readable bytes that follow every input. */
export const padding_bytes = 64;

/** A new instance, initialised. @throws when the file is no module or wants imports. */
export function openRaw(path: string): RawCore {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)));
  const core = exports as RawCore;
  core._initialize();
  return core;
}

/** Puts a frame into the module and `padding` behind it; gives the pointer. */
export function putInput(core: RawCore, frame: Uint8Array, padding?: Uint8Array): number {
  const at = core.core_input(frame.length) >>> 0;
  new Uint8Array(core.memory.buffer, at, frame.length).set(frame);
  if (padding !== undefined) {
    new Uint8Array(core.memory.buffer, at + frame.length, padding_bytes).set(padding);
  }
  return at;
}

/** Steps over the input that was put, and copies the output frame out. */
export function takeOutput(core: RawCore, frame_bytes: number): Uint8Array {
  const size = core.core_step(frame_bytes) >>> 0;
  return new Uint8Array(core.memory.buffer, core.core_output() >>> 0, size).slice();
}
