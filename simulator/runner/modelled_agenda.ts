// What the modelled runner has in hand: every active job with its progress, written down after each
// step, and which of them is due first.

import type { Store } from '../base/contract.ts';
import type { Progress } from './modelled_steps.ts';
import type { Batch } from './slipway.ts';

/** The active jobs of one runner, by their ids. */
export class Agenda {
  readonly #store: Store;
  readonly #folder: string;
  readonly #active = new Map<number, Progress>();
  // A binary heap; an entry that is no job's present progress is skipped.
  readonly #heap: Progress[] = [];

  /** Kept in `store` below `folder`. Holds nothing until it is restored. */
  constructor(store: Store, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** The job's progress, or undefined where it is not active. */
  get(id: number): Progress | undefined {
    return this.#active.get(id);
  }

  /** Writes a step down. A batch is written once and apart: it is large and steps are many. */
  keep(progress: Progress): void {
    const { batch, ...small } = progress;
    const { id } = progress;
    if (batch && this.#active.get(id)?.batch !== batch) this.#store.put(this.#key(id, 1), batch);
    this.#store.put(this.#key(id, 0), small);
    this.#enter(progress);
  }

  /** Takes up what an earlier process kept of the job; undefined: nothing. */
  restore(id: number): Progress | undefined {
    const small = this.#store.get<Progress>(this.#key(id, 0));
    const batch = this.#store.get<Batch>(this.#key(id, 1));
    const progress = small && (batch ? { ...small, batch } : small);
    if (progress) this.#enter(progress);
    return progress;
  }

  /** Forgets a job that has ended. */
  drop(id: number): void {
    this.#active.delete(id);
    this.#store.delete(this.#key(id, 0));
    this.#store.delete(this.#key(id, 1));
  }

  /** The job that is due first, or undefined where none is due by `now_ms`. */
  due(now_ms: number): Progress | undefined {
    const first = this.#first();
    return first && first.due_ms <= now_ms ? first : undefined;
  }

  /** When the next job is due. */
  nextDue_ms(): number | undefined {
    return this.#first()?.due_ms;
  }

  #key(id: number, part: 0 | 1): string {
    return `${this.#folder}/${part === 0 ? 'progress' : 'batch'}/${id}`;
  }

  // A job that waits for a place is due when it gets one.
  #enter(progress: Progress): void {
    this.#active.set(progress.id, progress);
    if (progress.phase === 'waiting') return;
    const heap = this.#heap;
    let at = heap.push(progress) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const upper = heap[above];
      if (upper === undefined || !earlier(progress, upper)) break;
      heap[at] = upper;
      at = above;
    }
    heap[at] = progress;
  }

  #first(): Progress | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#active.get(first.id) === first) return first;
      this.#removeFirst();
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const moved = heap.pop();
    if (moved === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const rightFirst = right !== undefined && earlier(right, left);
      const below = rightFirst ? right : left;
      if (!earlier(below, moved)) break;
      heap[at] = below;
      at = 2 * at + (rightFirst ? 2 : 1);
    }
    heap[at] = moved;
  }
}

function earlier(a: Progress, b: Progress): boolean {
  return a.due_ms < b.due_ms || (a.due_ms === b.due_ms && a.id < b.id);
}
