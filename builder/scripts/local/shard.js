// One shard on this machine: the steps of build.yml in their order, each with what it may see.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPTS = fileURLToPath(new URL('..', import.meta.url));
const API = ['NNO_API_URL', 'NNO_INTERNAL_API_KEY'];
const CLOUDFLARE = ['CF_API_TOKEN', 'CF_ACCOUNT_ID', 'CLOUDFLARE_API_BASE_URL'];
const INPUTS = ['DISPATCH_KEY', 'PLATFORM_ID', 'BATCH_ID', 'NEXT_BATCH'];
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'];

/** The steps between claim and report: id in build.yml, script, the secrets that it sees. */
export const STEPS = [
  ['starter', 'local/checkout.js', []],
  ['fetch', 'fetch-configs.js', API],
  ['wrangler', 'local/install-wrangler.js', []],
  ['install', 'install-starter.js', []],
  ['build', 'build-batch.js', []],
  ['deploy', 'deploy-batch.js', [...API, ...CLOUDFLARE]],
];

function pick(env, names) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name)));
}

function without(env, names) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

/**
 * Runs one script to its end, its output into the log. It has a process group of its own, so that
 * Ctrl-C reaches it only by `stop`: whoever gives none is let finish.
 */
function runStep(script, env, cwd, log, stop) {
  return new Promise((done) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const file = join(SCRIPTS, script);
    const child = spawn(process.execPath, [file], { cwd, env, stdio, detached: true });
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => log.line(line));
    }
    const interrupt = () => child.kill('SIGTERM');
    stop?.addEventListener('abort', interrupt);
    child.on('close', (code) => {
      stop?.removeEventListener('abort', interrupt);
      log.end();
      if (code === 0) done('success');
      else done(stop?.aborted ? 'cancelled' : 'failure');
    });
  });
}

function takeOutputs(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // The token is in it: gone before a step with foreign code begins.
  rmSync(file, { force: true });
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2)));
}

function countOutcomes(deployments) {
  const count = (outcome) => deployments.filter(({ result }) => result?.outcome === outcome).length;
  const dropped = deployments.filter(({ step }) => step === 'dropped').length;
  return { uploaded: count('uploaded'), failed: count('failed'), dropped };
}

/** The variables that GitHub would set, without secrets. */
function machineOf({ env, runId, untilMs }, temp) {
  const minutes = Math.max(0.001, (untilMs - Date.now()) / 60_000);
  return {
    ...without(env, [...API, ...CLOUDFLARE, ...INPUTS, ...FILES]),
    RUNNER_TEMP: temp,
    GITHUB_RUN_ID: runId,
    GITHUB_RUN_ATTEMPT: '1',
    STARTER_DIR: join(temp, 'starter'),
    JOB_DEADLINE_MIN: minutes.toFixed(3),
  };
}

/** The variables of the claim, as the workflow's inputs. */
function inputsOf({ selector, account, environment, shard }) {
  return { ...selector, ACCOUNT: account, TARGET_ENV: environment, SHARD: String(shard) };
}

async function performSteps(order, env, api, cwd) {
  const { log, stop, say } = order;
  const outcomes = { CLAIM_OUTCOME: 'success' };
  let status = 'success';
  for (const [id, script, secrets] of STEPS) {
    if (stop.aborted || Date.now() >= order.untilMs) {
      status = 'cancelled';
      break;
    }
    say(`  ${id}`);
    const seen = { ...pick(order.env, secrets), ...pick(api, secrets) };
    status = await runStep(script, { ...env, ...seen }, cwd, log, stop);
    outcomes[`${id.toUpperCase()}_OUTCOME`] = status;
    if (status !== 'success') break;
  }
  return { ...outcomes, JOB_STATUS: status };
}

/**
 * Claims and serves one shard. `order`: `selector` (the claim's variable), `account`,
 * `environment`, `shard`, `runId`, `untilMs` (the batch's time), `starter`, `env`, `log`, `say`,
 * and `stop`, a signal. When it is stopped or out of time, what it claimed is reported as
 * cancelled. Gives `{ reached }`: false when the claim failed; with a batch also `batchId`,
 * `environment`, `shards`, `fenced`, and `counted`, how many deployments ended in which way.
 */
export async function serveShard(order) {
  const temp = mkdtempSync(join(tmpdir(), 'slipway-builder-'));
  try {
    return await serveIn(temp, order);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

async function serveIn(temp, order) {
  const { log, say } = order;
  const common = machineOf(order, temp);
  const api = pick(order.env, API);
  const output = join(temp, 'output');
  const claim = { ...common, ...api, ...inputsOf(order), GITHUB_OUTPUT: output };
  const claimed = await runStep('claim.js', claim, temp, log);
  const outputs = takeOutputs(output);
  const { batch_id: batchId, environment, shards } = outputs;
  if (batchId === undefined) return { reached: claimed === 'success' };
  const served = { reached: true, batchId, environment, shards: Number(shards), fenced: false };
  if (outputs.claimed !== 'true') return { ...served, counted: countOutcomes([]) };
  say(`batch ${batchId} of ${order.account}-${environment}: shard ${order.shard + 1} of ${shards}`);
  if (outputs.token) api.NNO_INTERNAL_API_KEY = outputs.token;
  const starter = { STARTER_SOURCE: order.starter, SHELL_SHA: outputs.shell_sha };
  const outcomes =
    claimed === 'success'
      ? await performSteps(order, { ...common, ...starter }, api, temp)
      : { CLAIM_OUTCOME: claimed, JOB_STATUS: 'failure' };
  say('  report');
  await runStep('report.js', { ...common, ...api, ...outcomes }, temp, log);
  const batch = JSON.parse(readFileSync(join(temp, 'slipway', 'batch.json'), 'utf8'));
  return { ...served, fenced: batch.fenced === true, counted: countOutcomes(batch.deployments) };
}
