// A program that is stopped as soon as it has said that something is wrong.
import { type ChildProcess, spawn } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  readonly failed: boolean;
  /** The line that told, or why it is taken for a failure. */
  readonly told: string;
  readonly output: string;
}

let running: ChildProcess | undefined;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endGroup(running);
    process.exit(130);
  });
}

/**
 * Runs a program in a folder. It has failed when it prints a line that `wrong` matches, ends with
 * another code than 0, or is not done in time; the first and the last end it.
 */
export function watch(
  command: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; wrong: RegExp; patience_ms: number },
): Promise<Ended> {
  const { cwd, env, wrong, patience_ms } = options;
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...{ cwd, env, detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running = child;
    let output = '';
    let told: string | undefined;
    const stop = (why: string): void => {
      told ??= why;
      endGroup(child);
    };
    const late = setTimeout(() => stop(`not done in ${patience_ms / 60_000} min`), patience_ms);
    const hear = (bytes: Buffer): void => {
      output += bytes.toString();
      const line = wrong.exec(output.slice(0, output.lastIndexOf('\n') + 1))?.[0];
      if (line !== undefined) stop(line.trim());
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('error', (error) => stop(error.message));
    child.on('close', (code) => {
      clearTimeout(late);
      running = undefined;
      const failed = told !== undefined || code !== 0;
      resolve({ failed, told: told ?? (failed ? `exit code ${code}` : ''), output });
    });
  });
}

function endGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
