// Documents in a bucket: one object each, under its id.
import { textOf } from '../../bindings/js/frame.ts';
import { connections_max, inParallel } from '../parallel.ts';
import { type Documents, StorageFailure, type StoredDocument } from '../ports.ts';

/** Documents over an R2 binding. */
export function documentsInBucket(bucket: R2Bucket): Documents {
  return {
    async getAll(ids: readonly string[]): Promise<(Uint8Array | undefined)[]> {
      return await asked(() =>
        inParallel(connections_max, ids, async (id) => {
          const object = await bucket.get(id);
          return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
        }),
      );
    },
    async putAllIfAbsent(documents: readonly StoredDocument[]): Promise<void> {
      // Both stores refuse what is not text, so that one can take the other's place.
      for (const { bytes } of documents) {
        textOf(bytes);
      }
      await asked(() =>
        inParallel(connections_max, documents, ({ id, bytes }) =>
          bucket.put(id, bytes, { onlyIf: { etagDoesNotMatch: '*' } }),
        ),
      );
    },
    async removeAll(ids: readonly string[]): Promise<void> {
      // What one call deletes at most.
      const ids_max = 1000;
      for (let first = 0; first < ids.length; first += ids_max) {
        await asked(() => bucket.delete(ids.slice(first, first + ids_max)));
      }
    },
  };
}

async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw new StorageFailure('the bucket failed', { cause: error });
  }
}
