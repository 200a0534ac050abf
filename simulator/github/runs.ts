// The book of runs, jobs and logs over the store.

import type { Clock, Store } from '../base/contract.ts';
import type { Job, Run, Runs } from '../runner/contract.ts';

const FIRST_ID = 29_803_635_501;

/** The book with the two operations that only GitHub itself performs. */
export interface RunBook extends Runs {
  /** Stores a new run. Everything but id, number and state is given. */
  add(run: NewRun): Run;
}

/** A run as it is asked for. */
export type NewRun = Omit<
  Run,
  'id' | 'number' | 'created_ms' | 'updated_ms' | 'started_ms' | 'status' | 'conclusion' | 'jobs'
>;

/** Opens the book kept in `store`. The seed decides where a new book's ids begin. */
export function openRuns(store: Store, clock: Clock, seed = 0): RunBook {
  const first = FIRST_ID + (Math.abs(seed) % 10_000) * 1_000_000;
  const runs = new Map<number, Run>();
  const chunks = new Map<number, number>();
  for (const key of store.list('github/run/')) {
    const run = store.get<Run>(key);
    if (run) runs.set(run.id, run);
  }

  const nextId = (): number => {
    const id = (store.get<number>('github/last_id') ?? first - 1) + 1;
    store.put('github/last_id', id);
    return id;
  };
  const save = (run: Run): Run => {
    run.updated_ms = clock.now();
    store.put(`github/run/${run.id}`, run);
    return run;
  };
  const known = (id: number): Run => {
    const run = runs.get(id);
    if (!run) throw new RangeError(`no run ${id}`);
    return run;
  };
  const job = (id: number): Job | undefined => store.get<Job>(`github/job/${id}`);

  return {
    add(wanted) {
      const now = clock.now();
      const key = `github/run_number/${wanted.repository}/${wanted.path}`;
      const number = (store.get<number>(key) ?? 0) + 1;
      store.put(key, number);
      const times = { created_ms: now, updated_ms: now, started_ms: now };
      const state = { status: 'queued', conclusion: null, jobs: [] } as const;
      const run: Run = { id: nextId(), number, ...wanted, ...times, ...state, jobs: [] };
      runs.set(run.id, run);
      return save(run);
    },
    get: (id) => runs.get(id),
    all: () => [...runs.values()],
    update: (id, change) => save(Object.assign(known(id), change)),
    addJob(runId, name, labels) {
      const now = clock.now();
      const state = { status: 'queued', conclusion: null, completed_ms: null } as const;
      const made = { id: nextId(), runId, name, labels, created_ms: now, started_ms: now };
      const added: Job = { ...made, ...state, steps: [] };
      store.put(`github/job/${added.id}`, added);
      chunks.set(added.id, 0);
      const run = known(runId);
      run.jobs.push(added.id);
      save(run);
      return added;
    },
    putJob: (changed) => store.put(`github/job/${changed.id}`, changed),
    job,
    jobsOf: (runId) => known(runId).jobs.flatMap((id) => job(id) ?? []),
    appendLog(jobId, text) {
      const prefix = `github/log/${jobId}/`;
      const number = chunks.get(jobId) ?? store.list(prefix).length;
      chunks.set(jobId, number + 1);
      store.putBytes(prefix + String(number).padStart(8, '0'), new TextEncoder().encode(text));
    },
    log(jobId) {
      const parts = store.list(`github/log/${jobId}/`).map((key) => store.getBytes(key));
      return parts.map((bytes) => (bytes ? Buffer.from(bytes).toString('utf8') : '')).join('');
    },
  };
}
