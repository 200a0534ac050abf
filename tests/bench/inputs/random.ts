// A generator of numbers, so that every run measures the same inputs.

/** A source of numbers from 0 to below 1 that depends on nothing but the seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` characters of the alphabet. */
export function textOf(random: () => number, alphabet: string, count: number): string {
  let text = '';
  for (let i = 0; i < count; i += 1) {
    text += alphabet[Math.floor(random() * alphabet.length)];
  }
  return text;
}

/** One of the items. @throws when there is none. */
export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) {
    throw new Error('nothing to pick from');
  }
  return item;
}
