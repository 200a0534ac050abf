// `npm run builder`: builder/scripts/local.js on Node 24, with the installed programs on its PATH.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node24, toolEnv } from './lib/node.mjs';
import { root, SetupError } from './lib/process.mjs';

/** @returns {string} the path of the Node to use; without one, the process ends here */
function findNode() {
  try {
    return node24();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const local = join(root, 'builder/scripts/local.js');
const child = spawn(findNode(), [local, ...process.argv.slice(2)], {
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
