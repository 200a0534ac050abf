// The pieces of the core in workerd: a request runs a piece many times, the time is taken here.
import { readFileSync } from 'node:fs';
import { mustAgree } from './agree.ts';
import { type ContenderName, contender_names, type PieceName, piece_names } from './contender.ts';
import { samplesOf } from './inputs/samples.ts';
import { type Effort, measure, type Runner } from './measure.ts';
import { piece_letters } from './pieces_node.ts';
import type { Row } from './result.ts';
import { type StartedWorker, startWorker } from './workerd/start.ts';

interface Question {
  readonly piece: PieceName;
  readonly sample: string;
  readonly reading: boolean;
}

/** Starts the Worker that holds all contenders; `bench_wasm` is the module's path. */
export function startPieces(bench_wasm: string): Promise<StartedWorker> {
  const modules = { 'bench.wasm': readFileSync(bench_wasm) };
  return startWorker({ entry: './pieces_worker.ts', modules });
}

/** Runs a piece in the Worker `n` times. @returns the last output when it is to be checked. */
export async function askPiece(
  worker: StartedWorker,
  { piece, sample, reading }: Question,
  contender: ContenderName,
  n: number | 'check',
): Promise<Uint8Array> {
  const times = n === 'check' ? { n: '1', check: '' } : { n: String(n) };
  const query = new URLSearchParams({ piece, sample, contender, ...times });
  if (reading) query.set('reading', '');
  const response = await fetch(`${worker.url}/?${query}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return bytes;
  throw new Error(`workerd answered ${response.status}: ${new TextDecoder().decode(bytes)}`);
}

// Reading a body is measured for what comes as one: not for the parameters of a request.
const hosts = [
  { host: 'workerd', reading: false, pieces: piece_names },
  { host: 'workerd, body read', reading: true, pieces: piece_names.slice(0, 3) },
];

/** Checks that all agree with `ours`, run in Node, then times them. */
export async function benchPiecesInWorkerd(
  worker: StartedWorker,
  ours: Readonly<Record<PieceName, (input: Uint8Array) => Uint8Array>>,
  wanted: (letter: string) => boolean,
  effort: Effort,
  told: (row: Row) => void,
): Promise<void> {
  for (const piece of piece_names.filter((name) => wanted(piece_letters[name]))) {
    await warmUp(worker, piece);
  }
  for (const { host, reading, pieces } of hosts) {
    for (const piece of pieces.filter((name) => wanted(piece_letters[name]))) {
      for (const { label, bytes } of samplesOf(piece)) {
        const question = { piece, sample: label, reading };
        const expected = ours[piece](bytes);
        for (const name of contender_names) {
          const output = await askPiece(worker, question, name, 'check');
          mustAgree(`${piece}, ${label}, ${host}`, expected, output, name);
        }
        const runners = contender_names.map((name) => askedRunner(worker, question, name));
        const cells = await measure(runners, effort);
        told({ group: piece_letters[piece], what: piece, sample: label, host, unit: 'us', cells });
      }
    }
  }
}

// A fresh Worker runs everything in its slow form first, and its compilers need time of their own.
async function warmUp(worker: StartedWorker, piece: PieceName): Promise<void> {
  const [first] = samplesOf(piece);
  const question = { piece, sample: first?.label ?? '', reading: false };
  for (const name of contender_names) {
    for (let turn = 0; turn < 4; turn += 1) await askPiece(worker, question, name, 1000);
  }
}

function askedRunner(worker: StartedWorker, question: Question, name: ContenderName): Runner {
  return {
    name,
    async batch(iterations) {
      const started = performance.now();
      await askPiece(worker, question, name, iterations);
      return performance.now() - started;
    },
  };
}
