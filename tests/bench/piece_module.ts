// Our contender: bench.wasm, driven as bindings/js/core.ts drives the core.
import type { Implementation, PieceName, Pieces } from './contender.ts';

/** A compiled module, as `import module from './bench.wasm'` gives it in a Worker. */
export type WasmModule = object;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly _initialize: () => void;
  readonly bench_input: (size: number) => number;
  readonly bench_run: (which: number, size: number) => number;
  readonly bench_output: () => number;
}

// The part of the WebAssembly API that is used; the type packages of the two hosts differ in it.
declare const WebAssembly: {
  readonly Instance: new (module: WasmModule) => { readonly exports: object };
};

/** The numbers of the cases in bench_door.cpp. */
const numbers: Readonly<Record<PieceName, number>> = {
  'config.validate': 0,
  'github.runs': 1,
  'pages.deployments': 2,
  'pages.create_project': 3,
};

/** Our implementation of each piece; all share one instance, as requests do in a Worker. */
export function ourPieces(module: WasmModule): Pieces {
  const core = new WebAssembly.Instance(module).exports as Exports;
  core._initialize();
  const piece = (name: PieceName): Implementation => {
    const which = numbers[name];
    // The memory may grow in every call, which detaches all views.
    return (input) => {
      const room = core.bench_input(input.length) >>> 0;
      new Uint8Array(core.memory.buffer, room, input.length).set(input);
      const size = core.bench_run(which, input.length) >>> 0;
      const output = core.bench_output() >>> 0;
      return new Uint8Array(core.memory.buffer, output, size).slice();
    };
  };
  return {
    'config.validate': piece('config.validate'),
    'github.runs': piece('github.runs'),
    'pages.deployments': piece('pages.deployments'),
    'pages.create_project': piece('pages.create_project'),
  };
}
