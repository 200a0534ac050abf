// A build that is really run: the commit's files in a temporary folder, the project's own command
// in a subprocess, and what it leaves. It runs while the caller waits, so that a simulation in
// virtual time stays the same for the same calls.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import type { Limits } from './options.ts';

/** One file of the commit. */
export interface BuildFile {
  /** `/`-separated, relative to the repository's root. */
  path: string;
  executable: boolean;
  bytes(): Uint8Array;
}

/** What is to be run. */
export interface RealBuild {
  files: readonly BuildFile[];
  command: string;
  /** Where it runs, and where in there it leaves the site: empty, or ending in `/`. */
  root: string;
  destination: string;
  /** All of its variables but `PATH`. */
  variables: Record<string, string>;
  limits: Pick<Limits, 'build_timeout_ms' | 'files' | 'file_bytes'>;
}

/** What became of it. */
export interface BuildResult {
  /** What the log of the build stage says. */
  lines: string[];
  /** The files by path from the site's root; undefined where the build failed. */
  site: Map<string, Uint8Array> | undefined;
}

const KEPT_BYTES = 1024 * 1024;
const KEPT_LINES = 1_000;
const LINE_LENGTH = 2_000;
const NEVER_SERVED = ['.git', 'node_modules', '.DS_Store'];

/** Runs the build to its end, at most `build_timeout_ms` of the machine's own time. */
export function runBuild(build: RealBuild): BuildResult {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-build-')));
  try {
    const repository = join(folder, 'repository');
    checkOut(build.files, repository);
    const place = inside(repository, build.root);
    if (place === undefined) return failed(['Failed: root directory not found']);
    const { lines, fault } = runCommand(build, place, join(folder, 'output'));
    const said = [`Executing user command: ${build.command}`, ...lines];
    if (fault !== undefined) return failed([...said, `Failed: ${fault}`]);
    const left = inside(place, build.destination);
    if (left === undefined) {
      const name = build.destination.replace(/\/$/, '');
      const missing = `Error: Output directory "${name}" not found.`;
      return failed([...said, missing, 'Failed: build output directory not found']);
    }
    const site = readSite(left);
    const excess = excessOf(site, build.limits);
    if (excess !== undefined) return failed([...said, `Failed: ${excess}`]);
    const count = `${site.size} ${site.size === 1 ? 'file' : 'files'}`;
    return { lines: [...said, 'Finished', `Found ${count} in the build output directory`], site };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function failed(lines: string[]): BuildResult {
  return { lines, site: undefined };
}

function checkOut(files: readonly BuildFile[], repository: string): void {
  mkdirSync(repository);
  for (const { path, executable, bytes } of files) {
    const place = join(repository, path);
    if (!place.startsWith(repository + sep)) throw new RangeError(`${path} leaves the repository`);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes(), { mode: executable ? 0o755 : 0o644 });
  }
}

// The folder `name` below `parent`, links followed; undefined where it is none, or outside.
function inside(parent: string, name: string): string | undefined {
  const place = join(parent, name);
  if (!existsSync(place) || !statSync(place).isDirectory()) return undefined;
  const real = realpathSync(place);
  return real === parent || real.startsWith(parent + sep) ? real : undefined;
}

// Its output goes to a file, so that the order of both streams is kept, and so that a program left
// running by the command holds nothing up. Such programs end with it.
function runCommand(
  { command, variables, limits }: RealBuild,
  cwd: string,
  output: string,
): { lines: string[]; fault?: string } {
  const log = openSync(output, 'w+');
  try {
    const options = { cwd, stdio: ['ignore' as const, log, log], detached: true };
    const PATH = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
    const timeout = limits.build_timeout_ms;
    const env = { PATH, ...variables };
    const ended = spawnSync('sh', ['-c', command], {
      ...options,
      env,
      timeout,
      killSignal: 'SIGKILL',
    });
    endGroup(ended.pid);
    return { lines: readLines(log), ...faultOf(ended, timeout) };
  } finally {
    closeSync(log);
  }
}

function faultOf(
  { status, signal, error }: { status: number | null; signal: string | null; error?: Error },
  timeout_ms: number,
): { fault?: string } {
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') {
    return { fault: `the build took longer than ${timeout_ms / 1000} seconds` };
  }
  if (error !== undefined) return { fault: error.message };
  if (status === 0) return {};
  const code = status ?? signal;
  return { fault: `Error while executing user command. Exited with error code: ${code}` };
}

function endGroup(pid: number): void {
  if (pid <= 0) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function readLines(file: number): string[] {
  const kept = Buffer.alloc(KEPT_BYTES);
  const { size } = fstatSync(file);
  const from = Math.max(0, size - KEPT_BYTES);
  const read = readSync(file, kept, 0, KEPT_BYTES, from);
  const text = kept
    .subarray(0, read)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text === '') return [];
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, LINE_LENGTH));
  if (from === 0 && lines.length <= KEPT_LINES) return lines;
  return ['(earlier lines are left out)', ...lines.slice(1 - KEPT_LINES)];
}

function readSite(root: string): Map<string, Uint8Array> {
  const site = new Map<string, Uint8Array>();
  const walk = (path: string): void => {
    const entries = readdirSync(root + path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = `${path}/${entry.name}`;
      if (NEVER_SERVED.includes(entry.name)) continue;
      if (entry.isDirectory()) walk(below);
      else if (entry.isFile()) site.set(below, readFileSync(root + below));
    }
  };
  walk('');
  return site;
}

function excessOf(
  site: Map<string, Uint8Array>,
  { files, file_bytes }: RealBuild['limits'],
): string | undefined {
  if (site.size > files) return `a site has at most ${files} files`;
  const large = [...site].find(([, bytes]) => bytes.length > file_bytes);
  return large && `${large[0]} is larger than ${file_bytes} bytes`;
}
