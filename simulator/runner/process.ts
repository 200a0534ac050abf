// One subprocess: its output line by line, its end, and its killing with all its children.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What to run. The environment is complete: nothing of this process's own is added. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly line: (text: string) => void;
  /** Ends the process group when aborted: SIGTERM first, SIGKILL after a grace period. */
  readonly signal: AbortSignal;
}

const GRACE_ms = 2_000;

/** Runs a command to its end. Resolves with the exit code; -1 when it was killed or never began. */
export async function execute(command: Command): Promise<number> {
  if (command.signal.aborted) return -1;
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: { ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  let grace: NodeJS.Timeout | undefined;
  const abort = (): void => {
    kill('SIGTERM');
    grace = setTimeout(() => kill('SIGKILL'), GRACE_ms);
  };
  command.signal.addEventListener('abort', abort);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on(
      'line',
      command.line,
    );
  }
  try {
    return await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        command.line(`##[error]${error.message}`);
        resolve(-1);
      });
      child.once('close', (code) => resolve(code ?? -1));
    });
  } finally {
    command.signal.removeEventListener('abort', abort);
    clearTimeout(grace);
    kill('SIGKILL');
  }
}
