// Running other programs: a chosen environment, a deadline, the end of their output kept.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

const KEPT_CHARACTERS = 64 * 1024;

// What a program may inherit. Everything else stays here: secrets, the runner's own command files
// and addresses, and the variables by which programs change their behaviour.
const BARE = [
  ...['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
];
const FOR_PNPM = ['HOME', 'PNPM_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'];
// Its settings, such as the registry and the store, but no credential.
const PNPM_SETTING = /^npm_config_(?!.*(auth|token|password|secret|key))/i;

function inherited(wanted) {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value && wanted(name)),
  );
}

/** The environment of a program that knows nothing but where it finds programs and proxies. */
export function bareEnvironment() {
  return { ...inherited((name) => BARE.includes(name)), CI: 'true' };
}

/** The environment of pnpm and of what pnpm runs: the bare one, home, store and settings. */
export function pnpmEnvironment() {
  const wanted = (name) => FOR_PNPM.includes(name) || PNPM_SETTING.test(name);
  return { ...bareEnvironment(), ...inherited(wanted) };
}

function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/**
 * Runs a program without input and without a shell; its output goes to the log as it comes.
 * Gives `{ ok, status, output }`: `ok` for exit status 0, `status` in words, the output's end.
 * After `timeoutMs` the program and all that it started are killed. Never throws.
 */
export function run(command, args, { cwd, env, timeoutMs }) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    // While this token is not repeated, the runner takes no workflow commands from the output.
    const token = randomUUID();
    console.log(`::stop-commands::${token}`);
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, detached: true });
    const keep = (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-KEPT_CHARACTERS);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
    const deadline = setTimeout(() => {
      timedOut = true;
      endGroup(child, 'SIGKILL');
    }, timeoutMs);
    const interrupt = () => {
      endGroup(child, 'SIGKILL');
      process.exit(130);
    };
    const signals = ['SIGINT', 'SIGTERM'];
    for (const signal of signals) process.on(signal, interrupt);
    const finish = (ok, status) => {
      clearTimeout(deadline);
      for (const signal of signals) process.off(signal, interrupt);
      endGroup(child, 'SIGKILL');
      console.log(`\n::${token}::`);
      resolve({ ok, status, output });
    };
    child.on('error', (error) => finish(false, `${command} could not start: ${error.code}`));
    child.on('close', (code, signal) => {
      if (timedOut) finish(false, `${command} was stopped after ${timeoutMs / 1000} s`);
      else finish(code === 0, `${command} ended with status ${code ?? signal}`);
    });
  });
}
