// The settings of a simulated Cloudflare as JSON, read strictly: for configuration files and for
// changes while it runs.

import { boolean, list, number, object, oneOf, type Reader, string } from '../base/strict.ts';
import {
  type AccountOptions,
  type Behaviour,
  type CloudflareOptions,
  type Limits,
  stageNames,
} from './options.ts';

const whole = number(0, 1e12);
const text = string(/./);

const changeable = {
  tokens: list(text, 100),
  user: text,
  projectLimit: whole,
  blocked: boolean,
  githubConnected: boolean,
};

const account: Reader<AccountOptions> = object({ id: text, tokens: changeable.tokens }, changeable);

const limits: Reader<Partial<Limits>> = object(
  {},
  {
    rate_calls: whole,
    rate_window_ms: whole,
    projects: whole,
    upload_token_ms: whole,
    files: whole,
    file_bytes: whole,
    deletable_deployments: whole,
    queued_ms: whole,
    initialize_ms: whole,
    clone_repo_ms: whole,
    build_ms: whole,
    deploy_ms: whole,
    domain_ms: whole,
    propagation_ms: whole,
  },
);

/** The part of the options that a configuration file gives. */
export type CloudflareSettings = Omit<CloudflareOptions, 'clock' | 'store' | 'faults' | 'seed'>;

/** Accepts the `cloudflare` part of a configuration file. */
export const cloudflareSettings: Reader<CloudflareSettings> = object(
  { accounts: list(account, 1_000) },
  { limits, takenSubdomains: list(text, 10_000), uploadsIntoGitProjects: boolean },
);

/** Accepts a change of an account's settings. */
export const accountChange = object({ id: text, change: object({}, changeable) });

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
      times: number(1, 1e9),
    },
  ),
});
