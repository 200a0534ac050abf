// Identifiers that follow from the seed and a stored counter: none comes twice, restarts included.

import { createHash } from 'node:crypto';
import type { Store } from '../base/contract.ts';

/** Makes identifiers. */
export interface Ids {
  /** A UUID (version 4 in form). */
  uuid(): string;
  /** `length` lowercase letters and digits, at most 32, none of them easily mistaken. */
  letters(length: number): string;
}

/** Identifiers counted in `store`. */
export function createIds(store: Store, seed: number): Ids {
  const next = (): Buffer => {
    const count = (store.get<number>('cloudflare/counter') ?? 0) + 1;
    store.put('cloudflare/counter', count);
    return createHash('sha256').update(`slipway:${seed}:${count}`).digest();
  };
  return {
    uuid() {
      const hex = next().toString('hex');
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    },
    letters(length) {
      const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
      return [...next().subarray(0, length)].map((byte) => alphabet[byte % 31]).join('');
    },
  };
}
