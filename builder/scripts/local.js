// The builder without GitHub: claims the batches of an account that wait for a runner and serves
// their shards one after the other. The steps are the workflow's own scripts.

import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { deadlines } from './lib/deadline.js';
import { createLog } from './local/log.js';
import { readOptions, USAGE, UsageError } from './local/options.js';
import { serveShard } from './local/shard.js';

const POLL_MS = Number(process.env.SLIPWAY_POLL_MS ?? 10_000);
const SIGNALS = { SIGINT: 130, SIGTERM: 143 };

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A run's id: 20 digits, as GitHub has numbers. */
function drawRunId() {
  const digits = Array.from({ length: 19 }, () => randomInt(10));
  return `${randomInt(1, 10)}${digits.join('')}`;
}

/** Serves the next batch that waits. Gives undefined when none does, or `{ reached, counted }`. */
async function serveBatch(order) {
  const { untilMs } = deadlines(order.env, Date.now());
  const first = await serveShard({ ...order, untilMs, selector: { NEXT_BATCH: 'true' }, shard: 0 });
  if (first.batchId === undefined) return first.reached ? undefined : { reached: false };
  const { batchId, environment, shards, counted } = first;
  let { fenced } = first;
  for (let shard = 1; shard < shards && !fenced; shard += 1) {
    const selector = { BATCH_ID: batchId };
    const served = await serveShard({ ...order, untilMs, environment, selector, shard });
    fenced = served.fenced || (served.reached && served.batchId === undefined);
    for (const name of Object.keys(served.counted ?? {})) counted[name] += served.counted[name];
  }
  if (fenced) say('Another run has this batch now: the rest is left to it.');
  const { uploaded, failed, dropped } = counted;
  say(`batch ${batchId}: ${uploaded} uploaded, ${failed} failed, ${dropped} dropped`);
  return { reached: true, counted };
}

/** Waits a while, or less when it is stopped. */
async function rest(stop) {
  await pause(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
}

/** Serves batches until the options say that it is enough, or until it is stopped. */
async function serve(options, env, stop) {
  const { account, environment, once, wait, starter } = options;
  const log = createLog(env, (line) => process.stdout.write(`${line}\n`));
  let runId = drawRunId();
  let waiting = false;
  for (let first = true; !stop.aborted; first = false) {
    const order = { account, environment, starter, runId, env, log, say, stop };
    const served = await serveBatch(order);
    if (served?.reached === false && (first || (once && !wait))) return 1;
    if (served === undefined && once && !wait) return 0;
    if (served?.counted === undefined) {
      if (!waiting) say(`waiting for a batch of ${account}`);
      waiting = true;
      await rest(stop);
      continue;
    }
    const { uploaded, failed, dropped } = served.counted;
    if (once && !stop.aborted) return failed > 0 && uploaded + dropped === 0 ? 1 : 0;
    waiting = false;
    runId = drawRunId();
  }
  return SIGNALS[stop.reason];
}

async function main(args, env) {
  const options = readOptions(args, env);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  deadlines(env, Date.now());
  const stop = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(code);
      say('stopping: what is open is reported as cancelled');
      stop.abort(signal);
    });
  }
  return serve(options, env, stop.signal);
}

try {
  process.exitCode = await main(process.argv.slice(2), process.env);
} catch (error) {
  say(error instanceof UsageError ? `${error.message}. See --help.` : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
