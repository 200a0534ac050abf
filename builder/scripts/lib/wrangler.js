// One run of `wrangler pages deploy`, believed only for what it recorded.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, run } from './commands.js';
import { timeLeft } from './deadline.js';

const TIMEOUT_MS = 10 * 60_000;
// An upload that has begun may end a little after the time: cut off, nobody knows how it went.
const GRACE_MS = 2 * 60_000;
const OWN_PROGRAMS = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/** The `pages-deploy` record for this project in wrangler's ND-JSON output, or undefined. */
function findRecord(file, projectName) {
  if (!existsSync(file)) return undefined;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    let record;
    try {
      record = JSON.parse(line);
    } catch {
      continue;
    }
    if (record?.type !== 'pages-deploy' || record.pages_project !== projectName) continue;
    const { deployment_id: id, url } = record;
    if (typeof id === 'string' && /^[\w-]{1,64}$/.test(id) && URL.canParse(url)) return { id, url };
  }
  return undefined;
}

function environment(folder) {
  const { CF_API_TOKEN, CF_ACCOUNT_ID, CLOUDFLARE_API_BASE_URL } = process.env;
  const bare = bareEnvironment();
  const env = {
    ...bare,
    PATH: `${OWN_PROGRAMS}${delimiter}${bare.PATH ?? ''}`,
    HOME: join(folder, 'home'),
    // No repository above the empty folder is looked for.
    GIT_CEILING_DIRECTORIES: folder,
    CLOUDFLARE_API_TOKEN: CF_API_TOKEN,
    CLOUDFLARE_ACCOUNT_ID: CF_ACCOUNT_ID,
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_OUTPUT_FILE_PATH: join(folder, 'record.ndjson'),
    WRANGLER_LOG_PATH: join(folder, 'logs'),
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    NO_COLOR: '1',
  };
  if (CLOUDFLARE_API_BASE_URL) env.CLOUDFLARE_API_BASE_URL = CLOUDFLARE_API_BASE_URL;
  return env;
}

/**
 * Uploads a site. Gives `{ record, output }`; `record` is `{ id, url }` of the Pages deployment, or
 * undefined when wrangler recorded none: its exit status is 0 after some failures. A little after
 * `untilMs` it is stopped.
 */
export async function deploySite(site, deployment, untilMs) {
  // wrangler compiles a functions/ folder of its working directory and reads the configuration
  // files there and above: it runs in an empty folder of its own.
  const folder = mkdtempSync(join(tmpdir(), 'slipway-deploy-'));
  try {
    const cwd = join(folder, 'empty');
    mkdirSync(cwd);
    mkdirSync(join(folder, 'home'));
    const { projectName, branch, deploymentId, configVersion } = deployment;
    const message = `Slipway ${deploymentId} configuration ${configVersion}`;
    const args = ['pages', 'deploy', site, '--project-name', projectName, '--branch', branch];
    args.push('--commit-message', message);
    const ended = await run('wrangler', args, {
      cwd,
      env: environment(folder),
      timeoutMs: timeLeft(untilMs + GRACE_MS, TIMEOUT_MS),
    });
    const record = findRecord(join(folder, 'record.ndjson'), projectName);
    const verdict = record === undefined ? `${ended.status} and recorded no deployment` : '';
    return { record, output: `${ended.output.trimEnd()}\n${verdict}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
