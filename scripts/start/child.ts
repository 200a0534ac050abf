// A program that runs beside this one: its output goes to a log file, and it ends with this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** How a program is started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Path of the log; it begins anew. */
  readonly log: string;
}

/** A started program. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Ends it and what it started: asks first, kills after 5 seconds. */
  stop(): Promise<void>;
}

const kill_after_ms = 5_000;

/** Starts the program in a process group of its own. */
export function startChild(command: Command): Child {
  const log = openSync(command.log, 'w');
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  return {
    process: child,
    ended,
    async stop() {
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), kill_after_ms);
      await ended;
      clearTimeout(timer);
      signalGroup(child, 'SIGKILL');
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/** The last lines of a log, for an error message. */
export function logTail(path: string, lines: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/** Asks the address until it answers 2xx. @throws Error with the log's end when it never does. */
export async function untilAnswering(url: string, child: Child, command: Command): Promise<void> {
  const deadline = Date.now() + 60_000;
  let over = false;
  void child.ended.then(() => {
    over = true;
  });
  while (Date.now() < deadline && !over) {
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await child.stop();
  const why = over ? 'ended at once' : 'does not answer';
  throw new Error(
    `${command.program} ${why}; the end of ${command.log}:\n${logTail(command.log, 30)}`,
  );
}

/** Whether the address answers 2xx within 2 seconds. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
