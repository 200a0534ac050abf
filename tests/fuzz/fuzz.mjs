// `npm run fuzz`: set-up on whatever Node is there, then the fuzzing on Node 24.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureReady, node24, root, SetupError, toolEnv } from '../../scripts/setup.mjs';

const args = process.argv.slice(2);
try {
  if (!args.includes('--help')) await ensureReady({ core: false, native: true, quiet: true });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

const main = join(root, 'tests/fuzz/main.ts');
const child = spawn(node24(), [main, ...args], { cwd: root, env: toolEnv(), stdio: 'inherit' });
process.on('SIGINT', () => undefined);
child.on('exit', (code) => process.exit(code ?? 1));
