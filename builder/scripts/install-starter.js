// Step 3: installs the starter's dependencies, once for the whole shard. Sees no secret.

import { endStep, fail, loadBatch, saveBatch, waitingAt } from './lib/batch.js';
import { pnpmEnvironment, run } from './lib/commands.js';
import { isOver, timeLeft } from './lib/deadline.js';
import { logTail } from './lib/text.js';

const TIMEOUT_MS = 10 * 60_000;

const batch = loadBatch();
const result = await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], {
  cwd: process.env.STARTER_DIR ?? 'starter',
  env: pnpmEnvironment(),
  timeoutMs: timeLeft(batch.buildUntilMs, TIMEOUT_MS),
});
if (!result.ok) {
  const reason = isOver(batch.buildUntilMs) ? 'out_of_time' : 'install_failed';
  for (const deployment of waitingAt(batch, 'configured')) {
    fail(deployment, reason, logTail(`${result.output.trimEnd()}\n${result.status}`));
  }
  saveBatch(batch);
}
endStep(batch);
