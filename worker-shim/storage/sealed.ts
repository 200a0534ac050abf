// Sealed values in the database: opened for a request or a reply, stored with a commit, and sealed
// anew when the key has changed. What is opened goes where it was asked for, and nowhere else.
import type { Commit, UpstreamRequest } from '../../bindings/js/control.ts';
import { bytesOf, segmentAt } from '../../bindings/js/frame.ts';
import type { Statement } from '../ports.ts';
import type { World } from '../world.ts';
import { rows_by_id, rows_write, sealed_replace, sealed_under } from './statements.ts';

/** Rows that one tick looks at, and how many of them it seals anew. */
const looked_at_max = 50;
const sealed_anew_max = 10;

/** A reply needs a value that cannot be opened. */
export class Unsealed extends Error {
  override readonly name = 'Unsealed';
}

/** The text that is sealed under this id. @throws Unsealed, StorageFailure */
export async function openSealed(world: World, id: string): Promise<string> {
  const value = (await openAll(world, [id])).get(id);
  if (value === undefined) {
    throw new Unsealed(`${id} cannot be opened`);
  }
  return value;
}

/** The values that these requests have sealed in their paths, by id. @throws StorageFailure */
export async function openedFor(
  world: World,
  requests: readonly UpstreamRequest[],
): Promise<ReadonlyMap<string, string>> {
  const ids = requests.map(({ sealed }) => sealed).filter((id) => id !== undefined);
  return ids.length === 0 ? new Map() : await openAll(world, [...new Set(ids)]);
}

/** The statement that stores a commit's values, sealed; none where it has none. */
export async function sealStatements(
  { ports, sealing }: World,
  { seals = [] }: Commit,
  segments: readonly Uint8Array[],
): Promise<Statement[]> {
  const rows: string[] = [];
  for (const { id, segment } of seals) {
    const row = await sealing.seal(ports, id, segmentAt(segments, segment));
    rows.push(`{"id":${JSON.stringify(id)},"row":${row}}`);
  }
  return rows.length === 0 ? [] : [{ sql: rows_write.sealed, params: [`[${rows.join(',')}]`] }];
}

/**
 * Seals some of the values anew that are still under the previous key. A value that changes at the
 * same time is left as it is; one that cannot be opened, too. @throws StorageFailure
 */
export async function sealAnew(world: World): Promise<void> {
  const { ports, sealing } = world;
  const key = await sealing.outdatedKey();
  if (key === undefined) {
    return;
  }
  let count = 0;
  for (const { id, value } of await ports.db.all(sealed_under, [key, looked_at_max])) {
    if (count === sealed_anew_max) {
      break;
    }
    const [name, old] = [String(id), String(value)];
    const opened = await sealing.open(name, old);
    if (opened === undefined) {
      world.log({ event: 'sealed_damaged', id: name });
      continue;
    }
    const row = await sealing.seal(ports, name, bytesOf(opened));
    count += (await ports.db.all(sealed_replace, [name, row, old])).length;
  }
  if (count > 0) {
    world.log({ event: 'sealed_anew', count });
  }
}

// By id; what cannot be opened is not among them.
async function openAll(world: World, ids: readonly string[]): Promise<Map<string, string>> {
  const opened = new Map<string, string>();
  const rows = await world.ports.db.all(rows_by_id.sealed, [JSON.stringify(ids)]);
  for (const { id, value } of rows) {
    const text = await world.sealing.open(String(id), String(value));
    if (text === undefined) {
      world.log({ event: 'sealed_damaged', id: String(id) });
    } else {
      opened.set(String(id), text);
    }
  }
  return opened;
}
