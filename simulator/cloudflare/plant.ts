// Projects that were there before the simulation began: made past the API, already deployed, their
// custom domains already active.

import { createProjectBody, type ProjectBody } from './bodies.ts';
import { startDeployment } from './deployment_start.ts';
import { attachDomain } from './domains.ts';
import { buildOf } from './git_build.ts';
import { findProject, keys, projectAtDomain, saveProject, type World } from './model.ts';
import { isName, makeProject } from './project_create.ts';
import { successAt } from './stages.ts';

/** A project to be planted. */
export interface PlantedProject {
  /** What POST projects would take. */
  body: ProjectBody;
  domains?: string[];
}

/**
 * Makes a project that is older than everything else and returns its subdomain. Limits on projects
 * do not hold; a project of that name stays as it is. An unknown account, a name that no project
 * can have and a taken domain throw RangeError, a body that the API would refuse Refusal.
 */
export function plantProject(world: World, accountId: string, planted: PlantedProject): string {
  const account = world.accounts.find(({ id }) => id === accountId);
  if (account === undefined) throw new RangeError(`no account ${accountId}`);
  const body = createProjectBody(planted.body, '');
  const { domains = [] } = planted;
  const known = findProject(world, accountId, body.name);
  if (known !== undefined) return `${known.label}.pages.dev`;
  const taken = domains.find((name) => projectAtDomain(world, name) !== undefined);
  if (taken !== undefined) throw new RangeError(`the domain ${taken} is taken`);
  if (!isName(body.name)) throw new RangeError(`no project can be called ${body.name}`);
  const { limits } = world;
  const now_ms = world.clock.now();
  const past_ms = now_ms - limits.domain_initializing_ms - limits.domain_ms;
  const project = { ...makeProject(world, account, body, past_ms), planted: true };
  saveProject(world, project);
  for (const name of domains) attachDomain(world, project, name, past_ms);
  if (project.source === undefined) return `${project.label}.pages.dev`;
  const branch = project.production_branch;
  const wanted = buildOf(world, project, { trigger: 'github:push', branch, ref: branch });
  const { deployment } = startDeployment(world, project, wanted);
  const lasts_ms = (successAt(deployment) ?? now_ms) - now_ms + deployment.propagation_ms;
  const created_ms = deployment.created_ms - lasts_ms;
  world.store.put(keys.deployment(project.id, deployment.id), { ...deployment, created_ms });
  return `${project.label}.pages.dev`;
}
