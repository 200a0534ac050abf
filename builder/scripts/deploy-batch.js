// Step 5: uploads one built site after the other, each when it is its turn, and reports each as it
// ends. The only step that sees the Cloudflare credential; it runs nothing of the starter's.

import { createApi } from './lib/api.js';
import { drop, endStep, fail, loadBatch, saveBatch, siteDir, waitingAt } from './lib/batch.js';
import { OUT_OF_TIME } from './lib/deadline.js';
import { reportBuilding, reportResults } from './lib/reports.js';
import { checkSite, manifestDigest } from './lib/site.js';
import { annotate, logTail } from './lib/text.js';
import { takeTurn } from './lib/turns.js';
import { deploySite } from './lib/wrangler.js';

async function upload(batch, deployment, site) {
  const digest = manifestDigest(site);
  const { record, output } = await deploySite(site, deployment, batch.untilMs);
  if (record === undefined) {
    annotate('warning', `${deployment.platformId}: wrangler recorded no deployment`);
    fail(deployment, 'deploy_failed', logTail(output));
    return;
  }
  deployment.result = {
    deploymentId: deployment.deploymentId,
    outcome: 'uploaded',
    configEtag: deployment.configEtag,
    pagesDeploymentId: record.id,
    url: record.url,
    manifestDigest: digest,
  };
}

async function deploy(api, batch, deployment) {
  try {
    const site = siteDir(deployment.deploymentId);
    // Once more: whatever ran since the site was built could have changed it.
    checkSite(site, deployment);
    const turn = await takeTurn(api, batch, deployment.deploymentId);
    if (turn === 'granted') await upload(batch, deployment, site);
    else if (turn === 'late') fail(deployment, 'out_of_time', OUT_OF_TIME);
    else drop(deployment);
    if (turn === 'dropped') console.log('It was cancelled or superseded meanwhile: left out.');
  } catch (error) {
    // Another run has the batch: nothing further of this one counts.
    if (batch.fenced) throw error;
    annotate('warning', `${deployment.platformId}: the upload failed. ${error.message}`);
    fail(deployment, 'deploy_failed', logTail(error.message));
  }
}

for (const name of ['CF_API_TOKEN', 'CF_ACCOUNT_ID']) {
  if (!process.env[name]) throw new Error(`The secret ${name} is missing`);
}
const api = createApi();
const batch = loadBatch();
await reportResults(api, batch);
// A run that was given up meanwhile hears so here, before it uploads anything.
await reportBuilding(api, batch, waitingAt(batch, 'built'));
for (const deployment of waitingAt(batch, 'built')) {
  console.log(`::group::${deployment.projectName} (${deployment.deploymentId})`);
  await deploy(api, batch, deployment);
  saveBatch(batch);
  await reportResults(api, batch);
  console.log('::endgroup::');
}
endStep(batch);
