#!/usr/bin/env node
// The command line on whatever Node is there: main.ts needs Node 24, which npm brings.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node24 } from '../scripts/lib/node.mjs';
import { root, SetupError } from '../scripts/lib/process.mjs';

const main = join(root, 'cli/main.ts');

if (Number.parseInt(process.versions.node, 10) >= 24) await import('./main.ts');
else elsewhere(findNode());

/** @returns {string} the path of the Node to use; without one, the process ends here */
function findNode() {
  try {
    return node24();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`${error.message}; in a checkout \`npm run setup\` brings it`);
    process.exit(1);
  }
}

/** @param {string} node */
function elsewhere(node) {
  const env = { NODE_NO_WARNINGS: '1', ...process.env };
  const child = spawn(node, [main, ...process.argv.slice(2)], { env, stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; without one it has to be passed on. The child ends in order.
  process.on('SIGINT', () => {
    if (process.stdin.isTTY !== true) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}
