// The pieces of the core in Node.
import { readFileSync } from 'node:fs';
import { mustAgree } from './agree.ts';
import { type ContenderName, contender_names, type Pieces, piece_names } from './contender.ts';
import { js_pieces, overBytes } from './hand/pieces.ts';
import { samplesOf } from './inputs/samples.ts';
import { type Effort, loopRunner, measure } from './measure.ts';
import { ourPieces, type WasmModule } from './piece_module.ts';
import type { Row } from './result.ts';
import { ajvPieces } from './schemas/ajv.ts';
import { compiledValidators } from './schemas/ajv_compiled.ts';
import { zod_pieces } from './schemas/zod.ts';

declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => WasmModule };

/** Letters of the pieces, as `--only` takes them. */
export const piece_letters = {
  'config.validate': 'a',
  'github.runs': 'b',
  'pages.deployments': 'c',
  'pages.create_project': 'd',
} as const;

/** Every implementation of every piece, for Node; `bench_wasm` is the module's path. */
export function nodeContenders(bench_wasm: string): Readonly<Record<ContenderName, Pieces>> {
  return {
    ours: ourPieces(new WebAssembly.Module(readFileSync(bench_wasm))),
    js: overBytes(js_pieces),
    zod: overBytes(zod_pieces),
    ajv: overBytes(ajvPieces(compiledValidators())),
  };
}

/** Checks that all agree, then times them. */
export async function benchPieces(
  contenders: Readonly<Record<ContenderName, Pieces>>,
  wanted: (letter: string) => boolean,
  effort: Effort,
  told: (row: Row) => void,
): Promise<void> {
  for (const what of piece_names.filter((name) => wanted(piece_letters[name]))) {
    for (const { label, bytes } of samplesOf(what)) {
      const ours = contenders.ours[what](bytes);
      for (const name of contender_names) {
        mustAgree(`${what}, ${label}`, ours, contenders[name][what](bytes), name);
      }
      const runners = contender_names.map((name) => {
        const call = contenders[name][what];
        return loopRunner(name, () => call(bytes));
      });
      const cells = await measure(runners, effort);
      told({ group: piece_letters[what], what, sample: label, host: 'Node', unit: 'us', cells });
    }
  }
}
