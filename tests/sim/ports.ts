// The ports of one isolate: every outside call takes time, may fail before or after its effect, may
// take effect when nobody waits for it any more, and is where the isolate may be gone.
import {
  type Db,
  type Documents,
  type Ports,
  type Statement,
  StorageFailure,
} from '../../worker-shim/ports.ts';
import { documentsInBoth } from '../../worker-shim/storage/documents_both.ts';
import { documentsInDb } from '../../worker-shim/storage/documents_d1.ts';
import { documentsInMap } from '../node/support/memory_bucket.ts';
import { seededEntropy } from '../node/support/memory_ports.ts';
import type { SqliteDb } from '../node/support/sqlite_db.ts';
import type { Chance } from './chance.ts';
import type { Rates } from './plan.ts';
import type { SimQueue } from './queue.ts';
import type { Owner, Scheduler } from './scheduler.ts';
import type { Timeline } from './timeline.ts';

/** What is the same for all isolates of a simulation. */
export interface Around {
  readonly scheduler: Scheduler;
  readonly timeline: Timeline;
  readonly db: SqliteDb;
  readonly bucket: Map<string, Uint8Array>;
  readonly queue: SimQueue;
  /** What goes wrong now. */
  rates(): Rates;
  /** Reaches an upstream, however long it takes. */
  readonly outside: (request: Request) => Promise<Response>;
  readonly store: 'd1' | 'r2';
  /** Told of every fault. */
  fault(name: string): void;
  /** Told of every outside call. */
  call(name: string): void;
}

/** An isolate as its ports see it. */
export interface PortsOwner extends Owner {
  readonly name: string;
  readonly skew_ms: number;
  readonly entropy_seed: number;
  readonly chance: Chance;
}

/** The ports. */
export function portsOf(around: Around, owner: PortsOwner): Ports {
  const { scheduler, queue } = around;
  const call = new Calls(around, owner);
  const db = dbOf(call, around);
  const bucket = bucketOf(call, documentsInMap(around.bucket));
  const stores = { d1: documentsInDb(db), r2: bucket };
  const { store } = around;
  return {
    db,
    stores,
    documents: documentsInBoth(stores[store], stores[store === 'd1' ? 'r2' : 'd1']),
    queue: {
      async send(messages) {
        await call.begins('queue.send');
        if (call.fails('send')) throw new Error('the queue is not there');
        for (const message of messages) queue.send(message);
        await call.ends();
        if (call.fails('send')) throw new Error('the answer of the queue was lost');
      },
    },
    fetch: (request) => call.exchange(request),
    now: () => scheduler.now() + owner.skew_ms,
    entropy: seededEntropy(owner.entropy_seed),
    sleep: (ms) => scheduler.pause(ms, owner),
  };
}

// The beginning and the end of an outside call, and what goes wrong between.
class Calls {
  readonly #around: Around;
  readonly #owner: PortsOwner;

  constructor(around: Around, owner: PortsOwner) {
    this.#around = around;
    this.#owner = owner;
  }

  async begins(name: string): Promise<void> {
    this.#around.call(name);
    await this.#pause(1, 6);
    this.#around.timeline.note(this.#owner.name, name);
  }

  ends(): Promise<void> {
    return this.#pause(0, 4);
  }

  fails(kind: keyof Rates): boolean {
    if (!this.#owner.chance.hits(this.#around.rates()[kind])) return false;
    this.#around.fault(kind);
    this.#around.timeline.note(this.#owner.name, `fault: ${kind}`);
    return true;
  }

  /** Lets `act` happen some time later, whatever has become of the isolate. */
  later(act: () => unknown): void {
    const { scheduler } = this.#around;
    const { chance } = this.#owner;
    scheduler.at(scheduler.now() + chance.integer(50, 40_000), () => void act());
  }

  async exchange(request: Request): Promise<Response> {
    const { outside, scheduler, timeline } = this.#around;
    const { name, chance } = this.#owner;
    this.#around.call('fetch');
    await this.#pause(2, 40);
    const { pathname, hostname } = new URL(request.url);
    timeline.note(name, `${request.method} ${hostname}${hidden(pathname)}`);
    if (this.fails('network_before')) return await this.#cut();
    if (this.fails('network_late')) {
      this.later(() => outside(request).catch(() => undefined));
      return await this.#cut();
    }
    const begun = outside(request);
    // A call that fails is noticed where it is waited for; until then nobody does.
    begun.catch(() => undefined);
    await scheduler.pause(chance.integer(5, 60));
    const response = await begun;
    await this.#pause(1, 20);
    timeline.note(name, `${response.status} from ${hostname}`);
    if (this.fails('network_after')) return await this.#cut();
    return response;
  }

  // Sometimes at once, sometimes after the time that the caller would wait.
  async #cut(): Promise<never> {
    const slow = this.#owner.chance.hits(0.5);
    await this.#pause(slow ? 5_000 : 1, slow ? 15_000 : 100);
    const error = new TypeError('the connection was cut');
    if (slow) error.name = 'TimeoutError';
    throw error;
  }

  #pause(low_ms: number, high_ms: number): Promise<void> {
    const { chance } = this.#owner;
    return this.#around.scheduler.pause(chance.integer(low_ms, high_ms), this.#owner);
  }
}

// The id of a hook is a secret.
function hidden(path: string): string {
  return path.replace(/(deploy_hooks\/)[^/]+/, '$1...');
}

function dbOf(call: Calls, { db }: Around): Db {
  const read = async <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    await call.begins(name);
    if (call.fails('read')) throw new StorageFailure('D1 does not answer');
    const result = await ask();
    await call.ends();
    return result;
  };
  return {
    // One statement that writes, too: units of a budget, a lock.
    all: (sql, params) => read('db.all', () => db.all(sql, params)),
    reads: (statements) => read('db.reads', () => db.reads(statements)),
    batch: async (statements: readonly Statement[]) => {
      await call.begins('db.batch');
      if (call.fails('write_before')) throw new StorageFailure('D1 does not answer');
      if (call.fails('write_late')) {
        call.later(() => db.batch(statements).catch(() => undefined));
        throw new StorageFailure('D1 took too long');
      }
      await db.batch(statements);
      await call.ends();
      if (call.fails('write_after')) throw new StorageFailure('the answer of D1 was lost');
    },
  };
}

function bucketOf(call: Calls, bucket: Documents): Documents {
  const around = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    await call.begins(name);
    if (call.fails('object_before')) throw new StorageFailure('R2 does not answer');
    const result = await act();
    await call.ends();
    if (call.fails('object_after')) throw new StorageFailure('the answer of R2 was lost');
    return result;
  };
  return {
    getAll: (ids) => around('r2.getAll', () => bucket.getAll(ids)),
    putAllIfAbsent: (all) => around('r2.put', () => bucket.putAllIfAbsent(all)),
    removeAll: (ids) => around('r2.remove', () => bucket.removeAll(ids)),
  };
}
