// A bucket in memory: what stands for R2 in one process. It refuses what is not text, as both real
// stores do.
import { textOf } from '../../../bindings/js/frame.ts';
import type { Documents } from '../../../worker-shim/ports.ts';

/** Documents in a map that belongs to the test. */
export function documentsInMap(objects: Map<string, Uint8Array>): Documents {
  return {
    async getAll(ids) {
      return ids.map((id) => objects.get(id));
    },
    async putAllIfAbsent(documents) {
      for (const { bytes } of documents) textOf(bytes);
      for (const { id, bytes } of documents) {
        if (!objects.has(id)) objects.set(id, bytes.slice());
      }
    },
    async removeAll(ids) {
      for (const id of ids) objects.delete(id);
    },
  };
}
