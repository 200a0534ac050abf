// The git connection of a project: which repository it is, whether the account's GitHub App may see
// it, and which pushes it builds by itself.

import { stableId } from '../base/random.ts';
import type { SourceChange } from './bodies.ts';
import { refusal } from './errors.ts';
import type { GitSource, Project, SkipReason, World } from './model.ts';
import type { AccountOptions } from './options.ts';

const switches = [
  'deployments_enabled',
  'production_deployments_enabled',
  'preview_deployment_setting',
];

/** The repository as `owner/name`. */
export function repositoryOf(source: Pick<GitSource, 'config'>): string {
  return `${String(source.config.owner)}/${String(source.config.repo_name)}`;
}

/** Refuses a connection that the account's GitHub App cannot make: 8000011 or 8000012. */
export function requireConnectable(
  world: World,
  account: AccountOptions,
  source: Pick<GitSource, 'type' | 'config'>,
): void {
  if (account.githubConnected === false) throw refusal('gitInstallation');
  const known = source.type !== 'github' || (world.git?.has(repositoryOf(source)) ?? true);
  if (!known || !isSelected(account, repositoryOf(source))) throw refusal('repositoryNotSelected');
}

/** Refuses a build of a project whose connection is gone with 8000008. */
export function requireConnected(account: AccountOptions, project: Project): void {
  if (project.source !== undefined && !isConnected(account, project.source)) {
    throw refusal('gitDisconnected');
  }
}

/** Whether the account's GitHub App sees the repository. */
export function isConnected(account: AccountOptions, source: GitSource): boolean {
  return account.githubConnected !== false && isSelected(account, repositoryOf(source));
}

/** A new connection with everything that the client left out. */
export function completeSource(
  sent: Pick<GitSource, 'type' | 'config'>,
  productionBranch: string,
): GitSource {
  const owner = String(sent.config.owner);
  const defaults = {
    owner_id: String(stableId(owner)),
    repo_id: String(stableId(repositoryOf(sent))),
    deployments_enabled: true,
    production_deployments_enabled: true,
    pr_comments_enabled: true,
    preview_deployment_setting: 'all',
    preview_branch_includes: ['*'],
    preview_branch_excludes: [],
    path_includes: ['*'],
    path_excludes: [],
  };
  const config = { ...defaults, ...sent.config, production_branch: productionBranch };
  return { type: sent.type, config };
}

/** The connection after a PATCH; 8000069 on a Direct Upload project. */
export function changedSource(
  world: World,
  account: AccountOptions,
  project: Project,
  change: SourceChange,
): GitSource {
  if (project.source === undefined) throw refusal('directUploadSource');
  const kept = Object.entries(change.config).filter(
    ([name]) => account.gitSwitches !== 'forgotten' || !switches.includes(name),
  );
  const config = { ...project.source.config, ...Object.fromEntries(kept) };
  const source = { type: change.type, config };
  if (repositoryOf(source) !== repositoryOf(project.source)) {
    requireConnectable(world, account, source);
  }
  return source;
}

/** A push to a branch. */
export interface Push {
  /** `owner/name`. */
  repository: string;
  branch: string;
  /** 40 hex digits. */
  commit_hash: string;
  message: string;
  /** Paths that differ from the commit before. */
  changed: string[];
}

/** Why a push to a connected repository is not built, or undefined where it is. */
export function skipReason(
  account: AccountOptions,
  project: Project,
  push: Push,
): SkipReason | undefined {
  const config = project.source?.config ?? {};
  if (/^\s*\[(ci[ -]skip|skip[ -]ci|cf-pages-skip)\]/i.test(push.message)) return 'commit_message';
  if (account.gitSwitches !== 'ignored') {
    const enabled = config.deployments_enabled !== false;
    if (push.branch === project.production_branch) {
      const wanted = enabled && config.production_deployments_enabled !== false;
      if (!wanted) return 'production_deployments_disabled';
    } else {
      const setting = enabled ? config.preview_deployment_setting : 'none';
      if (setting === 'none') return 'preview_deployments_disabled';
      const { preview_branch_includes: yes, preview_branch_excludes: no } = config;
      if (setting === 'custom' && !isIncluded(push.branch, yes, no)) return 'branch_config';
    }
  }
  const { path_includes: yes, path_excludes: no } = config;
  const watched = push.changed.some((path) => isIncluded(path, yes, no));
  return watched || push.changed.length === 0 ? undefined : 'path_config';
}

function isSelected(account: AccountOptions, repository: string): boolean {
  return account.githubRepositories?.includes(repository) ?? true;
}

function isIncluded(name: string, includes: unknown, excludes: unknown): boolean {
  return matchesAny(name, includes) && !matchesAny(name, excludes);
}

function matchesAny(name: string, patterns: unknown): boolean {
  if (!Array.isArray(patterns)) return false;
  return patterns.some((pattern) => {
    const plain = String(pattern).replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${plain.replaceAll('*', '.*')}$`, 's').test(name);
  });
}
