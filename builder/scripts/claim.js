// Step 1: takes the batch that this run was started for, or finds that another run has it.
// Outputs: claimed (`true` or `false`), shell_sha (the starter's commit, or empty).

import { appendFileSync, rmSync } from 'node:fs';
import { createApi } from './lib/api.js';
import { endStep, fail, saveBatch, workDir } from './lib/batch.js';
import { claimOf, mismatch, readBatch, readInputs } from './lib/protocol.js';
import { annotate } from './lib/text.js';

function output(name, value) {
  if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `${name}=${value}\n`);
}

async function claim(api, inputs) {
  try {
    const { body } = await api.call('POST', '/api/v1/claims', claimOf(inputs));
    return readBatch(body, inputs);
  } catch (error) {
    if (error.code !== 'claim.fenced') throw error;
    annotate('notice', 'Another run serves this dispatch, or it was given up. Nothing to do.');
    return undefined;
  }
}

try {
  const inputs = readInputs();
  rmSync(workDir(), { recursive: true, force: true });
  const batch = await claim(createApi(), inputs);
  output('claimed', batch !== undefined);
  if (batch !== undefined) {
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
} catch (error) {
  annotate('error', `The claim failed. ${error.message}`);
  process.exitCode = 1;
}
