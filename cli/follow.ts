// Waiting for what goes on: the API is asked with `?wait`, and every change is told once.
import type { Call } from './api.ts';
import { type Context, timeoutOf } from './command.ts';
import { exitOfFailure, exits, Interrupted, type Trouble } from './errors.ts';

/** How it has ended. */
export interface End {
  /** Absent: well. */
  readonly trouble?: Trouble;
}

/** What is followed, and how it is understood. */
export interface Following<T> {
  /** A read that takes `wait`. */
  readonly call: Call;
  /** Undefined: it goes on. */
  readonly end: (state: T, waited_ms: number) => End | undefined;
  /** What is told of it: each line when it is new. */
  readonly lines: (state: T) => readonly string[];
  /** The command that goes on following. */
  readonly later: string;
}

/** The last state that was seen, and how it ended. */
export interface Followed<T> {
  readonly state: T;
  readonly trouble?: Trouble;
  /** Every state was a line of the output already. */
  readonly told: boolean;
}

const wait_s = 30;
const slack_ms = 15_000;
// An answer that changes nothing and comes at once must not make a busy loop.
const least_pause_ms = 1000;

/** Follows to the end, or to the end of patience; on Ctrl-C it says that the work goes on. */
export async function follow<T>(context: Context, following: Following<T>): Promise<Followed<T>> {
  try {
    return await followed(context, following);
  } catch (error) {
    if (error instanceof Interrupted) {
      context.talk.note(`stopped waiting; the work goes on: ${following.later}`);
    }
    throw error;
  }
}

async function followed<T>(context: Context, following: Following<T>): Promise<Followed<T>> {
  const { host, api, talk, values } = context;
  const begun_ms = host.now_ms();
  const patience_ms = timeoutOf(values);
  const told = talk.json === 'stream';
  let lines: readonly string[] = [];
  let seen = '';
  for (let look = 0; ; look += 1) {
    const looked_ms = host.now_ms();
    const left_ms = begun_ms + patience_ms - looked_ms;
    const wait = look === 0 ? 0 : Math.min(wait_s, Math.max(1, Math.floor(left_ms / 1000)));
    const query = { ...following.call.query, wait: wait === 0 ? undefined : String(wait) };
    const call = { ...following.call, query, patience_ms: wait * 1000 + slack_ms };
    const state = (await api.call(call)).body as T;
    const now = JSON.stringify(state);
    if (now !== seen && told) talk.record(state);
    const next = following.lines(state);
    for (const line of next) if (!lines.includes(line)) talk.progress(line);
    lines = next;
    const same = now === seen;
    seen = now;
    const waited_ms = host.now_ms() - begun_ms;
    const end = following.end(state, waited_ms);
    if (end !== undefined) return { state, told, ...end };
    if (waited_ms >= patience_ms) return { state, told, trouble: outOfTime(following.later) };
    const spent_ms = host.now_ms() - looked_ms;
    if (look > 0 && (same || spent_ms < least_pause_ms)) {
      await host.sleep(Math.max(0, least_pause_ms - spent_ms));
    }
    if (host.signal.aborted) throw new Interrupted();
  }
}

function outOfTime(later: string): Trouble {
  return {
    exit: exits.timeout,
    code: 'wait.timeout',
    title: 'It was not done in the time of --timeout; the work goes on',
    next: `Follow it: ${later}`,
  };
}

/** A failure as the API tells it. */
interface FailureLike {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly logTail?: string;
}

/** Work that ended badly, and why; `what` names it. */
export function failed(what: string, failure: FailureLike | undefined): Trouble {
  if (failure === undefined) {
    return { exit: exits.failure, code: 'work.failed', title: `${what} failed` };
  }
  const { code, detail, next, logTail } = failure;
  return {
    exit: exitOfFailure(code),
    code,
    title: `${what} failed`,
    detail,
    next,
    ...(logTail === undefined ? {} : { logTail }),
  };
}
