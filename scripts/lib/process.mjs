// Starting other programs, and saying in short lines what is happening. No policy lives here.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, without a trailing slash. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** A problem that the person at the keyboard can mend; its message is all they need to read. */
export class SetupError extends Error {}

/**
 * Prints one line with the seconds since `since`, so that a long step shows where time goes.
 * @param {string} text what was done
 * @param {number} since milliseconds, as from `performance.now()`
 */
export function say(text, since) {
  const seconds = (performance.now() - since) / 1000;
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${text}`);
}

/**
 * Whether a program is on PATH.
 * @param {string} program its name
 * @returns {boolean}
 */
export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** Runs the program that follows, then says on descriptor 3 what it and its own have cost. */
const measured = ['-c', '"$@"; code=$?; times >&3; exit $code', 'sh'];

/**
 * How a program is run. With `deadlineMs`, the whole process group is killed once so many
 * milliseconds have passed, and the code is 124. `hear` is told what the program prints, as it
 * comes. `measure` says how much of the processors it took, as far as its processes have ended.
 * @typedef {{
 *   cwd?: string, env?: NodeJS.ProcessEnv, deadlineMs?: number, hear?: (text: string) => void,
 *   measure?: boolean,
 * }} Running
 */

/**
 * Runs a program to its end and keeps what it prints.
 * @param {string[]} command program and arguments
 * @param {Running} [options]
 * @returns {Promise<{ code: number, output: string, cpuSeconds: number }>} exit code (128 + signal
 *   when killed), standard output and error in the order they came, and what was measured
 */
export function run(command, options = {}) {
  const [program = '', ...args] = options.measure ? ['sh', ...measured, ...command] : command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', options.measure ? 'pipe' : 'ignore'],
      detached: true,
    });
    let output = '';
    let times = '';
    let late = false;
    const keep = (/** @type {Buffer} */ bytes) => {
      const text = bytes.toString();
      output += text;
      options.hear?.(text);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.stdio[3]?.on('data', (/** @type {Buffer} */ bytes) => {
      times += bytes.toString();
    });
    const stop = (/** @type {NodeJS.Signals} */ signal) => endGroup(child.pid, signal);
    const onInterrupt = () => {
      stop('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onInterrupt);
    const timer = setTimeout(
      () => {
        late = true;
        stop('SIGKILL');
      },
      options.deadlineMs ?? 2 ** 31 - 1,
    );
    const finish = (/** @type {number} */ code) => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
      resolve({ code: late ? 124 : code, output, cpuSeconds: secondsOf(times) });
    };
    child.on('error', (error) => {
      output += `${program}: ${error.message}\n`;
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 128));
  });
}

/**
 * @param {string} times what the shell's `times` printed: of itself, then of what it waited for
 * @returns {number}
 */
function secondsOf(times) {
  const parts = times.split('\n')[1]?.match(/\d+m[\d.]+/g) ?? [];
  return parts.reduce((sum, part) => {
    const [minutes, seconds] = part.split('m').map(Number);
    return sum + (minutes ?? 0) * 60 + (seconds ?? 0);
  }, 0);
}

/**
 * Ends a process group that `run` started.
 * @param {number | undefined} pid the group's leader
 * @param {NodeJS.Signals} signal
 */
function endGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * Runs a program that must succeed.
 * @param {string[]} command program and arguments
 * @param {string} what the step's name in the error message
 * @param {Running} [options]
 * @returns {Promise<string>} what it printed
 * @throws {SetupError} with everything that the program printed, when it exits non-zero
 */
export async function must(command, what, options = {}) {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  throw new SetupError(`${what} failed (${command.join(' ')}, exit code ${code}):\n${output}`);
}
