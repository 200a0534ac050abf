// The batches while sites come up: one line for each, told again when it has come further.
import type { Api, Batch } from './api.ts';

const look_every_ms = 1_000;

/** Tells of batches until it is stopped. */
export interface BatchTeller {
  /** Looks for the last time. @returns the batches that were seen to the end, oldest first */
  stop(): Promise<readonly Batch[]>;
}

/**
 * Follows the batches that are not done yet, also those of an earlier start, and all that are
 * planned from now on; `say` gets a line for each step of one.
 */
export async function tellBatches(api: Api, say: (text: string) => void): Promise<BatchTeller> {
  const done = (await api.batches()).filter(({ state }) => state === 'closed');
  const before = new Set(done.map(({ batchId }) => batchId));
  const told = new Map<string, string>();
  const seen = new Map<string, Batch>();
  const look = async (): Promise<void> => {
    for (const batch of [...(await api.batches())].reverse()) {
      if (before.has(batch.batchId)) continue;
      seen.set(batch.batchId, batch);
      const line = describe(batch);
      if (told.get(batch.batchId) === line) continue;
      told.set(batch.batchId, line);
      say(line);
    }
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => undefined);
  }, look_every_ms);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      await look();
      return [...seen.values()];
    },
  };
}

const words: Readonly<Record<string, string>> = {
  planned: 'waiting for its turn to be dispatched',
  dispatching: 'starting the builder',
  unknown: 'looking for the builder run, which may take 15 minutes',
  dispatched: 'builder queued at GitHub',
  claimed: 'building',
  closed: 'done',
};

// In quarters, so that a large batch tells of itself a few times and not each time.
function describe({
  batchId,
  state,
  account,
  environment,
  shards,
  deployments,
  left,
}: Batch): string {
  const name = `batch ${batchId.slice(-6)}  ${account}-${environment}`.padEnd(26);
  const jobs = shards === 1 ? '1 job' : `${shards} jobs`;
  const sites = deployments === 1 ? '1 site' : `${deployments} sites`;
  const done = deployments === 0 ? 0 : Math.floor(((deployments - left) * 4) / deployments) * 25;
  const progress = state === 'claimed' ? ` ${done} %` : '';
  return `         ${name} ${sites} in ${jobs}: ${words[state] ?? state}${progress}`;
}
