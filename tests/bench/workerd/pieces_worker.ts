// A Worker that runs a piece as often as it is told. Clocks stand still while a request runs: the
// caller takes the time. The query: `piece`, `sample`, `contender`, `n`; with `reading` each call
// reads its input from a body, as a handler does; with `check` the last output is answered, which
// otherwise would count.
import * as validators from 'virtual:validators';
import bench from '../bench.wasm';
import type { ContenderName, ParsedPieces, PieceName, Pieces } from '../contender.ts';
import { js_pieces, overBytes } from '../hand/pieces.ts';
import { encoded } from '../hand/text.ts';
import { type Sample, samplesOf } from '../inputs/samples.ts';
import { ourPieces } from '../piece_module.ts';
import { ajvPieces } from '../schemas/ajv.ts';
import { zod_pieces } from '../schemas/zod.ts';

const parsed: Readonly<Record<Exclude<ContenderName, 'ours'>, ParsedPieces>> = {
  js: js_pieces,
  zod: zod_pieces,
  ajv: ajvPieces(validators),
};
const pieces: Readonly<Record<ContenderName, Pieces>> = {
  ours: ourPieces(bench),
  js: overBytes(parsed.js),
  zod: overBytes(parsed.zod),
  ajv: overBytes(parsed.ajv),
};
const samples = new Map<PieceName, readonly Sample[]>();

function sampleOf(piece: PieceName, label: string): Uint8Array<ArrayBuffer> {
  const list = samples.get(piece) ?? samplesOf(piece);
  samples.set(piece, list);
  const found = list.find((sample) => sample.label === label);
  if (found === undefined) throw new Error(`${piece} has no sample ${label}`);
  return found.bytes.slice();
}

function runLoop(name: ContenderName, piece: PieceName, input: Uint8Array, n: number): Uint8Array {
  const call = pieces[name][piece];
  let output = input;
  for (let i = 0; i < n; i += 1) output = call(input);
  return output;
}

type Bytes = Uint8Array<ArrayBuffer>;

async function runOurs(piece: PieceName, input: Bytes, n: number): Promise<Uint8Array> {
  const call = pieces.ours[piece];
  let output: Uint8Array = input;
  for (let i = 0; i < n; i += 1) {
    output = call(new Uint8Array(await new Response(input).arrayBuffer()));
  }
  return output;
}

async function runParsed(
  answer: (value: unknown) => string,
  input: Bytes,
  n: number,
): Promise<Uint8Array> {
  let output: Uint8Array = input;
  for (let i = 0; i < n; i += 1) {
    output = encoded(answer(await new Response(input).json()));
  }
  return output;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const piece = query.get('piece') as PieceName;
    const name = query.get('contender') as ContenderName;
    const n = Number(query.get('n'));
    const input = sampleOf(piece, query.get('sample') ?? '');
    let output: Uint8Array = input;
    if (!query.has('reading')) output = runLoop(name, piece, input, n);
    else if (name === 'ours') output = await runOurs(piece, input, n);
    else output = await runParsed(parsed[name][piece], input, n);
    return new Response(query.has('check') ? output.slice() : '');
  },
};
