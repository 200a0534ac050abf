// Choosing at random: what the generator of frames draws with. The same seed, the same choices.
import type { Random } from '../../../simulator/base/random.ts';

/** A whole number from 0 up to, but not including, `end`; 0 when `end` is 0. */
export function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

/** One item of a list. @throws Error for an empty list. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

/** One item of a list of pairs, each as likely as its weight says. */
export function pickWeighted<Item>(
  random: Random,
  items: readonly (readonly [number, Item])[],
): Item {
  const total = items.reduce((sum, [weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [weight, item] of items) {
    left -= weight;
    if (left < 0) return item;
  }
  throw new Error('there is nothing to choose from');
}
