// Measures build/core.wasm. `npm run budgets` runs this file: it writes wasm/budgets.json and
// prints what changed. Say in the commit message why a figure grew.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { decodeFrame, segmentAt, textOf } from '../../../bindings/js/frame.ts';
import { type MeteredCore, meteredCores } from './metered_core.ts';
import { budgets_path, compare, core_path, type Figures, recordedFigures } from './ratchet.ts';
import { type Workload, workloads } from './workloads.ts';

/** Steps in one instance: memory that a step does not give back shows. */
const steps = 10;

/** All figures of a module. @throws Error when a workload does not do what it is called */
export function measure(wasm: Uint8Array): Figures {
  const newCore = meteredCores(wasm);
  const module = {
    bytes: wasm.length,
    gzip_bytes: gzipSync(wasm, { level: 9 }).length,
    memory_pages_initial: newCore().memory_pages_initial,
  };
  const measured = workloads.map((workload) => [workload.name, cost(newCore(), workload)] as const);
  return { module, ...Object.fromEntries(measured) };
}

// Instructions of the first step in a new instance; memory after ten.
function cost(core: MeteredCore, { name, input, expected }: Workload): Figures[string] {
  const first = core.step(input);
  const control = textOf(segmentAt(decodeFrame(first.output), 0));
  if (!expected.test(control)) throw new Error(`${name}: the core answers ${control}`);
  let { memory_pages } = first;
  for (let step = 1; step < steps; step += 1) memory_pages = core.step(input).memory_pages;
  return { instructions: first.instructions, memory_pages };
}

if (import.meta.main) {
  const figures = measure(readFileSync(core_path));
  const { grown, fallen } = compare(recordedFigures(), figures);
  for (const line of [...grown, ...fallen]) console.log(line);
  writeFileSync(budgets_path, `${JSON.stringify(figures, null, 2)}\n`);
  console.log('wasm/budgets.json is written');
}
