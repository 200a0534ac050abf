// What a simulated Cloudflare can be set to: its accounts, its limits, and how deployments behave.

import type { Clock, Faults, Store } from '../base/contract.ts';
import type { Repositories } from '../runner/contract.ts';

/** One Cloudflare account. */
export interface AccountOptions {
  id: string;
  /**
   * Bearer tokens with Pages:Edit on this account, unless `permissions` say less. One token may
   * serve several accounts.
   */
  tokens: string[];
  /**
   * Tokens that may do less: `read` only reads (no Pages:Edit), `none` has no part in Pages. What a
   * token may not do is 10000.
   */
  permissions?: Record<string, 'read' | 'none'>;
  /** The user whose call budget the tokens spend; the account's id when absent. */
  user?: string;
  /** How many projects fit; `Limits.projects` when absent. */
  projectLimit?: number;
  /** A blocked account refuses every write with 8000036. */
  blocked?: boolean;
  /** A user without a verified address makes no project: 8000077. */
  emailUnverified?: boolean;
  /** When the account was opened, in milliseconds since the epoch; long ago when absent. */
  created_ms?: number;
  /** Whether new subdomains are blocked for the account: 8000030 for every new project. */
  subdomainsBlocked?: boolean;
  /** Names of the account's Workers: a project of the same name is answered 8000000. */
  workerNames?: string[];
  /** Whether the Cloudflare GitHub App is connected; without it, 8000011. True when absent. */
  githubConnected?: boolean;
  /** The repositories (`owner/name`) that the GitHub App may see; all when absent. */
  githubRepositories?: string[];
  /**
   * What becomes of switching the automatic deployments of a git-connected project off; sources
   * disagree. `obeyed` (when absent); `forgotten`: PATCH answers 200 and changes nothing;
   * `ignored`: the switches are kept and shown, and pushes build all the same.
   */
  gitSwitches?: 'obeyed' | 'forgotten' | 'ignored';
  /**
   * What becomes of a Direct Upload into a git-connected project; sources disagree. `refused` (when
   * absent); `served`; `not_served`: it succeeds and the site stays as it was.
   */
  gitUploads?: 'refused' | 'served' | 'not_served';
}

/** Limits and durations. Every `_ms` is in milliseconds of the simulation's clock. */
export interface Limits {
  /** Calls per user in one window; one more blocks the user for a whole window. */
  rate_calls: number;
  rate_window_ms: number;
  /** Projects per account. */
  projects: number;
  /** While an account is younger than this, it may create at most `young_creations` projects */
  young_ms: number;
  /** in any `young_window_ms`. */
  young_creations: number;
  young_window_ms: number;
  /** Custom domains per project. */
  domains: number;
  /** How long an upload token is valid. */
  upload_token_ms: number;
  /** Files per deployment, and per upload token. */
  files: number;
  /** Largest single file. */
  file_bytes: number;
  /** Deployments above which a project can no longer be deleted. */
  deletable_deployments: number;
  /** Stages of a git build before its last. */
  queued_ms: number;
  initialize_ms: number;
  clone_repo_ms: number;
  build_ms: number;
  /** How long a build command may run by the machine's own clock, whatever the simulation's. */
  build_timeout_ms: number;
  /** The last stage of every deployment. */
  deploy_ms: number;
  /** From adding a custom domain, or asking to validate it again, until it is `pending`. */
  domain_initializing_ms: number;
  /** From then until it is active. */
  domain_ms: number;
  /** From a deployment's success until its alias serves it. */
  propagation_ms: number;
}

/** The documented limits, and durations short enough to watch. */
export const defaultLimits: Limits = {
  rate_calls: 1200,
  rate_window_ms: 300_000,
  projects: 100,
  young_ms: 48 * 3_600_000,
  young_creations: 20,
  young_window_ms: 3_600_000,
  domains: 100,
  upload_token_ms: 3_600_000,
  files: 20_000,
  file_bytes: 25 * 1024 * 1024,
  deletable_deployments: 100,
  queued_ms: 500,
  initialize_ms: 500,
  clone_repo_ms: 1_000,
  build_ms: 3_000,
  build_timeout_ms: 60_000,
  deploy_ms: 2_000,
  domain_initializing_ms: 0,
  domain_ms: 1_000,
  propagation_ms: 0,
};

/** What happens to the next deployments of a project. Absent fields mean the ordinary course. */
export interface Behaviour {
  deploy_ms?: number;
  propagation_ms?: number;
  /** `failure` ends the `fails_at` stage (the last one when absent) with a failure. */
  outcome?: 'success' | 'failure';
  fails_at?: StageName;
  /**
   * What a successful deployment serves: its own bytes; 404 for every path; what the alias served
   * before; or the sign-in redirect of an access policy.
   */
  serves?: 'new' | 'not_found' | 'old' | 'access';
  /** Whether the project is blocked: every new deployment is answered 8000119. */
  blocked?: boolean;
  /** For how many deployments this holds; for all when absent. */
  times?: number;
}

/** What the world outside does about a custom domain. */
export interface DomainPlan {
  /**
   * The host that its CNAME record names, such as `acme.pages.dev`; with another host than the
   * project's own, the domain stays `pending`. Absent: it always names the right one.
   */
  cname?: string;
  /** Where its validation ends; `active` when absent. */
  outcome?: 'active' | 'pending' | 'error' | 'blocked' | 'deactivated';
}

/** Whether deploy hooks can be listed and deleted; the API's description does not say. */
export interface HookOptions {
  listed: boolean;
  deletable: boolean;
}

/** A deploy hook of Workers Builds. Its id is a secret: whoever has it can start builds. */
export interface BuildHook {
  id: string;
  /** The account's id. */
  account: string;
  /** The Worker that is built, by its name, and the branch. */
  worker: string;
  branch: string;
}

/** The deploy hooks of Workers Builds, and what becomes of a build. */
export interface BuildHookOptions {
  hooks: readonly BuildHook[];
  /** Told of every build that begins. */
  start(hook: BuildHook, build_uuid: string): void;
}

/** The stages that every deployment passes, in this order. */
export const stageNames = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'] as const;

/** One of the stages. */
export type StageName = (typeof stageNames)[number];

/** What `createCloudflare` needs. */
export interface CloudflareOptions {
  clock: Clock;
  store: Store;
  faults?: Faults;
  accounts: AccountOptions[];
  limits?: Partial<Limits>;
  /** Seed of all identifiers; 1 when absent. */
  seed?: number;
  /** Project names that someone else has: such a project's subdomain gets a suffix. */
  takenSubdomains?: string[];
  /** Not listed, and deletable, when absent. */
  deployHooks?: HookOptions;
  /** Deploy hooks of Workers Builds; there are none when absent. */
  buildHooks?: BuildHookOptions;
  /** The repositories of git-connected projects. Without them a build has no files to read. */
  git?: Git;
}

/** The part of the repositories that builds read. */
export type Git = Pick<Repositories, 'has' | 'resolve' | 'read'>;
