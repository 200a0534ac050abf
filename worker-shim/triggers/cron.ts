// The cron: hands the core a tick. What is overdue or stuck is the core's to find.
import { run } from '../run.ts';
import type { World } from '../world.ts';

/** One tick. Rejects as run does, so that the platform records the failure. */
export async function tick(world: World): Promise<void> {
  await run(world, { kind: 'tick' });
}
