// Crashes on purpose: one wrapper through which every outside call of Ports is announced.
import type { Documents, Ports } from '../../../worker-shim/ports.ts';

/** `before` the call has any effect, or `after` it had it and before its answer is seen. */
export type CallPhase = 'before' | 'after';

/** Called twice a call with `db.batch`, `fetch` and so on; throwing is the crash. */
export type OnCall = (name: string, phase: CallPhase) => void;

/** How long a crash lasts. */
export interface CountableOptions {
  /**
   * `process` (the default): after the first throw every further call throws the same and reaches
   * nothing, as if the process were gone, whatever the code above catches.
   * `call`: only this call's answer is lost, and life goes on.
   */
  readonly crash_of?: 'process' | 'call';
}

/**
 * The same ports with every call outside announced: db.all, db.reads, db.batch,
 * documents.getAll, documents.putAllIfAbsent, documents.removeAll and the same of stores.d1 and
 * stores.r2, queue.send, fetch, sleep. The clock and entropy are
 * not outside. Documents are stored by calls of their own, as if they were not in the database.
 * A caller may still get an answer from a dead process where a failing call is not an error (as a
 * queue message is not): whoever throws from `onCall` knows that it is no answer.
 */
export function countable<P extends Ports>(
  ports: P,
  onCall: OnCall,
  options: CountableOptions = {},
): P {
  let crash: { readonly error: unknown } | undefined;
  const announce = (name: string, phase: CallPhase): void => {
    if (crash !== undefined) {
      throw crash.error;
    }
    try {
      onCall(name, phase);
    } catch (error) {
      crash = options.crash_of === 'call' ? undefined : { error };
      throw error;
    }
  };
  const around =
    <Params extends unknown[], Result>(name: string, act: (...params: Params) => Promise<Result>) =>
    async (...params: Params): Promise<Result> => {
      announce(name, 'before');
      const result = await act(...params);
      announce(name, 'after');
      return result;
    };
  const { db, documents, stores, queue } = ports;
  const announced = (name: string, store: Documents): Documents => ({
    getAll: around(`${name}.getAll`, (ids) => store.getAll(ids)),
    putAllIfAbsent: around(`${name}.putAllIfAbsent`, (all) => store.putAllIfAbsent(all)),
    removeAll: around(`${name}.removeAll`, (ids) => store.removeAll(ids)),
  });
  return {
    ...ports,
    db: {
      all: around('db.all', (sql, params) => db.all(sql, params)),
      reads: around('db.reads', (statements) => db.reads(statements)),
      batch: around('db.batch', (statements) => db.batch(statements)),
    },
    documents: announced('documents', documents),
    stores: { d1: announced('stores.d1', stores.d1), r2: announced('stores.r2', stores.r2) },
    queue: { send: around('queue.send', (messages) => queue.send(messages)) },
    fetch: around('fetch', (request) => ports.fetch(request)),
    sleep: around('sleep', (ms) => ports.sleep(ms)),
  };
}
