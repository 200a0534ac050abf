// `test` for files that make promises by the million. Node's runner follows every promise of its
// thread, to know whose error it is when nobody awaits it, and that takes 10 to 30 percent of the
// file's time. The file is therefore run a second time, in a thread that has no runner: there the
// tests do their work, one at a time, and the runner waits for their ends. Digests are computed in
// the same thread.
import assert from 'node:assert/strict';
import { test as announce } from 'node:test';
import { inspect } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { digestAtOnce } from '../../sim/native.ts';

/** What a test of its own thread has of the runner's context. */
export interface Context {
  /** A line that is printed with the result. */
  diagnostic(message: string): void;
}

type Body = (context: Context) => void | Promise<void>;

interface Outcome {
  readonly name: string;
  readonly diagnostics: readonly string[];
  /** Of a test that failed, in words: an error loses its class on the way. */
  readonly error?: string;
}

/** The tests of the file, in its order; filled in its own thread. */
const tests: { readonly name: string; readonly body: Body }[] = [];
let announced = 0;
let worker: Worker | undefined;
/** Of the test that runs. */
let running: Pick<PromiseWithResolvers<Outcome>, 'resolve' | 'reject'> | undefined;

/** Registers a test that runs in the file's own thread. */
export function test(name: string, body: Body): void {
  if (!isMainThread) {
    if (tests.length === 0) begin();
    tests.push({ name, body });
    return;
  }
  const number = announced++;
  void announce(name, async (context) => {
    const outcome = await runThere(number);
    assert.equal(outcome.name, name, 'the file announces the same tests each time');
    for (const line of outcome.diagnostics) context.diagnostic(line);
    const { error } = outcome;
    if (error !== undefined) throw Object.assign(new Error(error), { stack: error });
  });
}

async function runThere(number: number): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  running = { resolve, reject };
  const thread = worker ?? startThread();
  worker = thread;
  thread.ref();
  thread.postMessage(number);
  return promise.finally(() => thread.unref());
}

// An error that nobody awaits ends the thread and fails the test that runs; the next one has a new
// thread.
function startThread(): Worker {
  const thread = new Worker(process.argv[1] ?? '');
  const broken = (error: unknown): void => {
    if (worker !== thread) return;
    worker = undefined;
    running?.reject(error);
  };
  return thread
    .on('message', (outcome: Outcome) => running?.resolve(outcome))
    .on('error', broken)
    .on('exit', (code) => broken(new Error(`the thread of the tests ended with ${code}`)));
}

// In the file's own thread. Whoever asks is heard when the file has registered all its tests.
function begin(): void {
  digestAtOnce();
  parentPort?.on('message', (number) => void answer(number));
}

async function answer(number: number): Promise<void> {
  const { name, body } = tests[number] ?? { name: 'no such test', body: () => undefined };
  const diagnostics: string[] = [];
  const outcome = { name, diagnostics };
  try {
    await body({ diagnostic: (message) => void diagnostics.push(message) });
    parentPort?.postMessage(outcome);
  } catch (error) {
    parentPort?.postMessage({ ...outcome, error: inspect(error) });
  }
}
