// Which Node runs our TypeScript and wrangler, and with what environment.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './process.mjs';

/**
 * The path of a Node 24 or later: the one that npm installed, else the one running this, if it will
 * do.
 * @returns {string} absolute path
 * @throws {SetupError} when there is neither
 */
export function node24() {
  const installed = join(root, 'node_modules/.bin/node');
  if (existsSync(installed)) return installed;
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new SetupError('Node 24 is missing: npm brings it for Linux on x64; elsewhere install it');
}

/**
 * The environment for our tools: Node 24 and the installed programs first on PATH, what Node has
 * compiled kept for the next start, no colours, and wrangler silent and offline.
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnv() {
  const { FORCE_COLOR: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    CI: '1',
    NO_COLOR: '1',
    NODE_NO_WARNINGS: '1',
    NODE_COMPILE_CACHE: join(root, 'build/compile-cache'),
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_LOG_PATH: join(root, 'build/wrangler-logs'),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  };
}
