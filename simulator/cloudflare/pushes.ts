// Automatic deployments: what a push to a repository starts in every project connected to it.

import { startDeployment } from './deployment_start.ts';
import { ApiError } from './errors.ts';
import { buildOf } from './git_build.ts';
import { isConnected, type Push, repositoryOf, skipReason } from './git_source.ts';
import { projectsOf, type World } from './model.ts';

/** What a push did to one project. */
export interface PushOutcome {
  account: string;
  project: string;
  /** The id of the deployment, a skipped one included; absent where the project is blocked. */
  deployment?: string;
  /** Why nothing is built. */
  skip_reason?: string;
}

/**
 * Starts the deployments of a push. An account that is blocked, or whose GitHub App does not see
 * the repository, never hears of it; a push that a project's switches keep out is a skipped one.
 */
export function receivePush(world: World, push: Push): PushOutcome[] {
  return world.accounts.flatMap((account) => {
    if (account.blocked === true) return [];
    return projectsOf(world, account.id).flatMap((project): PushOutcome[] => {
      const { source } = project;
      if (source?.type !== 'github' || !isConnected(account, source)) return [];
      if (repositoryOf(source).toLowerCase() !== push.repository.toLowerCase()) return [];
      const { branch, commit_hash: ref } = push;
      const outcome = { account: account.id, project: project.name };
      const skip_reason = skipReason(account, project, push);
      const skipped = skip_reason === undefined ? {} : { skip_reason };
      try {
        const wanted = buildOf(world, project, { trigger: 'github:push', branch, ref });
        const { deployment } = startDeployment(world, project, { ...wanted, ...skipped });
        return [{ ...outcome, deployment: deployment.id, ...skipped }];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return [outcome];
      }
    });
  });
}
