// Documents in the database: a table of texts.
import { bytesOf, textOf } from '../../bindings/js/frame.ts';
import { type Db, type Documents, StorageFailure } from '../ports.ts';
import { document_read, document_write } from './statements.ts';

/** Documents over a Db. A document of more than 2 MB does not fit. */
export function documentsInDb(db: Db): Documents {
  return {
    async get(id: string): Promise<Uint8Array | undefined> {
      const [row] = await db.all(document_read, [id]);
      if (row === undefined) {
        return undefined;
      }
      if (typeof row.value !== 'string') {
        throw new StorageFailure('a document is not text');
      }
      return bytesOf(row.value);
    },
    async putIfAbsent(id: string, bytes: Uint8Array): Promise<void> {
      await db.batch([{ sql: document_write, params: [id, textOf(bytes)] }]);
    },
  };
}
