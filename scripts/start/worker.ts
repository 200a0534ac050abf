// Starts the Worker under wrangler on loopback, keeps it running, and ticks its cron, which the
// local runtime never does by itself.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../lib/process.mjs';
import { root, toolEnv } from '../setup.mjs';
import { answers, type Command, startChild, untilAnswering } from './child.ts';
import { builder_repository, github_owner, type Instance } from './instance.ts';
import { orgVariables } from './orgs.ts';

/** The Worker, kept running. */
export interface KeptWorker {
  stop(): Promise<void>;
}

const tick_every_ms = 5_000;
const check_every_ms = 2_000;
const failures_max = 3;
const wrangler = join(root, 'node_modules/.bin/wrangler');

/**
 * Migrates the database and starts the Worker; resolves when it answers. A Worker that dies is
 * started again; `told` hears of it.
 */
export async function startWorker(
  instance: Instance,
  told: (text: string) => void,
): Promise<KeptWorker> {
  await migrate(instance);
  const command = writeCommand(instance);
  let child = startChild(command);
  await untilAnswering(`${instance.worker_url}/healthz`, child, command);
  let stopping = false;
  const kept = keep();
  const ticking = setInterval(() => void tick(instance), tick_every_ms);
  void tick(instance);

  async function keep(): Promise<void> {
    let failures = 0;
    while (!stopping) {
      await new Promise((resolve) => setTimeout(resolve, check_every_ms));
      if (stopping) return;
      failures = (await answers(`${instance.worker_url}/healthz`)) ? 0 : failures + 1;
      if (!child.over() && failures < failures_max) continue;
      told('the Worker died; starting it again');
      await child.stop();
      child = startChild(command);
      await untilAnswering(`${instance.worker_url}/healthz`, child, command).catch((error) =>
        told(String(error)),
      );
      failures = 0;
      void tick(instance);
    }
  }
  return {
    async stop() {
      stopping = true;
      clearInterval(ticking);
      await kept.catch(() => undefined);
      await child.stop();
    },
  };
}

async function tick(instance: Instance): Promise<void> {
  await answers(`${instance.worker_url}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`);
}

// Applies migrations that this instance has not seen; wrangler takes seconds to find out.
async function migrate(instance: Instance): Promise<void> {
  const folder = join(root, 'worker-shim/migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  const digest = hash.digest('hex');
  const stamp = join(instance.state, 'migrated');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to'];
  await must([wrangler, ...args, join(instance.state, 'wrangler')], 'migrating the database', {
    env: toolEnv(),
  });
  writeFileSync(stamp, digest);
}

function writeCommand(instance: Instance): Command {
  const variables = join(instance.state, 'worker.env');
  const lines = Object.entries(workerVariables(instance)).map(
    ([name, value]) => `${name}=${value}`,
  );
  writeFileSync(variables, `${lines.join('\n')}\n`, { mode: 0o600 });
  const address = ['--ip', '127.0.0.1', '--port', String(instance.worker_port)];
  const quiet = ['--inspector-port', '0', '--show-interactive-dev-session=false'];
  const persist = ['--persist-to', join(instance.state, 'wrangler'), '--env-file', variables];
  return {
    program: wrangler,
    args: ['dev', '--local', ...address, ...quiet, ...persist],
    cwd: root,
    env: toolEnv(),
    log: join(instance.state, 'logs/worker.log'),
  };
}

function workerVariables(instance: Instance): Record<string, string> {
  const { secrets, simulator_url } = instance;
  return {
    CF_ACCOUNT_ID: secrets.cloudflare_account,
    GITHUB_OWNER: github_owner,
    GITHUB_BUILDER_REPOSITORY: builder_repository,
    GITHUB_API_URL: `${simulator_url}/github`,
    CLOUDFLARE_API_URL: `${simulator_url}/cloudflare/client/v4`,
    PAGES_ORIGIN: `${simulator_url}/sites/{host}`,
    SLIPWAY_ADMIN_KEY: secrets.admin_key,
    NNO_INTERNAL_API_KEY: secrets.internal_key,
    GITHUB_TOKEN: secrets.github_token,
    GITHUB_WEBHOOK_SECRET: secrets.webhook_secret,
    CF_API_TOKEN: secrets.cloudflare_token,
    ...orgVariables(instance, github_owner),
  };
}
