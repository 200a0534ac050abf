// `npm run bench`: set-up on whatever Node is there, then the benchmark on Node 24.
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

const main = join(root, 'tests/bench/main.ts');
const child = spawn(node24(), [main, ...process.argv.slice(2)], {
  cwd: root,
  env: toolEnv(),
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 1));
