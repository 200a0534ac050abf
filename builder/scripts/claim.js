// Step 1: takes the shard that this job was started for, or finds that there is nothing to do.
// Outputs: claimed (`true` or `false`); batch_id, environment and shards (how many the batch has)
// where there is a batch; shell_sha (the starter's commit, or empty); and token: the batch's own
// key for the later steps, masked in the log; absent where the API answers none.

import { appendFileSync, rmSync } from 'node:fs';
import { createApi } from './lib/api.js';
import { endStep, fail, saveBatch, workDir } from './lib/batch.js';
import { deadlines } from './lib/deadline.js';
import { claimOf, mismatch, readBatch, readInputs, readToken } from './lib/protocol.js';
import { annotate } from './lib/text.js';

function output(name, value) {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${name}=${value}\n`);
}

/** Why there is nothing to do, in a sentence; undefined for an answer that is an error here. */
function nothingToDo(error, inputs) {
  if (error.code === 'claim.fenced') {
    return 'Another run serves this dispatch, or it was given up. Nothing to do.';
  }
  const waits = inputs.by !== 'next' || error.code !== 'claim.nothing_to_build';
  return waits ? undefined : 'No batch waits. Nothing to do.';
}

async function claim(api, inputs) {
  try {
    const { body } = await api.call('POST', '/api/v1/claims', claimOf(inputs));
    return { batch: readBatch(body, inputs), token: readToken(body) };
  } catch (error) {
    const sentence = nothingToDo(error, inputs);
    if (sentence === undefined) throw error;
    annotate('notice', sentence);
    return { batch: undefined, token: '' };
  }
}

function take(batch, inputs) {
  const problem = mismatch(batch, inputs);
  for (const each of batch.deployments) {
    console.log(`${each.deploymentId}: ${each.projectName}, configuration ${each.configVersion}`);
    if (problem !== undefined) fail(each, 'build_failed', problem);
  }
  saveBatch(batch);
  output('shell_sha', batch.deployments[0].shellSha);
  if (problem !== undefined) annotate('error', problem);
  endStep(batch);
}

try {
  const inputs = readInputs();
  const times = deadlines(process.env, Date.now());
  rmSync(workDir(), { recursive: true, force: true });
  const { batch, token } = await claim(createApi(), inputs);
  const claimed = batch !== undefined && batch.deployments.length > 0;
  output('claimed', claimed);
  // It goes to the steps that call the API by their environment, and into no file of the batch,
  // which the steps that run foreign code could read.
  if (token !== '') {
    console.log(`::add-mask::${token}`);
    output('token', token);
  }
  if (batch !== undefined) {
    output('batch_id', batch.batchId);
    output('environment', batch.environment);
    output('shards', batch.shards);
  }
  if (claimed) take({ ...batch, ...times }, inputs);
  else if (batch !== undefined) annotate('notice', 'Nothing of this shard is left to build.');
} catch (error) {
  annotate('error', `The claim failed. ${error.message}`);
  process.exitCode = 1;
}
