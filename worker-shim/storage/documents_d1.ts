// Documents in the database: a table of texts. Many are read or written in one round trip.
import { bytesOf, textOf } from '../../bindings/js/frame.ts';
import {
  type Db,
  type Documents,
  type Statement,
  StorageFailure,
  type StoredDocument,
} from '../ports.ts';
import { document_write, documents_by_id, documents_delete } from './statements.ts';

/** Documents over a Db. A document of more than 2 MB does not fit. */
export function documentsInDb(db: Db): Documents {
  return {
    async getAll(ids: readonly string[]): Promise<(Uint8Array | undefined)[]> {
      const rows = await db.all(documents_by_id, [JSON.stringify(ids)]);
      const texts = new Map(rows.map(({ id, value }) => [id, value]));
      return ids.map((id) => {
        const text = texts.get(id);
        if (text !== undefined && typeof text !== 'string') {
          throw new StorageFailure('a document is not text');
        }
        return text === undefined ? undefined : bytesOf(text);
      });
    },
    async putAllIfAbsent(documents: readonly StoredDocument[]): Promise<void> {
      await db.batch(statementsFor(documents));
    },
    statementsFor,
    async removeAll(ids: readonly string[]): Promise<void> {
      await db.batch(removalsFor(ids));
    },
    removalsFor,
  };
}

function removalsFor(ids: readonly string[]): Statement[] {
  return [{ sql: documents_delete, params: [JSON.stringify(ids)] }];
}

function statementsFor(documents: readonly StoredDocument[]): Statement[] {
  return documents.map(({ id, bytes }) => ({ sql: document_write, params: [id, textOf(bytes)] }));
}
