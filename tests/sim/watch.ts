// What must hold after every step, whatever goes wrong: looked at in the storage itself, between
// two steps, when nothing runs.
import type { Core } from '../../bindings/js/core.ts';
import { run } from '../../worker-shim/run.ts';
import { dueKeys, waitingBatches, waitingSites } from '../node/faults/waiting.ts';
import { memoryPorts, memoryWorld } from '../node/support/memory_ports.ts';
import type { SqliteDb } from '../node/support/sqlite_db.ts';
import { type JournalEvent, Machines, type Move } from './edges.ts';
import { marker } from './settings.ts';

/** An invariant was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

interface JournalRow {
  readonly id: number;
  readonly aggregate: string;
  readonly event: string;
}

// Where the row of a machine is: its table, and what its id is below the name of the aggregate.
const tables: Readonly<Record<string, string>> = {
  Site: 'site',
  Deployment: 'deployment',
  Batch: 'batch',
  Account: 'account',
  Migration: 'migration',
  Import: 'import',
  Org: 'org',
  Publication: 'publication',
};
const ends = ['live', 'superseded', 'failed', 'cancelled', 'lost'];

/** Watches one simulation. */
export class Watch {
  readonly machines = new Machines();
  readonly #db: SqliteDb;
  readonly #fold: (aggregate: string) => Promise<string>;
  readonly #journal;
  readonly #active;
  readonly #moves = new Map<string, Move>();
  #last_id = 0;

  constructor(db: SqliteDb, core: Core, variables: Readonly<Record<string, string>>) {
    this.#db = db;
    const { sqlite } = db;
    this.#journal = sqlite.prepare('SELECT id, aggregate, event FROM journal WHERE id > ?');
    this.#active = sqlite.prepare(
      `SELECT count(*) AS n FROM deployment WHERE site = ?
       AND json_extract("row", '$.state') NOT IN (${ends.map((end) => `'${end}'`).join()})`,
    );
    const ports = memoryPorts({ db });
    this.#fold = async (aggregate) => {
      const world = memoryWorld(core, ports, variables);
      const { body } = await run(world, { kind: 'fold', aggregate });
      return new TextDecoder().decode(body);
    };
  }

  /** To be called after a step that may have written. @throws Violation */
  async afterStep(): Promise<void> {
    const rows = this.#journal.all(this.#last_id) as unknown as JournalRow[];
    if (rows.length === 0) return;
    const touched = new Set<string>();
    for (const row of rows) {
      this.#last_id = row.id;
      if (row.event.includes(marker)) throw new Violation(`a secret is in the journal: ${row.id}`);
      touched.add(row.aggregate);
      this.#take(row);
    }
    for (const aggregate of touched) await this.#checkAggregate(aggregate);
    this.#checkNothingStuck();
  }

  #take({ aggregate, event }: JournalRow): void {
    const parsed = JSON.parse(event) as JournalEvent;
    let move: Move | undefined;
    try {
      move = this.machines.take(aggregate, parsed);
    } catch (error) {
      throw new Violation(error instanceof Error ? error.message : String(error));
    }
    if (move !== undefined) this.#moves.set(`${move.machine} ${move.id}`, move);
  }

  async #checkAggregate(aggregate: string): Promise<void> {
    const folded = await this.#fold(aggregate);
    if (folded !== '{"equal":true}') {
      throw new Violation(`the journal of ${aggregate} does not give its row: ${folded}`);
    }
    for (const { machine, id, to } of this.#moves.values()) this.#checkState(machine, id, to);
    this.#moves.clear();
    if (aggregate.startsWith('site:')) {
      const active = Number(this.#active.get(aggregate.slice(5))?.n);
      if (active > 1) throw new Violation(`${aggregate} has ${active} active deployments`);
    }
  }

  #checkState(machine: string, id: string, to: string): void {
    const table = tables[machine] ?? '';
    const key = id.replace(/^(site|batch|account|migration|import|org):/, '');
    const found = this.#db.sqlite
      .prepare(`SELECT json_extract("row", '$.state') AS state FROM "${table}" WHERE id = ?`)
      .get(key);
    // What was removed from its table by retention has no row any more.
    if (found === undefined) return;
    if (found.state !== to) {
      throw new Violation(`the row of ${table} ${key} is ${found.state}, its events say ${to}`);
    }
  }

  // Whatever is not at rest has a promise that it will be looked at.
  #checkNothingStuck(): void {
    const due = dueKeys(this.#db);
    for (const { id, keys } of [...waitingSites(this.#db), ...waitingBatches(this.#db)]) {
      if (keys.length > 0 && !keys.some((key) => due.has(key))) {
        throw new Violation(`${id} waits for ${keys.join(', ')}, which has no due time`);
      }
    }
  }
}
