// `npm start`: set-up on whatever Node is there, then everything else on Node 24.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureReady, node24, root, SetupError, toolEnv } from './setup.mjs';

try {
  await ensureReady();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

const main = join(root, 'scripts/start/main.ts');
const child = spawn(node24(), [main, ...process.argv.slice(2)], {
  cwd: root,
  env: toolEnv(),
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both; the child ends in order, and this process with it.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (signal === 'SIGTERM') child.kill('SIGTERM');
  });
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
