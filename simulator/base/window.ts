// Moments in a sliding window: how many there are, and the most there have been.

/** The moments of the last `window_ms`. Time only goes forward. */
export class SlidingWindow {
  readonly #window_ms: number;
  // The first `#gone` moments have left the window; they are cut off from time to time.
  #moments: number[] = [];
  #gone = 0;
  #peak = 0;

  constructor(window_ms: number) {
    this.#window_ms = window_ms;
  }

  /** Adds the present moment. */
  add(now_ms: number): void {
    this.#moments.push(now_ms);
    this.#peak = Math.max(this.#peak, this.count(now_ms));
  }

  /** How many moments are in the window that ends now. */
  count(now_ms: number): number {
    const since_ms = now_ms - this.#window_ms;
    const moments = this.#moments;
    while (this.#gone < moments.length && (moments[this.#gone] ?? 0) <= since_ms) this.#gone += 1;
    if (this.#gone > 1_000 && this.#gone > moments.length / 2) {
      this.#moments = moments.slice(this.#gone);
      this.#gone = 0;
    }
    return this.#moments.length - this.#gone;
  }

  /** When fewer than `max` moments will be in the window; `now_ms` where that is so already. */
  freeAt(max: number, now_ms: number): number {
    if (this.count(now_ms) < max) return now_ms;
    return (this.#moments[this.#moments.length - max] ?? now_ms) + this.#window_ms;
  }

  /** Forgets all moments; the peak stays. */
  clear(): void {
    this.#moments = [];
    this.#gone = 0;
  }

  /** The most moments that were in the window at any time. */
  get peak(): number {
    return this.#peak;
  }
}
