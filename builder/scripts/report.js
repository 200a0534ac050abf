// Last step, always: whatever has no result by now failed, and whatever was not reported is.
// Reads JOB_STATUS and the outcomes of the earlier steps, <STEP>_OUTCOME.

import { appendFileSync } from 'node:fs';
import { createApi } from './lib/api.js';
import { endStep, fail, findBatch, saveBatch } from './lib/batch.js';
import { reportResults } from './lib/reports.js';
import { annotate } from './lib/text.js';

// In the workflow's order: the first step that did not succeed is why the rest did not happen.
const STEPS = [
  ['CLAIM', 'config_unavailable'],
  ['STARTER', 'install_failed'],
  ['FETCH', 'config_unavailable'],
  ['WRANGLER', 'install_failed'],
  ['INSTALL', 'install_failed'],
  ['BUILD', 'build_failed'],
  ['DEPLOY', 'deploy_failed'],
];

/** The protocol's reason and a sentence for the deployments that nothing else was said about. */
function whyUnfinished(env) {
  if (env.JOB_STATUS === 'cancelled') return ['cancelled', 'The run was cancelled.'];
  for (const [step, reason] of STEPS) {
    const outcome = env[`${step}_OUTCOME`] ?? '';
    if (outcome === 'success' || outcome === '') continue;
    return [reason, `The step "${step.toLowerCase()}" ended as ${outcome}. See the run's log.`];
  }
  return ['deploy_failed', "The run ended before this deployment did. See the run's log."];
}

function summary(batch) {
  const rows = batch.deployments.map(({ platformId, environment, configVersion, result }) => {
    const outcome = result?.outcome ?? 'dropped';
    const said = result?.reason ?? result?.url ?? '';
    return `| ${platformId} | ${environment} | ${configVersion} | ${outcome} | ${said} |`;
  });
  const head = '| platform | environment | configuration | outcome | |\n|---|---|---|---|---|';
  return `### Batch ${batch.batchId}, shard ${batch.shard}\n\n${[head, ...rows].join('\n')}\n`;
}

const batch = findBatch();
if (batch === undefined) {
  console.log('This run claimed no batch: nothing to report.');
} else if (batch.fenced) {
  annotate('error', 'Another run holds this batch now: nothing of this run counts.');
} else {
  const [reason, sentence] = whyUnfinished(process.env);
  for (const deployment of batch.deployments) fail(deployment, reason, sentence);
  saveBatch(batch);
  if (!(await reportResults(createApi(), batch))) {
    annotate('error', 'Not every result could be reported. Slipway ends them at its own deadline.');
  }
  console.log(summary(batch));
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file) appendFileSync(file, summary(batch));
  endStep(batch);
}
