// Two runners behind one: new runs go to the one that is chosen, and every run stays with the
// runner that began it, also across a restart.

import type { Store } from '../base/contract.ts';
import type { Run, RunHost, Runner, Runs } from './contract.ts';

/** Which runner takes new runs. */
export type Mode = 'real' | 'modelled';

/** Both runners, and the choice between them. */
export interface SwitchedRunner extends Runner {
  mode(): Mode;
  /** Where runs that are dispatched from now on go; kept in the store. */
  choose(mode: Mode): void;
}

const modeKey = 'runner/mode';
const ownerKey = (runId: number): string => `runner/owner/${runId}`;

/** Puts the two behind one; `first` is the choice until another is made. */
export function switchedRunner(
  store: Store,
  runners: Readonly<Record<Mode, Runner>>,
  first: Mode,
): SwitchedRunner {
  const mode = (): Mode => store.get<Mode>(modeKey) ?? first;
  const ownerOf = (runId: number): Mode => store.get<Mode>(ownerKey(runId)) ?? first;
  const owned = ({ runs, repositories }: RunHost, owner: Mode): RunHost => ({
    repositories,
    runs: ownRuns(runs, (run) => ownerOf(run.id) === owner),
  });
  return {
    mode,
    choose: (chosen) => store.put(modeKey, chosen),
    attach(host) {
      runners.real.attach(owned(host, 'real'));
      runners.modelled.attach(owned(host, 'modelled'));
    },
    start(run) {
      const owner = mode();
      store.put(ownerKey(run.id), owner);
      runners[owner].start(run);
    },
    cancel: (runId, force) => runners[ownerOf(runId)].cancel(runId, force),
  };
}

// The book of runs as one runner sees it: only its own.
function ownRuns(runs: Runs, isOwn: (run: Run) => boolean): Runs {
  return {
    get: (id) => runs.get(id),
    all: () => runs.all().filter(isOwn),
    update: (id, change) => runs.update(id, change),
    addJob: (runId, name, labels) => runs.addJob(runId, name, labels),
    putJob: (job) => runs.putJob(job),
    job: (jobId) => runs.job(jobId),
    jobsOf: (runId) => runs.jobsOf(runId),
    appendLog: (jobId, text) => runs.appendLog(jobId, text),
    log: (jobId) => runs.log(jobId),
  };
}
