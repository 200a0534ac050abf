// Need: reads what the core asks for. Rows and queries are one round trip to the database,
// documents another; upstream reads run beside them.
import type { Need } from '../../bindings/js/control.ts';
import { bytesOf } from '../../bindings/js/frame.ts';
import type { Gathered } from '../../bindings/js/transcript.ts';
import { connections_max, inParallel } from '../parallel.ts';
import type { Row, Statement } from '../ports.ts';
import { spend } from '../storage/ledgers.ts';
import { openedFor } from '../storage/sealed.ts';
import { queries, rows_by_id } from '../storage/statements.ts';
import { type Prepared, prepareOpened, send } from '../upstream/send.ts';
import type { World } from '../world.ts';

type NeedOf<Read extends Need['read']> = Extract<Need, { read: Read }>;

/**
 * Reads all needs; the facts come in their order. `segments` are those of the core's frame.
 * @throws StorageFailure, and RequestError before anything else than sealed values is read.
 */
export async function readFacts(
  world: World,
  needs: readonly Need[],
  segments: readonly Uint8Array[],
): Promise<Gathered[]> {
  const wanted = needs.filter(isRead('upstream'));
  const requests = wanted.map(({ request }) => request);
  const opened = await openedFor(world, requests);
  const upstream = wanted.map(({ key, request }) => ({
    key,
    prepared: prepareOpened(world.upstreams, request, segments, opened),
  }));
  const gathered = await Promise.all([
    readStored(world, needs.filter(isRead('row')), needs.filter(isRead('query'))),
    readDocuments(world, needs.filter(isRead('document'))),
    inParallel(connections_max, upstream, (need) => readUpstream(world, need.key, need.prepared)),
    spendAll(world, needs.filter(isRead('spend'))),
  ]);
  const by_key = new Map(gathered.flat().map((fact) => [fact.key, fact]));
  return needs.flatMap((need) => by_key.get(need.key) ?? []);
}

function isRead<Read extends Need['read']>(read: Read): (need: Need) => need is NeedOf<Read> {
  return (need): need is NeedOf<Read> => need.read === read;
}

// One statement a table however many rows are wanted, one a query.
async function readStored(
  world: World,
  rows: readonly NeedOf<'row'>[],
  asked: readonly NeedOf<'query'>[],
): Promise<Gathered[]> {
  if (rows.length + asked.length === 0) {
    return [];
  }
  const groups = [...Map.groupBy(rows, (need) => need.table)];
  const results = await world.ports.db.reads([
    ...groups.map(([table, wanted]): Statement => {
      return { sql: rows_by_id[table], params: [JSON.stringify(wanted.map((need) => need.id))] };
    }),
    ...asked.map((need): Statement => ({ sql: queries[need.query], params: need.params })),
  ]);
  return [
    ...groups.flatMap(([, wanted], index) => rowFacts(wanted, results[index] ?? [])),
    ...asked.map((need, index) => queryFact(need, results[groups.length + index] ?? [])),
  ];
}

function rowFacts(wanted: readonly NeedOf<'row'>[], rows: readonly Row[]): Gathered[] {
  const by_id = new Map(rows.map((row) => [row.id, row]));
  return wanted.map(({ key, id }): Gathered => {
    const row = by_id.get(id);
    return row === undefined
      ? { key, outcome: 'absent' }
      : { key, outcome: 'found', bytes: bytesOf(String(row.value)) };
  });
}

// The elements are JSON already; joining them is all that makes them an array.
function queryFact(need: NeedOf<'query'>, rows: readonly Row[]): Gathered {
  const elements = rows.map((row) => String(row.value)).join(',');
  return { key: need.key, outcome: 'found', bytes: bytesOf(`[${elements}]`) };
}

async function readDocuments(
  world: World,
  needs: readonly NeedOf<'document'>[],
): Promise<Gathered[]> {
  if (needs.length === 0) {
    return [];
  }
  const { documents, stores } = world.ports;
  const groups = [...Map.groupBy(needs, ({ store }) => store)];
  const facts = await Promise.all(
    groups.map(async ([store, wanted]) => {
      const from = store === undefined ? documents : stores[store];
      const found = await from.getAll(wanted.map(({ id }) => id));
      return wanted.map(({ key }, index): Gathered => {
        const bytes = found[index];
        return bytes === undefined ? { key, outcome: 'absent' } : { key, outcome: 'found', bytes };
      });
    }),
  );
  return facts.flat();
}

async function spendAll(world: World, needs: readonly NeedOf<'spend'>[]): Promise<Gathered[]> {
  const gathered: Gathered[] = [];
  for (const need of needs) {
    gathered.push({ key: need.key, ...(await spend(world.ports, need.spend)) });
  }
  return gathered;
}

async function readUpstream(
  world: World,
  key: string,
  prepared: Prepared | undefined,
): Promise<Gathered> {
  if (prepared === undefined) {
    return { key, outcome: 'lost', detail: 'unsealed' };
  }
  const { fact, bytes } = await send(world.ports, prepared);
  return bytes === undefined ? { key, ...fact } : { key, ...fact, bytes };
}
