// `npm run load`: set-up on whatever Node is there, then the load on Node 24.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureReady, node24, root, SetupError, toolEnv } from '../../scripts/setup.mjs';

try {
  await ensureReady({ quiet: true });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

const main = join(root, 'tests/load/main.ts');
const child = spawn(node24(), [main, ...process.argv.slice(2)], {
  cwd: root,
  env: toolEnv(),
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both; the child ends in order, and this process with it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
