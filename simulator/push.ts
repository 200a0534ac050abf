// A push: the commit at GitHub, and what Cloudflare makes of it.

import type { Cloudflare, PushOutcome } from './cloudflare/index.ts';
import type { Github } from './github/index.ts';
import type { RepositoryChange } from './github/stored_repositories.ts';

/** The services that a push goes through. */
export interface PushedWorld {
  github: Pick<Github, 'repositories'>;
  cloudflare: Pick<Cloudflare, 'push'>;
}

/**
 * Commits `change` to a repository in the store, or takes a directory as it is now, and tells
 * Cloudflare. An unknown or archived repository, or a change of a directory, throws RangeError.
 */
export function push(
  { github, cloudflare }: PushedWorld,
  repository: string,
  change: RepositoryChange = {},
): PushOutcome[] {
  const { repositories } = github;
  if (!repositories.has(repository)) throw new RangeError(`no repository ${repository}`);
  const commit = repositories.commit(repository, change);
  return cloudflare.push({
    repository,
    branch: change.branch ?? repositories.info(repository).default_branch,
    commit_hash: commit.sha,
    message: commit.message ?? '',
    changed: Object.keys(change.files ?? {}),
  });
}
