// Runs a program that must not outlive us: `node leash.mjs PROGRAM ARGS...`. When standard input
// ends, because it was closed or because whoever held it has died in whatever way, the program and
// all that it started are asked to end, and killed 5 seconds later.
import { spawn } from 'node:child_process';

const kill_after_ms = 5_000;
const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

/** @param {NodeJS.Signals} signal */
function signalGroup(signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function end() {
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), kill_after_ms);
}

process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdin.resume();
// Signals come to the holder of standard input, who decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

child.on('error', (error) => {
  console.error(`${program}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code) => {
  signalGroup('SIGKILL');
  process.exit(code ?? 1);
});
