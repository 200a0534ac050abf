// What a fleet in one process is made of: its options, variables, secrets and environments.
import type { Core } from '../../../bindings/js/core.ts';
import type { Faults, Fetch } from '../../../simulator/base/contract.ts';
import type { AccountOptions, Limits } from '../../../simulator/cloudflare/index.ts';
import type { AppOptions } from '../../../simulator/github/apps.ts';
import type { Limits as GithubLimits } from '../../../simulator/github/limits.ts';
import type { ModelledRunnerOptions } from '../../../simulator/runner/modelled.ts';
import type { BuildPlan } from '../../../simulator/runner/workers_builds.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import type { OnCall } from '../support/countable.ts';
import type { QueuedEffect } from '../support/memory_ports.ts';
import type { SqliteDb } from '../support/sqlite_db.ts';

/** The Cloudflare account of every fleet. */
export const account_id = '0123456789abcdef0123456789abcdef';

/** The secrets of the GitHub environments of that account. */
export const secrets = {
  NNO_INTERNAL_API_KEY: 'internal-key',
  NNO_API_URL: 'http://slipway.test',
  CF_API_TOKEN: 'cloudflare-token',
  CF_ACCOUNT_ID: account_id,
};

/** The instance's usual variables. */
export const variables = {
  CONFIG_STORE: 'd1',
  CF_ACCOUNT_NAME: 'main',
  CF_ACCOUNT_ID: account_id,
  GITHUB_OWNER: 'neutrino-io',
  GITHUB_BUILDER_REPOSITORY: 'nno-platform-builder',
  GITHUB_BUILDER_WORKFLOW: 'build.yml',
  GITHUB_BUILDER_REF: 'main',
  SHELL_SHA: '',
  GITHUB_API_URL: 'http://github.test',
  CLOUDFLARE_API_URL: 'http://cloudflare.test/client/v4',
  PAGES_ORIGIN: 'http://sites.test/sites/{host}',
  GITHUB_TOKEN: 'github-token',
  CF_API_TOKEN: secrets.CF_API_TOKEN,
  SLIPWAY_ADMIN_KEY: 'admin-key',
  NNO_INTERNAL_API_KEY: secrets.NNO_INTERNAL_API_KEY,
};

/** A further Cloudflare account: how it behaves, its name in Slipway and its token. */
export interface FleetAccount extends Omit<AccountOptions, 'tokens'> {
  readonly name: string;
  readonly token: string;
}

/** What a test may choose. */
export interface FleetOptions {
  readonly core: Core;
  /** What is stored already; default: nothing. */
  readonly db?: SqliteDb;
  /** Told of every outside call of the shim; throwing Crash ends the process there. */
  readonly onCall?: OnCall;
  readonly faults?: Faults;
  readonly seed?: number;
  /** How long a new run is missing from GitHub's lists, in milliseconds. */
  readonly listLag_ms?: number;
  /** The instance's variables and secrets that differ from the usual ones. */
  readonly variables?: Readonly<Record<string, string>>;
  /** GitHub Apps that exist. */
  readonly apps?: readonly AppOptions[];
  /** The builder's runs prove themselves by GitHub's tokens, and use no key. */
  readonly keyless?: boolean;
  /** How long the parts of a builder's run take, and which builds fail. */
  readonly runner?: Pick<
    ModelledRunnerOptions,
    'timings' | 'failures' | 'slots' | 'dies' | 'neverStarts'
  >;
  /** Deploy hooks of Workers Builds, and what their builds do. */
  readonly hooks?: readonly Pick<BuildPlan, 'id' | 'claims'>[];
  /** The content of the builder's repository; default: the builder of this repository. */
  readonly builder?: string;
  /** Cloudflare accounts beside `main`; a test registers them by the API. */
  readonly accounts?: readonly FleetAccount[];
  /** What differs from the documented limits of the simulated Cloudflare. */
  readonly cloudflareLimits?: Partial<Limits>;
  /** Whether deploy hooks can be listed and deleted. */
  readonly deployHooks?: { readonly listed: boolean; readonly deletable: boolean };
  /** Settings of the Cloudflare account. */
  readonly account?: Partial<AccountOptions>;
  /** Ceilings of GitHub that differ from its own. */
  readonly githubLimits?: GithubLimits;
  /** Names of Pages projects that someone else has. */
  readonly takenSubdomains?: string[];
  /** What the queue makes of one message: none, several, other times. */
  readonly deliver?: (message: QueuedEffect) => readonly QueuedEffect[];
  /** Whether everything that is due at one instant runs beside the other, the cron included. */
  readonly concurrent?: boolean;
  /** Stands between the builder and the API; `serve` answers as the API does. */
  readonly toApi?: (request: Request, serve: Fetch) => Promise<Response>;
  /** Stands between the shim and its ports. */
  readonly wrapPorts?: (ports: Ports) => Ports;
}

/** The variables with the tokens of further accounts. */
export function tokensOf(accounts: readonly FleetAccount[]): Record<string, string> {
  const variableOf = (name: string): string => name.toUpperCase().replaceAll('-', '_');
  return Object.fromEntries(
    accounts.map(({ name, token }) => [`CF_API_TOKEN_${variableOf(name)}`, token]),
  );
}

/** The secrets of each GitHub environment: `<account>-<env>`. */
export function environmentsOf(
  accounts: readonly FleetAccount[],
): Record<string, Readonly<Record<string, string>>> {
  const all = [
    { name: 'main', own: secrets },
    ...accounts.map(({ name, token, id }) => ({
      name,
      own: { ...secrets, CF_API_TOKEN: token, CF_ACCOUNT_ID: id },
    })),
  ];
  const named = all.flatMap(({ name, own }) =>
    ['dev', 'stg', 'prod'].map((env) => [`${name}-${env}`, own] as const),
  );
  return Object.fromEntries(named);
}
