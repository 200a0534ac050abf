// Step 4: builds one site after the other in the starter's checkout and keeps each one's output.
// Sees no secret. A deployment that fails does not stop the others. When two thirds of the time are
// over, the rest is left: what is built can still be uploaded.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  configFile,
  endStep,
  fail,
  loadBatch,
  saveBatch,
  siteDir,
  waitingAt,
} from './lib/batch.js';
import { pnpmEnvironment, run } from './lib/commands.js';
import { isOver, OUT_OF_TIME, timeLeft } from './lib/deadline.js';
import { checkSite } from './lib/site.js';
import { annotate, logTail } from './lib/text.js';
import { writePlatformConfig } from './write-platform-config.js';

const TIMEOUT_MS = 5 * 60_000;

/** The starter's commit: as git says, or, in a checkout without git, the one asked for. */
function checkedOut(starter, asked) {
  if (!existsSync(join(starter, '.git'))) return asked;
  const env = pnpmEnvironment();
  const head = execFileSync('git', ['-C', starter, 'rev-parse', 'HEAD'], { env, encoding: 'utf8' });
  return head.trim();
}

function variables(deployment, shellSha) {
  return {
    SLIPWAY_DEPLOYMENT: deployment.deploymentId,
    SLIPWAY_PLATFORM: deployment.platformId,
    SLIPWAY_ENVIRONMENT: deployment.environment,
    SLIPWAY_CONFIG_VERSION: String(deployment.configVersion),
    SLIPWAY_SHELL_SHA: shellSha,
  };
}

async function build(starter, deployment, untilMs) {
  let output = '';
  try {
    const shellSha = checkedOut(starter, deployment.shellSha);
    if (deployment.shellSha !== '' && shellSha !== deployment.shellSha) {
      throw new Error(`The starter is at ${shellSha}, not at ${deployment.shellSha}`);
    }
    const dist = join(starter, 'dist');
    rmSync(dist, { recursive: true, force: true });
    writePlatformConfig(configFile(deployment.deploymentId), starter);
    const env = { ...pnpmEnvironment(), ...variables(deployment, shellSha) };
    const timeoutMs = timeLeft(untilMs, TIMEOUT_MS);
    const built = await run('pnpm', ['build'], { cwd: starter, env, timeoutMs });
    output = built.output;
    if (!built.ok) throw new Error(built.status);
    checkSite(dist, deployment);
    const site = siteDir(deployment.deploymentId);
    mkdirSync(dirname(site), { recursive: true });
    cpSync(dist, site, { recursive: true });
    deployment.step = 'built';
  } catch (error) {
    annotate('warning', `${deployment.platformId}: the build failed. ${error.message}`);
    // Stopped by the time, it may well be sound.
    const reason = isOver(untilMs) ? 'out_of_time' : 'build_failed';
    fail(deployment, reason, logTail(`${output.trimEnd()}\n${error.message}`));
  }
}

const batch = loadBatch();
const starter = resolve(process.env.STARTER_DIR ?? 'starter');
for (const deployment of waitingAt(batch, 'configured')) {
  console.log(`::group::${deployment.platformId} (${deployment.deploymentId})`);
  if (isOver(batch.buildUntilMs)) fail(deployment, 'out_of_time', OUT_OF_TIME);
  else await build(starter, deployment, batch.buildUntilMs);
  saveBatch(batch);
  console.log('::endgroup::');
}
endStep(batch);
