// The settings of a simulated Cloudflare as JSON, read strictly: for configuration files and for
// changes while it runs.

import {
  boolean,
  list,
  number,
  object,
  oneOf,
  type Reader,
  record,
  string,
} from '../base/strict.ts';
import {
  type AccountOptions,
  type Behaviour,
  type CloudflareOptions,
  type DomainPlan,
  type Limits,
  stageNames,
} from './options.ts';

const whole = number(0, 1e13);
const text = string(/./);

const changeable = {
  tokens: list(text, 100),
  permissions: record(oneOf('read', 'none')),
  user: text,
  projectLimit: whole,
  blocked: boolean,
  emailUnverified: boolean,
  created_ms: whole,
  subdomainsBlocked: boolean,
  workerNames: list(text, 10_000),
  githubConnected: boolean,
  githubRepositories: list(text, 10_000),
  gitSwitches: oneOf('obeyed', 'forgotten', 'ignored'),
  gitUploads: oneOf('refused', 'served', 'not_served'),
};

const account: Reader<AccountOptions> = object({ id: text, tokens: changeable.tokens }, changeable);

const limits: Reader<Partial<Limits>> = object(
  {},
  {
    rate_calls: whole,
    rate_window_ms: whole,
    projects: whole,
    young_ms: whole,
    young_creations: whole,
    young_window_ms: whole,
    domains: whole,
    upload_token_ms: whole,
    files: whole,
    file_bytes: whole,
    deletable_deployments: whole,
    queued_ms: whole,
    initialize_ms: whole,
    clone_repo_ms: whole,
    build_ms: whole,
    build_timeout_ms: whole,
    deploy_ms: whole,
    domain_initializing_ms: whole,
    domain_ms: whole,
    propagation_ms: whole,
  },
);

/** The part of the options that a configuration file gives. */
export type CloudflareSettings = Omit<
  CloudflareOptions,
  'clock' | 'store' | 'faults' | 'seed' | 'git' | 'buildHooks'
>;

/** Accepts the `cloudflare` part of a configuration file. */
export const cloudflareSettings: Reader<CloudflareSettings> = object(
  { accounts: list(account, 1_000) },
  {
    limits,
    takenSubdomains: list(text, 10_000),
    deployHooks: object({ listed: boolean, deletable: boolean }),
  },
);

/** Accepts a change of an account's settings. */
export const accountChange = object({ id: text, change: object({}, changeable) });

/** Accepts whether deploy hooks can be listed and deleted. */
export const hooksChange = object({}, { listed: boolean, deletable: boolean });

/** Accepts how the next deployments of a project (`*`: of all) behave. */
export const behaviourChange: Reader<{ project: string; behaviour: Behaviour }> = object({
  project: text,
  behaviour: object(
    {},
    {
      deploy_ms: whole,
      propagation_ms: whole,
      outcome: oneOf('success', 'failure'),
      fails_at: oneOf(...stageNames),
      serves: oneOf('new', 'not_found', 'old', 'access'),
      blocked: boolean,
      times: number(1, 1e9),
    },
  ),
});

/** Accepts the project whose alias is to serve other bytes. */
export const overwriteChange = object({ project: text });

/** Accepts what the world outside does about a custom domain. */
export const domainChange: Reader<{ name: string; plan: DomainPlan }> = object({
  name: text,
  plan: object(
    {},
    { cname: text, outcome: oneOf('active', 'pending', 'error', 'blocked', 'deactivated') },
  ),
});
