// What the simulated Cloudflare stores: records, their keys, and nothing that acts on its own.

import type { Clock, Store } from '../base/contract.ts';
import type { BuildHooks } from './build_hooks.ts';
import type { Ids } from './ids.ts';
import type { AccountOptions, Behaviour, Git, HookOptions, Limits, StageName } from './options.ts';

/** An environment variable of a project. */
export interface EnvVar {
  type: 'plain_text' | 'secret_text';
  value: string;
}

/** The configuration of one environment of a project. */
export interface EnvironmentConfig {
  env_vars: Record<string, EnvVar>;
  /** Every other field, as the client set it. */
  settings: Record<string, unknown>;
}

/** The git connection of a project, complete. */
export interface GitSource {
  type: 'github' | 'gitlab';
  config: Record<string, unknown>;
}

/** A custom domain of a project. */
export interface Domain {
  id: string;
  name: string;
  created_ms: number;
  /** When its validation was last asked for; `created_ms` when absent. */
  asked_ms?: number;
  /** Whether its validation has failed for good, until it is asked for again. */
  failed?: boolean;
}

/** A deploy hook of a git-connected project. Its id is a secret: whoever has it can deploy. */
export interface Hook {
  id: string;
  account_id: string;
  project_id: string;
  name: string;
  branch: string;
  created_ms: number;
}

/** Why a push made no deployment, or a deployment no build. */
export type SkipReason =
  | 'commit_message'
  | 'production_deployments_disabled'
  | 'preview_deployments_disabled'
  | 'branch_config'
  | 'path_config'
  | 'superseded_queued_build';

/** One Pages project. Without `source` it takes Direct Uploads. */
export interface Project {
  id: string;
  account_id: string;
  name: string;
  /** The label before `.pages.dev`. */
  label: string;
  created_ms: number;
  production_branch: string;
  build_config: Record<string, unknown>;
  configs: { preview: EnvironmentConfig; production: EnvironmentConfig };
  source?: GitSource;
  /** Whether it was there before the simulation began: its builds are modelled. */
  planted?: boolean;
  domains: Domain[];
  /** Deployment ids, oldest first. */
  deployments: string[];
  /** Every rollback: which deployment became canonical again, and when. */
  rollbacks: { deployment: string; at_ms: number }[];
}

/** One deployment. Its stages follow from `created_ms`, `stages_ms` and the clock. */
export interface Deployment {
  id: string;
  environment: 'production' | 'preview';
  trigger: 'ad_hoc' | 'github:push' | 'deploy_hook';
  branch: string;
  commit_hash: string;
  commit_message: string;
  commit_dirty: boolean;
  created_ms: number;
  stages_ms: Record<StageName, number>;
  /** The stage that fails, if one does. */
  fails_at?: StageName;
  /** Set when a push was not built. */
  skip_reason?: SkipReason;
  serves: 'new' | 'not_found' | 'old' | 'access';
  propagation_ms: number;
  env_vars: Record<string, EnvVar>;
  uses_functions: boolean;
  /** Set where somebody has put other bytes behind the production alias. */
  overwritten?: boolean;
  /** Key of the content, shared by a deployment and its retries. */
  content: string;
}

/** The files of a deployment, by path, and its rule files as text. */
export interface Content {
  manifest: Record<string, string>;
  headers: string;
  redirects: string;
}

/** What every operation works on. */
export interface World {
  clock: Clock;
  store: Store;
  limits: Limits;
  accounts: AccountOptions[];
  takenLabels: Set<string>;
  deployHooks: HookOptions;
  buildHooks: BuildHooks;
  git: Git | undefined;
  ids: Ids;
  /** Signs upload tokens. */
  signingKey: string;
  /** Assets whose hash was checked since the start, by key: the path extension it holds for. */
  checkedAssets: Map<string, string>;
}

/** The store's keys. */
export const keys = {
  project: (account: string, name: string): string => `cloudflare/projects/${account}/${name}`,
  projects: (account: string): string => `cloudflare/projects/${account}/`,
  label: (label: string): string => `cloudflare/labels/${label}`,
  domain: (name: string): string => `cloudflare/domains/${name}`,
  deployment: (project: string, id: string): string => `cloudflare/deployments/${project}/${id}`,
  buildLog: (project: string, id: string): string => `cloudflare/build_logs/${project}/${id}`,
  content: (project: string, id: string): string => `cloudflare/contents/${project}/${id}`,
  contents: (project: string): string => `cloudflare/contents/${project}/`,
  asset: (project: string, hash: string): string => `cloudflare/assets/${project}/${hash}`,
  assets: (project: string): string => `cloudflare/assets/${project}/`,
  account: (id: string): string => `cloudflare/accounts/${id}`,
  creations: (account: string): string => `cloudflare/creations/${account}`,
  hook: (id: string): string => `cloudflare/hooks/${id}`,
  hooks: 'cloudflare/hooks/',
  hookOptions: 'cloudflare/hook_options',
  domainPlan: (name: string): string => `cloudflare/domain_plans/${name}`,
  behaviour: (name: string): string => `cloudflare/behaviours/${name}`,
} as const;

/** The project, or undefined. */
export function findProject(world: World, account: string, name: string): Project | undefined {
  return world.store.get<Project>(keys.project(account, name));
}

/** The projects of an account, by name. */
export function projectsOf(world: World, account: string): Project[] {
  return world.store
    .list(keys.projects(account))
    .flatMap((key) => world.store.get<Project>(key) ?? []);
}

/** The deploy hooks of a project, oldest first. */
export function hooksOf(world: World, project: Project): Hook[] {
  return world.store
    .list(keys.hooks)
    .flatMap((key) => world.store.get<Hook>(key) ?? [])
    .filter((hook) => hook.project_id === project.id)
    .sort((a, b) => a.created_ms - b.created_ms);
}

/** Stores the project under its account and name. */
export function saveProject(world: World, project: Project): void {
  world.store.put(keys.project(project.account_id, project.name), project);
}

/** The project that serves at `<label>.pages.dev`, or undefined. */
export function projectAtLabel(world: World, label: string): Project | undefined {
  return projectBehind(world, keys.label(label));
}

/** The project that serves at the custom domain `name`, or undefined. */
export function projectAtDomain(world: World, name: string): Project | undefined {
  return projectBehind(world, keys.domain(name));
}

function projectBehind(world: World, key: string): Project | undefined {
  const at = world.store.get<{ account: string; name: string }>(key);
  return at && findProject(world, at.account, at.name);
}

/** The deployments of a project, oldest first. */
export function deploymentsOf(world: World, project: Project): Deployment[] {
  return project.deployments.flatMap((id) => {
    const found = world.store.get<Deployment>(keys.deployment(project.id, id));
    return found === undefined ? [] : [found];
  });
}

/** What is set for the next deployment of the project called `name`; a limited one is used up. */
export function takeBehaviour(world: World, name: string): Behaviour {
  for (const key of [keys.behaviour(name), keys.behaviour('*')]) {
    const behaviour = world.store.get<Behaviour>(key);
    if (behaviour === undefined) continue;
    const { times } = behaviour;
    if (times !== undefined && times <= 1) world.store.delete(key);
    else if (times !== undefined) world.store.put(key, { ...behaviour, times: times - 1 });
    return behaviour;
  }
  return {};
}
