// The one clock and the one order of things. Whatever takes time waits here, and is let go one at a
// time, by the time that it is due; of equal times the seed decides. Between two of them nothing
// runs: that is when invariants are looked at.
import type { Random } from '../../simulator/base/random.ts';
import { TimeQueue } from '../node/support/time_queue.ts';
import { allWait } from './native.ts';

/** Whose waiting it is: when that is dead, it never goes on. */
export interface Owner {
  readonly dead: boolean;
}

interface Waiting {
  readonly due_at_ms: number;
  readonly owner: Owner | undefined;
  readonly go: () => void;
}

/** Told who is about to go on; may kill it. */
export type BeforeStep = (owner: Owner) => void;

/** The scheduler of one simulation. */
export class Scheduler {
  /** Told before whatever belongs to an owner goes on. */
  beforeStep: BeforeStep = () => undefined;
  /** How many were let go so far. */
  steps = 0;
  #now_ms: number;
  readonly #waiting = new TimeQueue<Waiting>();
  readonly #random: Random;

  constructor(random: Random, start_ms: number) {
    this.#random = random;
    this.#now_ms = start_ms;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now_ms;
  }

  /** Lets `act` go when the time has come. */
  at(at_ms: number, act: () => void, owner?: Owner): void {
    // The fraction of a millisecond is the order among those of one millisecond.
    const due_at_ms = Math.max(this.#now_ms, Math.floor(at_ms)) + this.#random() * 0.999;
    this.#waiting.push({ due_at_ms, owner, go: act });
  }

  /** Resolves after so many milliseconds, unless its owner is dead by then: then never. */
  pause(ms: number, owner?: Owner): Promise<void> {
    return new Promise((resolve) => this.at(this.#now_ms + ms, resolve, owner));
  }

  /** When the next is due; Infinity where nobody waits. */
  next_ms(): number {
    return Math.floor(this.#waiting.next_ms);
  }

  /** Nobody waits until then: the time passes. */
  rest(until_ms: number): void {
    this.#now_ms = Math.max(this.#now_ms, until_ms);
  }

  /** Lets the next one go, and returns when everything waits again. */
  async step(): Promise<void> {
    const next = this.#waiting.take();
    this.#now_ms = Math.max(this.#now_ms, Math.floor(next.due_at_ms));
    if (next.owner !== undefined) {
      if (next.owner.dead) return;
      this.beforeStep(next.owner);
      if (next.owner.dead) {
        await allWait();
        return;
      }
    }
    this.steps += 1;
    next.go();
    await allWait();
  }
}
