// The cron: hands the core a tick. What is overdue or stuck is the core's to find.
import { run } from '../run.ts';
import type { World } from '../world.ts';

/**
 * One tick: promises that were not kept, then GitHub's runs. Each is a run of its own, and the
 * second takes place where the first fails. Rejects as run does, so that the platform records the
 * failure.
 */
export async function tick(world: World): Promise<void> {
  const failures: unknown[] = [];
  for (const operation of ['sweep', 'watch_runs'] as const) {
    await run(world, { kind: 'tick', operation }).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}
