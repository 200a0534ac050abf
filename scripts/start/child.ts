// A program that runs beside this one: its output goes to a log file, and it ends with this
// process.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
  /** Whether it has ended. */
  over(): boolean;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Ends it and what it started: asks first, kills after 5 seconds. */
  stop(): Promise<void>;
}

const leash = join(import.meta.dirname, 'leash.mjs');

/** Starts the program so that it ends with this process, however this process ends. */
export function startChild(command: Command): Child {
  const log = openSync(command.log, 'w');
  const child = spawn(process.execPath, [leash, command.program, ...command.args], {
    cwd: command.cwd,
    env: command.env,
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      resolve();
    };
    child.on('exit', end);
    child.on('error', end);
  });
  child.stdin?.on('error', () => undefined);
  return {
    over: () => over,
    ended,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
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
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline && !child.over()) {
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  const why = child.over() ? 'ended at once' : 'does not answer';
  await child.stop();
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
