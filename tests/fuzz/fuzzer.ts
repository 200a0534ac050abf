// Running slipway_fuzz: its targets, its folders, and what it says. No policy lives here.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A fuzz target and how libFuzzer is to treat it. */
export interface Target {
  readonly name: string;
  /** Longest input in bytes. */
  readonly bytes_max: number;
  /** Its part of a run's time, as a weight. */
  readonly share: number;
}

/** All targets but the planted one. */
export const targets: readonly Target[] = [
  { name: 'step', bytes_max: 200_000, share: 5 },
  { name: 'json', bytes_max: 20_000, share: 2 },
  { name: 'typescript', bytes_max: 8_000, share: 2 },
  { name: 'upstream', bytes_max: 8_000, share: 1 },
  { name: 'names', bytes_max: 200, share: 1 },
  { name: 'frame', bytes_max: 8_000, share: 1 },
];

/** The target with a bug that must be found. */
export const planted: Target = { name: 'planted', bytes_max: 64, share: 0 };

/** The program. */
export const program = join(root, 'build/native/slipway_fuzz');

/** Where everything lies that fuzzing makes. */
export const work = join(root, 'build/fuzz');

/** The committed corpus of a target: inputs as files. */
export function committed(target: Target): string {
  const shared = target.name === 'frame' ? 'step' : target.name;
  return join(import.meta.dirname, 'corpus', shared);
}

/** The folders that fuzzing of the target begins with: the committed corpus, and made seeds. */
export function beginnings(target: Target): string[] {
  return [committed(target), join(work, 'seeds', target.name)].filter(existsSync);
}

/** A folder below `work`, made where it is missing. */
export function folder(...names: readonly string[]): string {
  const path = join(work, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

/** The environment in which the program fuzzes the target. */
export function environment(target: Target): Record<string, string> {
  const symbolizer = '/usr/lib/llvm-22/bin/llvm-symbolizer';
  return {
    SLIPWAY_FUZZ_TARGET: target.name,
    SLIPWAY_FUZZ_SOUND: folder('seeds/step'),
    ASAN_OPTIONS: 'malloc_context_size=6:quarantine_size_mb=8:detect_stack_use_after_return=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
    ...(existsSync(symbolizer) ? { ASAN_SYMBOLIZER_PATH: symbolizer } : {}),
  };
}

/** What libFuzzer last said about a run. */
export interface Status {
  runs: number;
  edges: number;
  inputs: number;
}

/** How a run ended. */
export interface Ended {
  readonly code: number;
  readonly status: Status;
  /** All that it printed, without the lines of its progress. */
  readonly report: string;
  /** The input that broke it, where there is one. */
  readonly broken?: string;
}

/** A run that is under way. */
export interface Fuzzing {
  readonly status: Status;
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

const progress_line = /^#(\d+)\s.*?cov: (\d+) .*?corp: (\d+)/;

/** Starts the program for the target with these flags and inputs; `more` joins its environment. */
export function start(
  target: Target,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Fuzzing {
  const flags = [
    `-max_len=${target.bytes_max}`,
    '-timeout=20',
    '-detect_leaks=0',
    '-print_final_stats=1',
    ...(target.name === 'step' ? ['-len_control=0'] : []),
  ];
  const env = { ...process.env, ...environment(target), ...more };
  const child = spawn(program, [...flags, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const status = { runs: 0, edges: 0, inputs: 0 };
  let report = '';
  let rest = '';
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!takeStatus(line, status)) report += `${line}\n`;
    }
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const broken = report.match(/Test unit written to (\S+)/)?.[1];
      const end = { code: code ?? 128, status, report: report + rest };
      resolve(broken === undefined ? end : { ...end, broken });
    });
  });
  return { status, process: child, ended };
}

/** Keeps what a line of progress says; false for any other line. */
function takeStatus(line: string, status: Status): boolean {
  const final = line.match(/^stat::number_of_executed_units:\s+(\d+)/);
  if (final !== null) status.runs = Number(final[1]);
  const found = line.match(progress_line);
  if (found === null) return /^#\d+\s|^stat::|^INFO: /.test(line);
  const [, runs, edges, inputs] = found.map(Number);
  Object.assign(status, { runs, edges, inputs });
  return true;
}

/** The command that runs the program on one input. */
export function replayCommand(target: Target, input: string): string {
  return `npm run fuzz -- --target ${target.name} --replay ${input}`;
}
