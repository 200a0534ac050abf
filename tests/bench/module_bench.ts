// The modules themselves: their bytes, and what it costs to compile and to instantiate them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Effort, loopRunner, measure } from './measure.ts';
import type { Row } from './result.ts';
import { startWorker } from './workerd/start.ts';

interface Instance {
  readonly exports: { readonly _initialize?: () => void };
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => Instance;
};

/** The modules that may be there, relative to build/. */
const modules = ['core.wasm', 'emscripten/core.wasm'];

/** Measures each module that has been built. */
export async function benchModules(
  build: string,
  in_workerd: boolean,
  effort: Effort,
  told: (row: Row) => void,
): Promise<void> {
  for (const what of modules.filter((name) => existsSync(join(build, name)))) {
    const bytes = readFileSync(join(build, what));
    const row = { group: 'g', what, sample: '' } as const;
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    const sizes = {
      raw: bytes.length,
      'gzip -9': gzipSync(bytes, { level: 9 }).length,
      'brotli 11': brotliCompressSync(bytes, quality).length,
    };
    told({ ...row, host: '', unit: 'bytes', cells: sizes });
    const module = new WebAssembly.Module(bytes);
    const fresh = copies(bytes);
    const runners = [
      loopRunner('compile', () => new WebAssembly.Module(fresh())),
      loopRunner('instantiate', () => started(module)),
    ];
    const cells = await measure(runners, effort);
    told({ ...row, host: 'Node', unit: 'us', cells });
    if (in_workerd) await benchInWorkerd(row, bytes, effort, told);
  }
}

// V8 keeps what it compiled and finds it again by the bytes: so each copy ends in a custom section
// of its own, a name of one letter and a number.
function copies(bytes: Uint8Array): () => Uint8Array {
  const copy = new Uint8Array(bytes.length + 6);
  copy.set(bytes);
  copy.set([0, 4, 1, 0x6e], bytes.length);
  let count = 0;
  return () => {
    count += 1;
    copy.set([count & 255, count >> 8], bytes.length + 4);
    return copy;
  };
}

function started(module: object): void {
  new WebAssembly.Instance(module).exports._initialize?.();
}

// A Worker cannot compile: its modules are compiled before it starts.
async function benchInWorkerd(
  row: Pick<Row, 'group' | 'what' | 'sample'>,
  bytes: Uint8Array<ArrayBuffer>,
  effort: Effort,
  told: (row: Row) => void,
): Promise<void> {
  const entry = './instantiate_worker.ts';
  const worker = await startWorker({ entry, modules: { 'core.wasm': bytes } });
  try {
    const batch = async (iterations: number): Promise<number> => {
      const began = performance.now();
      const response = await fetch(`${worker.url}/?n=${iterations}`);
      if (!response.ok) throw new Error(await response.text());
      return performance.now() - began;
    };
    const cells = await measure([{ name: 'instantiate', batch }], effort);
    told({ ...row, host: 'workerd', unit: 'us', cells });
  } finally {
    await worker.stop();
  }
}
