// Step 1: takes the batch that this run was started for, or finds that another run has it.
// Outputs: claimed (`true` or `false`), shell_sha (the starter's commit, or empty), and token: the
// batch's own key for the later steps, masked in the log; absent where the API answers none.

import { appendFileSync, rmSync } from 'node:fs';
import { createApi } from './lib/api.js';
import { endStep, fail, saveBatch, workDir } from './lib/batch.js';
import { claimOf, mismatch, readBatch, readInputs, readToken } from './lib/protocol.js';
import { annotate } from './lib/text.js';

function output(name, value) {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${name}=${value}\n`);
}

async function claim(api, inputs) {
  try {
    const { body } = await api.call('POST', '/api/v1/claims', claimOf(inputs));
    return { batch: readBatch(body, inputs), token: readToken(body) };
  } catch (error) {
    if (error.code !== 'claim.fenced') throw error;
    annotate('notice', 'Another run serves this dispatch, or it was given up. Nothing to do.');
    return { batch: undefined, token: '' };
  }
}

try {
  const inputs = readInputs();
  rmSync(workDir(), { recursive: true, force: true });
  const { batch, token } = await claim(createApi(), inputs);
  output('claimed', batch !== undefined);
  if (batch !== undefined) {
    const problem = mismatch(batch, inputs);
    for (const each of batch.deployments) {
      console.log(`${each.deploymentId}: ${each.projectName}, configuration ${each.configVersion}`);
      if (problem !== undefined) fail(each, 'build_failed', problem);
    }
    saveBatch(batch);
    output('shell_sha', batch.deployments[0].shellSha);
    // It goes to the steps that call the API by their environment, and into no file of the batch,
    // which the steps that run foreign code could read.
    if (token !== '') {
      console.log(`::add-mask::${token}`);
      output('token', token);
    }
    if (problem !== undefined) annotate('error', problem);
    endStep(batch);
  }
} catch (error) {
  annotate('error', `The claim failed. ${error.message}`);
  process.exitCode = 1;
}
