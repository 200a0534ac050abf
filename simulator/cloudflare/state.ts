// A short picture of the simulated Cloudflare for people and tests.

import { deploymentsOf, keys, type Project, type World } from './model.ts';
import { canonicalAt, latestStage, servedAt, stagesAt } from './stages.ts';

/** Accounts with their projects, and where each project's last deployment stands. */
export function stateOf(world: World): object {
  return { accounts: world.accounts.map(({ id }) => ({ id, projects: projectsOf(world, id) })) };
}

function projectsOf(world: World, account: string): object[] {
  const now_ms = world.clock.now();
  return world.store.list(keys.projects(account)).flatMap((key) => {
    const project = world.store.get<Project>(key);
    if (project === undefined) return [];
    const deployments = deploymentsOf(world, project);
    const latest = deployments.at(-1);
    return {
      name: project.name,
      subdomain: `${project.label}.pages.dev`,
      kind: project.source === undefined ? 'direct_upload' : 'git',
      deployments: deployments.length,
      latest_stage: latest === undefined ? null : latestStage(stagesAt(latest, now_ms)),
      canonical: canonicalAt(project, deployments, now_ms)?.id ?? null,
      served: servedAt(project, deployments, now_ms)?.id ?? null,
    };
  });
}
