// `npm run bench`: the core's speed against the same work in plain JavaScript, zod and ajv.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPreset, coreWasm, placeCoreWasm } from '../../scripts/lib/build.mjs';
import { root } from '../../scripts/setup.mjs';
import type { Effort } from './measure.ts';
import { benchModules } from './module_bench.ts';
import { type Options, readOptions, usage } from './options.ts';
import { benchPieces, nodeContenders } from './pieces_node.ts';
import { benchPiecesInWorkerd, startPieces } from './pieces_workerd.ts';
import { asText, withResults } from './report.ts';
import { benchRequests } from './requests_bench.ts';
import type { Results, Row, Versions } from './result.ts';
import { benchSteps, benchStepsInWorkerd } from './step_bench.ts';
import { workerdVersion } from './workerd/start.ts';

const bench_wasm = join(root, 'build/wasi/bench.wasm');

const efforts: Readonly<Record<'full' | 'quick', { node: Effort; workerd: Effort }>> = {
  full: {
    node: { slice_ms: 5, rounds: 31, warm_ms: 250 },
    workerd: { slice_ms: 25, rounds: 21, warm_ms: 300 },
  },
  quick: {
    node: { slice_ms: 2, rounds: 7, warm_ms: 50 },
    workerd: { slice_ms: 6, rounds: 5, warm_ms: 40 },
  },
};

function versions(): Versions {
  const compiler = execFileSync('clang-22', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  return {
    node: process.version,
    workerd: workerdVersion(),
    compiler: (compiler ?? '').replace(/ \(.*/, ''),
    machine: '2 shared x86-64 cores',
  };
}

async function benchAll(options: Options, told: (row: Row) => void): Promise<void> {
  const wanted = (letter: string): boolean =>
    options.only.length === 0 || options.only.includes(letter);
  const effort = efforts[options.quick ? 'quick' : 'full'];
  const contenders = nodeContenders(bench_wasm);
  await benchPieces(contenders, wanted, effort.node, told);
  if (!options.node_only && ['a', 'b', 'c', 'd'].some(wanted)) {
    const worker = await startPieces(bench_wasm);
    try {
      await benchPiecesInWorkerd(worker, contenders.ours, wanted, effort.workerd, told);
    } finally {
      await worker.stop();
    }
  }
  if (wanted('e')) {
    await benchSteps(coreWasm, effort.node, told);
    if (!options.node_only) await benchStepsInWorkerd(coreWasm, effort.workerd, told);
  }
  if (wanted('f') && !options.node_only)
    await benchRequests(coreWasm, options.quick ? 'quick' : 'full', told);
  if (wanted('g')) {
    await benchModules(join(root, 'build'), !options.node_only, effort.node, told);
  }
}

async function main(options: Options): Promise<void> {
  await buildPreset('wasi', ['core', 'bench']);
  placeCoreWasm();
  const rows: Row[] = [];
  const began = performance.now();
  await benchAll(options, (row) => {
    rows.push(row);
    const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(4);
    process.stderr.write(`${seconds} s  ${row.host}: ${row.what}, ${row.sample}\n`);
  });
  const results: Results = { versions: versions(), quick: options.quick, rows };
  process.stdout.write(`${asText(results)}\n`);
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(results, null, 2));
  if (options.write) {
    const path = join(root, 'docs/performance.md');
    writeFileSync(path, withResults(readFileSync(path, 'utf8'), results));
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(`${usage}\n`);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
