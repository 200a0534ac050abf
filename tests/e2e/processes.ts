// The processes of one instance, found through /proc, and how they end.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What /proc tells of one process. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Arguments joined by spaces. */
  readonly command: string;
  /** Command, working directory and environment: where the state directory may stand. */
  readonly traces: string;
}

/**
 * Every process that belongs to the state directory: its path stands in the command, the working
 * directory or the environment, or the process descends from one of which that is true.
 */
export function instanceProcesses(state: string): number[] {
  const all = listProcesses();
  const roots = all.filter(({ traces }) => traces.includes(state));
  return withDescendants(all, roots).filter((pid) => pid !== process.pid);
}

/** The Worker's processes: wrangler serving from the state directory, and all below it. */
export function workerProcesses(state: string): number[] {
  const all = listProcesses();
  const serving = all.filter(({ command }) => {
    return command.includes(' dev ') && command.includes(`${state}/wrangler`);
  });
  return withDescendants(all, serving);
}

/** Kills at once, without asking; a process that is gone already is no error. */
export function killNow(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, 'SIGKILL');
}

/** Holds the processes where they are, until `release`; resolves when none runs any more. */
export async function hold(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGSTOP');
  while (pids.some((pid) => !'TtZX'.includes(statusOf(pid)))) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Lets held processes go on. */
export function release(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, 'SIGCONT');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

// As /proc tells it; `X` of a process that has ended.
function statusOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] ?? 'X';
  } catch {
    return 'X';
  }
}

function withDescendants(all: readonly Process[], roots: readonly Process[]): number[] {
  const found = new Set(roots.map(({ pid }) => pid));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

// Undefined: it ended while it was read, or is a zombie, which nobody can kill again.
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [status, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (status === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
    const around = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const directory = readlinkSync(`/proc/${pid}/cwd`);
    return { pid, parent: Number(parent), command, traces: `${command}\n${directory}\n${around}` };
  } catch {
    return undefined;
  }
}
