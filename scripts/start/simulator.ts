// Starts the simulated GitHub and Cloudflare with the real runner.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, toolEnv } from '../setup.mjs';
import { type Child, type Command, startChild, untilAnswering } from './child.ts';
import { builder_repository, github_owner, type Instance, starter_repository } from './instance.ts';
import { org_repository } from './orgs.ts';

/** Resolves when it answers. */
export async function startSimulator(instance: Instance): Promise<Child> {
  const config = join(instance.state, 'simulator.json');
  mkdirSync(instance.package_cache, { recursive: true });
  writeFileSync(config, JSON.stringify(settings(instance), null, 2), { mode: 0o600 });
  const args = ['--config', config, '--state', join(instance.state, 'simulator')];
  const command: Command = {
    program: node24(),
    args: [join(root, 'simulator/main.ts'), '--port', String(instance.simulator_port), ...args],
    cwd: root,
    env: toolEnv(),
    log: join(instance.state, 'logs/simulator.log'),
  };
  const child = startChild(command);
  await untilAnswering(`${instance.simulator_url}/_sim/state`, child, command);
  return child;
}

/** Chooses the runner for what is dispatched from now on. */
export async function chooseRunner(instance: Instance, mode: 'real' | 'modelled'): Promise<void> {
  const response = await fetch(`${instance.simulator_url}/_sim/runner`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode }),
  });
  if (!response.ok) throw new Error(`the simulator refused the runner: ${await response.text()}`);
}

function settings(instance: Instance): object {
  const { secrets } = instance;
  const environment = {
    NNO_INTERNAL_API_KEY: secrets.internal_key,
    NNO_API_URL: instance.worker_url,
    CF_API_TOKEN: secrets.cloudflare_token,
    CF_ACCOUNT_ID: secrets.cloudflare_account,
  };
  return {
    cloudflare: {
      accounts: [
        { id: secrets.cloudflare_account, tokens: [secrets.cloudflare_token] },
        { id: secrets.other_account, tokens: [secrets.other_token] },
      ],
    },
    issuer: { url: instance.simulator_url },
    github: {
      tokens: [secrets.github_token],
      repositories: {
        [`${github_owner}/${builder_repository}`]: join(root, 'builder'),
        [`${github_owner}/${starter_repository}`]: join(root, 'starter'),
        [`${github_owner}/${org_repository}`]: join(root, 'simulator/ark_site'),
      },
      environments: { 'main-dev': environment, 'main-stg': environment, 'main-prod': environment },
      vars: { CLOUDFLARE_API_BASE_URL: `${instance.simulator_url}/cloudflare/client/v4` },
      runner: 'real',
      // So that a fleet comes up before the reader has gone.
      modelled: { queue_ms: 2_000, setup_ms: 6_000, build_ms: 1_000, deploy_ms: 1_000 },
      publicUrl: instance.simulator_url,
      directory: join(instance.state, 'runner'),
      packageCache: instance.package_cache,
      nodeBin: node24(),
      pnpmBin: join(root, 'node_modules/pnpm/bin/pnpm.cjs'),
    },
  };
}
