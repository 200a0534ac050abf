// Telling Slipway what happened, in pages, each result until it is accepted.

import { ApiError } from './api.js';
import { saveBatch } from './batch.js';
import { annotate } from './text.js';

const PAGE_RESULTS = 50;
const PAGE_BYTES = 64 * 1024;

/** Splits results into calls of at most 50 results and about 64 KiB. */
export function pagesOf(results) {
  const pages = [];
  let bytes = 0;
  for (const result of results) {
    const size = Buffer.byteLength(JSON.stringify(result));
    const page = pages.at(-1);
    if (page === undefined || page.length === PAGE_RESULTS || bytes + size > PAGE_BYTES) {
      pages.push([result]);
      bytes = size;
    } else {
      page.push(result);
      bytes += size;
    }
  }
  return pages;
}

/**
 * Sends one page. False when it could not be delivered, which is no reason to stop.
 * @throws ApiError when another run holds the batch: everything further would be refused, too.
 */
async function send(api, batch, results) {
  try {
    const { batchId, runId } = batch;
    await api.call('POST', `/api/v1/batches/${batchId}/reports`, { runId, results });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'report.fenced') {
      batch.fenced = true;
      saveBatch(batch);
      throw error;
    }
    annotate('warning', `A report was not accepted: ${error.message}`);
    return false;
  }
}

/** Reports that the deployments are being built. Said once; a loss does not matter. */
export async function reportBuilding(api, batch, deployments) {
  const results = deployments.map(({ deploymentId }) => ({ deploymentId, outcome: 'building' }));
  for (const page of pagesOf(results)) await send(api, batch, page);
}

/** Reports every result that was not accepted yet. True when nothing is left to report. */
export async function reportResults(api, batch) {
  const open = batch.deployments.filter((each) => each.result !== undefined && !each.reported);
  for (const page of pagesOf(open.map((each) => each.result))) {
    if (!(await send(api, batch, page))) continue;
    const accepted = new Set(page.map((result) => result.deploymentId));
    for (const each of open) {
      if (accepted.has(each.deploymentId)) each.reported = true;
    }
    saveBatch(batch);
  }
  return open.every((each) => each.reported);
}
