// Everything that the command line has from the machine: streams, files, clock, network, terminal.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a run may use of the machine; tests give another one. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout that this command line belongs to. */
  readonly root: string;
  /** A person can be asked. */
  readonly interactive: boolean;
  readonly stdoutTerminal: boolean;
  readonly stderrTerminal: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds of a clock that never goes back. */
  now_ms(): number;
  /** Resolves after so long, or as soon as the signal is aborted. */
  sleep(ms: number): Promise<void>;
  /** A fresh random name. */
  random(): string;
  /** The file's text; relative to where the command was called. @throws Error */
  readFile(path: string): string;
  readStdin(): Promise<string>;
  /** Asks on the terminal; with `hidden` what is typed is not shown. */
  ask(question: string, hidden: boolean): Promise<string>;
}

/** The real one. */
export function hostOf(signal: AbortSignal): Host {
  // npm runs scripts in the checkout, and says where it was called.
  const { env } = process;
  const called = env.npm_lifecycle_event === undefined ? undefined : env.INIT_CWD;
  const directory = called ?? process.cwd();
  return {
    env,
    root: fileURLToPath(new URL('..', import.meta.url)),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    stdoutTerminal: process.stdout.isTTY === true,
    stderrTerminal: process.stderr.isTTY === true,
    signal,
    out: (each) => process.stdout.write(each),
    err: (each) => process.stderr.write(each),
    fetch: (url, init) => fetch(url, init),
    now_ms: () => performance.now(),
    sleep: (ms) => sleep(ms, signal),
    random: () => randomUUID(),
    readFile: (path) => readFileSync(resolve(directory, path), 'utf8'),
    readStdin: () => text(process.stdin),
    ask: (question, hidden) => ask(question, hidden, signal),
  };
}

/** Resolves after so long, or as soon as the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

async function ask(question: string, hidden: boolean, signal: AbortSignal): Promise<string> {
  // What reads the line draws it anew with each key, the question too, where it may be seen.
  if (hidden) process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({
    input: process.stdin,
    output: hidden ? silent : process.stderr,
    terminal: true,
  });
  const broken = new Promise<string>((_done, fail) => {
    reader.once('SIGINT', () => fail(new DOMException('Ctrl-C', 'AbortError')));
  });
  try {
    return await Promise.race([reader.question(hidden ? '' : question, { signal }), broken]);
  } finally {
    reader.close();
    if (hidden) process.stderr.write('\n');
  }
}
