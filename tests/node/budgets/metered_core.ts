// The core with the meter in it: what a step costs, in executed instructions and pages of memory.
import { metered } from '../../../wasm/meter.ts';

// The part of the WebAssembly API that is used: Node's type package lacks it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly instructions: { value: bigint };
  readonly _initialize: () => void;
  readonly core_input: (size: number) => number;
  readonly core_step: (size: number) => number;
  readonly core_output: () => number;
}

/** What one step did. */
export interface MeteredStep {
  readonly output: Uint8Array;
  /** Executed by the three calls of the step. */
  readonly instructions: number;
  /** Pages of 64 KiB that the instance has after the step. */
  readonly memory_pages: number;
}

/** One instance: its memory grows and never shrinks. */
export interface MeteredCore {
  /** Pages of 64 KiB before any step. */
  readonly memory_pages_initial: number;
  step(frame: Uint8Array): MeteredStep;
}

/** Makes instances of the metered module, each as new. */
export function meteredCores(wasm: Uint8Array): () => MeteredCore {
  const module = new WebAssembly.Module(metered(wasm));
  return () => {
    const core = new WebAssembly.Instance(module).exports as Exports;
    core._initialize();
    return {
      memory_pages_initial: pagesOf(core),
      step(frame) {
        core.instructions.value = 0n;
        const input = core.core_input(frame.length) >>> 0;
        new Uint8Array(core.memory.buffer, input, frame.length).set(frame);
        const size = core.core_step(frame.length) >>> 0;
        const output = new Uint8Array(core.memory.buffer, core.core_output() >>> 0, size).slice();
        const instructions = Number(core.instructions.value);
        return { output, instructions, memory_pages: pagesOf(core) };
      },
    };
  };
}

function pagesOf(core: Exports): number {
  return core.memory.buffer.byteLength / 65_536;
}
