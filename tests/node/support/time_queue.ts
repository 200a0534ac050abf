// Messages by the time at which they are due: a binary heap, so that a test with thousands of them
// does not walk through all at every instant.

/** Something that is due at a time, in milliseconds since the epoch. */
export interface Due {
  readonly due_at_ms: number;
}

/** A queue in the order of time; of equal times the first that came in. */
export class TimeQueue<Item extends Due> {
  readonly #heap: { item: Item; number: number }[] = [];
  #count = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the first is due; Infinity where there is none. */
  get next_ms(): number {
    return this.#heap[0]?.item.due_at_ms ?? Infinity;
  }

  push(item: Item): void {
    const heap = this.#heap;
    this.#count += 1;
    let at = heap.push({ item, number: this.#count }) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  /** Takes out all that are due at `now_ms`, in order. */
  takeDue(now_ms: number): Item[] {
    const due: Item[] = [];
    while (this.size > 0 && this.next_ms <= now_ms) due.push(this.#pop());
    return due;
  }

  /** Takes out the first. @throws RangeError where there is none */
  take(): Item {
    return this.#pop();
  }

  /** Takes out all, in order. */
  takeAll(): Item[] {
    return this.takeDue(Infinity);
  }

  #pop(): Item {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new RangeError('nothing is queued');
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < this.#heap.length && this.#isBefore(below, least)) least = below;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    const earlier = one.item.due_at_ms - other.item.due_at_ms;
    return earlier < 0 || (earlier === 0 && one.number < other.number);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
