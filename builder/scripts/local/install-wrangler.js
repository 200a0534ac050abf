// Installs wrangler from the builder's lockfile, unless it is there. Sees no secret.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpmEnvironment, run } from '../lib/commands.js';

const TIMEOUT_MS = 10 * 60_000;
const builder = fileURLToPath(new URL('../..', import.meta.url));

if (!existsSync(join(builder, 'node_modules', '.bin', 'wrangler'))) {
  const args = ['install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts'];
  const env = pnpmEnvironment();
  const { ok } = await run('pnpm', args, { cwd: builder, env, timeoutMs: TIMEOUT_MS });
  if (!ok) process.exitCode = 1;
}
