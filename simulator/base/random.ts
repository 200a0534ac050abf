// Seeded pseudo-random numbers and numbers that stand for names: the same on every machine.

import { createHash } from 'node:crypto';

/** The next number of a sequence, at least 0 and below 1. */
export type Random = () => number;

/** A sequence for `seed` (any integer; taken modulo 2^32), by the mulberry32 generator. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed of its own for each `name` under one `seed` (FNV-1a). */
export function derivedSeed(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}

/** The number that stands for `name` wherever a service numbers its records: below 2^31. */
export function stableId(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) >>> 1;
}
