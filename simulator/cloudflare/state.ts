// A short picture of the simulated Cloudflare for people and tests.

import { domainStatus } from './domains.ts';
import { repositoryOf } from './git_source.ts';
import { deploymentsOf, hooksOf, type Project, projectsOf, type World } from './model.ts';
import { canonicalAt, latestStage, servedAt, stagesAt } from './stages.ts';

/** Accounts with their projects, and where each project's last deployment stands. */
export function stateOf(world: World): object {
  return { accounts: world.accounts.map(({ id }) => ({ id, projects: shownProjects(world, id) })) };
}

function shownProjects(world: World, account: string): object[] {
  const now_ms = world.clock.now();
  return projectsOf(world, account).map((project: Project) => {
    const deployments = deploymentsOf(world, project);
    const latest = deployments.at(-1);
    return {
      name: project.name,
      subdomain: `${project.label}.pages.dev`,
      kind: project.source === undefined ? 'direct_upload' : 'git',
      repository: project.source === undefined ? null : repositoryOf(project.source),
      hooks: hooksOf(world, project).length,
      domains: project.domains.map((domain) => ({
        name: domain.name,
        status: domainStatus(world, project, domain),
      })),
      deployments: deployments.length,
      latest_stage: latest === undefined ? null : latestStage(stagesAt(latest, now_ms)),
      canonical: canonicalAt(project, deployments, now_ms)?.id ?? null,
      served: servedAt(project, deployments, now_ms)?.id ?? null,
    };
  });
}
