// Documents in two stores: written to one, found in either, so that they may be moved from one to
// the other while they are read.
import type { Documents } from '../ports.ts';

/** Writes to `first`; reads what is not there from `other`. */
export function documentsInBoth(first: Documents, other: Documents): Documents {
  return {
    ...first,
    async getAll(ids) {
      const found = await first.getAll(ids);
      await fill(ids, found, other);
      // What was moved between the two looks is in the first by now.
      await fill(ids, found, first);
      return found;
    },
  };
}

// Looks for what is still missing.
async function fill(
  ids: readonly string[],
  found: (Uint8Array | undefined)[],
  store: Documents,
): Promise<void> {
  const missing = [...found.keys()].filter((index) => found[index] === undefined);
  if (missing.length === 0) {
    return;
  }
  const rest = await store.getAll(missing.map((index) => ids[index] ?? ''));
  for (const [place, index] of missing.entries()) {
    found[index] = rest[place];
  }
}
