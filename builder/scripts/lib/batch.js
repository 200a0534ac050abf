// The batch between the workflow's steps: a JSON file under RUNNER_TEMP and the folders beside it.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder for this run's files. Outside of every checkout. */
export function workDir() {
  const temp = process.env.RUNNER_TEMP ?? '';
  if (temp === '') throw new Error('RUNNER_TEMP is not set');
  return join(temp, 'slipway');
}

/** Where a deployment's configuration lies between fetch and build. */
export function configFile(deploymentId) {
  return join(workDir(), 'configs', `${deploymentId}.json`);
}

/** Where a deployment's built site lies between build and deploy. */
export function siteDir(deploymentId) {
  return join(workDir(), 'sites', deploymentId);
}

/** Writes the batch; a reader sees the old file or the new one, whole. */
export function saveBatch(batch) {
  mkdirSync(workDir(), { recursive: true, mode: 0o700 });
  const file = join(workDir(), 'batch.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(batch, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** The batch that this run claimed, or undefined when it claimed none. */
export function findBatch() {
  let batch;
  try {
    batch = JSON.parse(readFileSync(join(workDir(), 'batch.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  // A folder that outlived another run on the same machine is not ours.
  return batch.runId === process.env.GITHUB_RUN_ID ? batch : undefined;
}

/** The batch that this run claimed. @throws Error when there is none. */
export function loadBatch() {
  const batch = findBatch();
  if (batch === undefined) throw new Error('This run has claimed no batch');
  return batch;
}

/** The deployments at `step` (`claimed`, `configured` or `built`) that have no result yet. */
export function waitingAt(batch, step) {
  return batch.deployments.filter((each) => each.step === step && each.result === undefined);
}

/** Leaves a deployment out: it is not wanted any more, and nothing is reported of it. */
export function drop(deployment) {
  deployment.step = 'dropped';
}

/**
 * Records a failure; `reason` is one of the protocol's. A deployment's first result stands, and a
 * dropped one gets none.
 */
export function fail(deployment, reason, logTail) {
  if (deployment.step === 'dropped') return;
  deployment.result ??= {
    deploymentId: deployment.deploymentId,
    outcome: 'failed',
    reason,
    logTail,
  };
}

/** Ends a step in failure when it leaves nothing to do for the next one. */
export function endStep(batch) {
  const open = batch.deployments.some((each) => each.result?.outcome !== 'failed');
  if (open) return;
  console.log('Every deployment of this batch has failed.');
  process.exitCode = 1;
}
