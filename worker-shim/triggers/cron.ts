// The cron: hands the core a tick. What is overdue or stuck is the core's to find.
import { run } from '../run.ts';
import { sealAnew } from '../storage/sealed.ts';
import type { World } from '../world.ts';

/**
 * One tick: promises that were not kept, then GitHub's runs, each a run of its own; then values
 * that are sealed with an old key. Whatever fails, the others take place. Rejects as run does, so
 * that the platform records the failure.
 */
export async function tick(world: World): Promise<void> {
  const failures: unknown[] = [];
  for (const operation of ['sweep', 'watch_runs'] as const) {
    await run(world, { kind: 'tick', operation }).catch((error: unknown) => failures.push(error));
  }
  await sealAnew(world).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) {
    throw failures[0];
  }
}
