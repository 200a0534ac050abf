// Step 2: fetches every deployment's configuration, outside of the starter's tree, and says which
// deployments go on to be built.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createApi } from './lib/api.js';
import { configFile, endStep, fail, loadBatch, saveBatch, waitingAt } from './lib/batch.js';
import { reportBuilding, reportResults } from './lib/reports.js';
import { annotate, logTail } from './lib/text.js';
import { readPlatformConfig } from './write-platform-config.js';

const AT_ONCE = 4;

/** `W/"3-ab"` is `"3-ab"` after a proxy has compressed the answer. */
function entityTag(headers, version) {
  const tag = (headers.get('etag') ?? '').replace(/^W\//, '');
  if (/^"[\x21\x23-\x7e]{1,200}"$/.test(tag) && tag.startsWith(`"${version}-`)) return tag;
  throw new Error(`The configuration's ETag is not of version ${version}: ${tag.slice(0, 80)}`);
}

async function fetchConfig(api, deployment) {
  const { platformId, environment, configVersion, deploymentId } = deployment;
  const path = `/api/v1/platforms/${platformId}/config?env=${environment}&version=${configVersion}`;
  try {
    const { body, headers } = await api.call('GET', path);
    deployment.configEtag = entityTag(headers, configVersion);
    writeFileSync(configFile(deploymentId), JSON.stringify(readPlatformConfig(body)));
    deployment.step = 'configured';
  } catch (error) {
    annotate('warning', `${platformId}: no configuration. ${error.message}`);
    fail(deployment, 'config_unavailable', logTail(error.message));
  }
}

const api = createApi();
const batch = loadBatch();
const waiting = waitingAt(batch, 'claimed');
mkdirSync(dirname(configFile('any')), { recursive: true, mode: 0o700 });
const queue = waiting.values();
const fetchers = Array.from({ length: AT_ONCE }, async () => {
  for (const deployment of queue) await fetchConfig(api, deployment);
});
await Promise.all(fetchers);
saveBatch(batch);
await reportResults(api, batch);
await reportBuilding(api, batch, waitingAt(batch, 'configured'));
endStep(batch);
