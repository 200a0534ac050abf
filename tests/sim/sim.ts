// `npm run sim`: simulates many seeds and says what was broken, with the command that shows it
// again.
//   npm run sim -- --seeds 1000 --from 1      that many seeds, from this one
//   npm run sim -- --seed 42 --timeline       one seed, with everything that happened
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCore } from '../../bindings/js/load_node.ts';
import { countsOf, edgesPath, edgesText, missingEdges, seedsOf } from './coverage.ts';
import { allEdges } from './edges.ts';
import { tamePlatform } from './native.ts';
import { type Result, simulate } from './simulate.ts';
import { Sum } from './sum.ts';

const usage = `npm run sim -- [--seeds N] [--from S] [--jobs J] [--record [--add]] [--json]
       npm run sim -- --seed S [--timeline]
  --seeds N    how many seeds (200)
  --from S     the first of them (1)
  --jobs J     how many processes (one a core)
  --seed S     this seed alone; with --timeline everything that happened in it
  --record     write the edges that were taken to docs/edges.md; with --add beside those in it
  --json       the sum as JSON`;

const core_path = join(import.meta.dirname, '../../build/core.wasm');

interface Settings {
  readonly seeds: number;
  readonly from: number;
  readonly jobs: number;
  readonly seed: number | undefined;
  readonly timeline: boolean;
  readonly record: boolean;
  readonly add: boolean;
  readonly json: boolean;
}

function settings(): Settings {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      timeline: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      add: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new TypeError('');
  const { timeline, record, add, json, seed } = values;
  return {
    seeds: integer('seeds', values.seeds),
    from: integer('from', values.from),
    jobs: integer('jobs', values.jobs),
    seed: seed === undefined ? undefined : integer('seed', seed),
    ...{ timeline, record, add, json },
  };
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`--${name} must be 1 or more`);
  return value;
}

/** A result as it crosses from one process to the other. */
type Sent = Omit<Result, 'edges' | 'kinds' | 'lines'> & {
  readonly edges: [string, number][];
  readonly kinds: [string, number][];
};

// One of the processes: every `jobs`-th seed.
async function work(from: number, until: number, step: number): Promise<void> {
  tamePlatform();
  const core = loadCore(core_path);
  for (let seed = from; seed < until; seed += step) {
    const { lines: _, ...result } = await simulate(seed, { core });
    const sent: Sent = { ...result, edges: [...result.edges], kinds: [...result.kinds] };
    process.send?.(sent);
  }
  process.disconnect();
}

async function many({ seeds, from, jobs, record, add, json }: Settings): Promise<boolean> {
  const sum = new Sum(seeds);
  const progress = setInterval(() => {
    if (!json) console.error(sum.progress());
  }, 10_000);
  const until = from + seeds;
  await Promise.all(
    Array.from({ length: Math.min(jobs, seeds) }, (_, job) => {
      const args = ['--work', String(from + job), String(until), String(jobs)];
      const child = fork(import.meta.filename, args);
      child.on('message', (sent: Sent) => {
        const result = { ...sent, edges: new Map(sent.edges), kinds: new Map(sent.kinds) };
        sum.add({ ...result, lines: [] });
        if (sent.violation !== undefined) console.error(told(sent.seed, sent.violation));
      });
      return new Promise<void>((resolve, reject) => {
        child.on('exit', (code) => {
          if (code === 0) resolve();
          else reject(new Error(`a process of the simulation ended with ${code}`));
        });
      });
    }),
  );
  clearInterval(progress);
  console.log(json ? JSON.stringify(sum.json()) : sum.text(from, until - 1));
  const missing = missingEdges(sum.edges, allEdges());
  if (missing.length > 0 && !json) console.log(`never taken: ${missing.join('; ')}`);
  if (record) recordEdges(sum.edges, `${from} to ${until - 1}`, add);
  return sum.violations.length === 0;
}

// `add`: to what the page has already.
function recordEdges(taken: ReadonlyMap<string, number>, seeds: string, add: boolean): void {
  const before = add ? readFileSync(edgesPath, 'utf8') : '';
  const counts = countsOf(before);
  for (const [name, count] of taken) counts.set(name, (counts.get(name) ?? 0) + count);
  const all = add ? `${seedsOf(before)}, ${seeds}` : seeds;
  writeFileSync(edgesPath, edgesText(counts, allEdges(), all));
}

function told(seed: number, violation: string): string {
  const again = `npm run sim -- --seed ${seed} --timeline`;
  return `seed ${seed}: ${violation}\n  show it again: ${again}`;
}

async function one(seed: number, timeline: boolean): Promise<boolean> {
  tamePlatform();
  const result = await simulate(seed, { core: loadCore(core_path), timeline });
  for (const line of result.lines) console.log(line);
  const minutes = Math.round(result.simulated_ms / 60_000);
  console.log(
    `seed ${seed}: ${minutes} minutes, ${result.steps} steps, ${result.calls} outside calls, ` +
      `${result.faults} faults, ${result.evictions} evictions, ${result.events} events, ` +
      `digest ${result.digest}`,
  );
  if (result.violation !== undefined) console.log(`broken: ${result.violation}`);
  return result.violation === undefined;
}

async function main(): Promise<number> {
  const [mode, ...numbers] = process.argv.slice(2);
  if (mode === '--work') {
    const [from = 1, until = 1, step = 1] = numbers.map(Number);
    await work(from, until, step);
    return 0;
  }
  let chosen: Settings;
  try {
    chosen = settings();
  } catch (error) {
    const wrong = error instanceof Error ? error.message : '';
    console.error(wrong === '' ? usage : `${wrong}\n${usage}`);
    return wrong === '' ? 0 : 2;
  }
  const { seed, timeline } = chosen;
  const sound = seed === undefined ? await many(chosen) : await one(seed, timeline);
  return sound ? 0 : 1;
}

process.exit(await main());
