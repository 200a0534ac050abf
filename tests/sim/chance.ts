// Draws from one seeded sequence, in the words of whoever draws.
import { derivedSeed, type Random, seededRandom } from '../../simulator/base/random.ts';

/** One sequence of draws. */
export class Chance {
  readonly random: Random;
  readonly #seed: number;

  /** A sequence of its own for this seed and name. */
  constructor(seed: number, name: string) {
    this.#seed = derivedSeed(seed, name);
    this.random = seededRandom(this.#seed);
  }

  /** Another sequence below this one, which no draw from this one moves. */
  below(name: string): Chance {
    return new Chance(this.#seed, name);
  }

  /** Whether it happens, by its rate from 0 to 1. A rate of 0 costs no draw. */
  hits(rate: number): boolean {
    return rate > 0 && this.random() < rate;
  }

  /** An integer from `low` to `high`, both of them possible. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  /** One of them. @throws RangeError where there is none */
  oneOf<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }

  /** One of them by weight, or undefined where all weigh nothing. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T | undefined {
    const total = items.reduce((sum, item) => sum + weightOf(item), 0);
    let left = this.random() * total;
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return undefined;
  }

  /** Nothing half of the time, else a rate between `low` and `high`, each magnitude as likely. */
  rate(low: number, high: number): number {
    return this.hits(0.5) ? 0 : low * (high / low) ** this.random();
  }
}
