// Documents in a bucket: one object each, under its id.
import { textOf } from '../../bindings/js/frame.ts';
import { type Documents, StorageFailure } from '../ports.ts';

/** Documents over an R2 binding. */
export function documentsInBucket(bucket: R2Bucket): Documents {
  return {
    async get(id: string): Promise<Uint8Array | undefined> {
      return await asked(async () => {
        const object = await bucket.get(id);
        return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
      });
    },
    async putIfAbsent(id: string, bytes: Uint8Array): Promise<void> {
      // Both stores refuse what is not text, so that one can take the other's place.
      textOf(bytes);
      await asked(() => bucket.put(id, bytes, { onlyIf: { etagDoesNotMatch: '*' } }));
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
