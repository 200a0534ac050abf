// `npm run fuzz -- --help`: fuzzes for as long as one likes, and what becomes of what it finds.
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  beginnings,
  type Ended,
  type Fuzzing,
  folder,
  planted,
  program,
  replayCommand,
  start,
  type Target,
  targets,
} from './fuzzer.ts';
import { mergeCorpus } from './merge.ts';
import { writeDictionary, writeSeeds } from './seeds.ts';

const help = `npm run fuzz -- [--target T] [--minutes N] [--jobs J] [--merge] [--replay FILE]

  --target T     one of ${targets.map(({ name }) => name).join(', ')}; without it all in turn;
                 or planted, which is broken on purpose
  --minutes N    how long in all, by the clock; 10 without it
  --jobs J       programs beside each other; as many as there are cores without it
  --merge        nothing is fuzzed: what was found and reaches new code joins tests/fuzz/corpus
  --replay FILE  nothing is fuzzed: runs the target once on this input

What was found stays in build/fuzz/corpus, and the next run goes on from there. An input that breaks
a target is made smaller and printed with the command that shows it again; the exit code is 1.`;

interface Options {
  readonly chosen: readonly Target[];
  readonly minutes: number;
  readonly jobs: number;
  readonly merge: boolean;
  readonly replay: string | undefined;
}

/** @throws Error whose message says which flag is wrong */
function readOptions(): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    target: text,
    minutes: text,
    jobs: text,
    replay: text,
    merge: flag,
    help: flag,
  };
  const { values } = parseArgs({ options });
  if (values.help === true) return 'help';
  const named = [...targets, planted].filter(({ name }) => name === values.target);
  const chosen = values.target === undefined ? targets : named;
  if (chosen.length === 0) throw new Error(`no target ${values.target}`);
  const minutes = Number(values.minutes ?? 10);
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: a number above 0`);
  const jobs = Number(values.jobs ?? availableParallelism());
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs ${values.jobs}: a count`);
  if (values.replay !== undefined && (chosen.length > 1 || !existsSync(values.replay))) {
    throw new Error('--replay: a file that is there, and its --target');
  }
  return { chosen, minutes, jobs, merge: values.merge === true, replay: values.replay };
}

const minute_ms = 60_000;
const slice_max_minutes = 5;

/** Whose turn it is: a target comes as often as its share says. */
function turns(chosen: readonly Target[]): Target[] {
  const rounds = Math.max(1, ...chosen.map(({ share }) => share));
  return Array.from({ length: rounds }, (_, round) =>
    chosen.filter(({ share }) => round === 0 || share > round),
  ).flat();
}

function line(target: Target, { status }: Fuzzing, since: number): string {
  const minutes = ((Date.now() - since) / minute_ms).toFixed(1);
  return (
    `${minutes.padStart(6)} min  ${target.name.padEnd(10)} ${status.runs} runs, ` +
    `${status.edges} edges, ${status.inputs} inputs`
  );
}

/** Fuzzes one target for a slice of time; gives how it ended. */
async function slice(target: Target, seconds: number, since: number): Promise<Ended> {
  const run = start(target, [
    `-dict=${writeDictionary()}`,
    `-max_total_time=${Math.ceil(seconds)}`,
    `-artifact_prefix=${folder('broken')}/${target.name}-`,
    folder('corpus', target.name),
    ...beginnings(target),
  ]);
  const timer = setInterval(() => console.log(line(target, run, since)), minute_ms / 2);
  const ended = await run.ended.finally(() => clearInterval(timer));
  console.log(line(target, run, since));
  return ended;
}

/** Makes the input smaller, and says what it breaks and how to see it again. */
async function explain(target: Target, ended: Ended): Promise<void> {
  console.error(ended.report);
  if (ended.broken === undefined) return;
  const smaller = `${ended.broken}.smaller`;
  const seconds = 30;
  const minimise = ['-minimize_crash=1', `-exact_artifact_path=${smaller}`];
  await start(target, [...minimise, `-max_total_time=${seconds}`, ended.broken]).ended;
  const input = existsSync(smaller) ? smaller : ended.broken;
  console.error(`${target.name} is broken. To see it again:\n  ${replayCommand(target, input)}`);
}

async function fuzz({ chosen, minutes, jobs }: Options): Promise<number> {
  const since = Date.now();
  const until = since + minutes * minute_ms;
  const order = turns(chosen);
  const slice_ms = Math.min(
    slice_max_minutes * minute_ms,
    (minutes * minute_ms * jobs) / order.length,
  );
  let turn = 0;
  let broken = 0;
  const worker = async (): Promise<void> => {
    while (Date.now() < until && broken === 0) {
      const target = order[turn++ % order.length] as Target;
      const seconds = Math.min(slice_ms, until - Date.now()) / 1000;
      const ended = await slice(target, seconds, since);
      if (ended.code === 0) continue;
      broken += 1;
      await explain(target, ended);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return broken === 0 ? 0 : 1;
}

async function replay(target: Target, input: string): Promise<number> {
  const { code, report } = await start(target, [input]).ended;
  console.log(report);
  return code === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    return 2;
  }
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run setup -- --native`);
  writeSeeds();
  const [first] = options.chosen;
  if (options.replay !== undefined && first !== undefined) return replay(first, options.replay);
  if (!options.merge) return fuzz(options);
  for (const target of options.chosen) console.log(await mergeCorpus(target));
  const total = readdirSync(join(import.meta.dirname, 'corpus'), { recursive: true }).length;
  console.log(`${total} files in tests/fuzz/corpus`);
  return 0;
}

process.exitCode = await main();
