// A turn: Slipway's leave to upload one site now. wrangler spends the calls that the Cloudflare
// user has in five minutes, so Slipway hands them out one deployment at a time.

import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from './api.js';
import { saveBatch } from './batch.js';

const LONGEST_WAIT_MS = 60_000;
const JITTER = 0.2;
const REASON = /^[\w.-]{1,64}$/;
const CLOCK = { now: Date.now, sleep: (ms) => pause(ms), random: Math.random };

function readWait({ waitMs }) {
  if (Number.isSafeInteger(waitMs) && waitMs >= 1 && waitMs <= LONGEST_WAIT_MS) return waitMs;
  throw new Error(`The turn's waitMs is not a whole number of 1 to ${LONGEST_WAIT_MS}`);
}

async function ask(api, batch, deploymentId) {
  try {
    const { batchId, runId } = batch;
    const body = { runId, deploymentId };
    return (await api.call('POST', `/api/v1/batches/${batchId}/turns`, body)).body;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // An API that knows no turns.
    if (error.status === 404) return { turn: 'granted' };
    if (error.code === 'report.fenced') {
      batch.fenced = true;
      saveBatch(batch);
    }
    throw error;
  }
}

/**
 * Waits for the turn of one deployment, until the batch's time is over. Gives `granted`: upload it
 * now; `dropped`: it is not wanted any more; `late`: no turn came in time.
 * @throws ApiError, with `batch.fenced` set when another run holds the batch; Error
 */
export async function takeTurn(api, batch, deploymentId, clock = CLOCK) {
  let said = false;
  for (;;) {
    if (clock.now() >= batch.untilMs) return 'late';
    const answer = await ask(api, batch, deploymentId);
    const turn = answer?.turn;
    if (turn === 'granted' || turn === 'dropped') return turn;
    if (turn !== 'wait') throw new Error('The answer is no turn');
    const waitMs = Math.ceil(readWait(answer) * (1 + JITTER * clock.random()));
    if (!said) {
      const reason = REASON.test(answer.reason ?? '') ? answer.reason : 'no reason given';
      console.log(`Waiting for the turn of ${deploymentId}: ${reason}`);
    }
    said = true;
    if (clock.now() + waitMs >= batch.untilMs) return 'late';
    await clock.sleep(waitMs);
  }
}
