// The operations on projects that exist.

import { editProjectBody } from './bodies.ts';
import { type Call, jsonBody, pageAnswer, projectOf, requireUnblocked } from './call.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import { changedSource } from './git_source.ts';
import {
  deploymentsOf,
  hooksOf,
  keys,
  type Project,
  projectsOf,
  saveProject,
  type World,
} from './model.ts';
import { merged, requireFree, requireName, requireSameFailOpen } from './project_create.ts';
import { issueUploadToken } from './upload_token.ts';
import { projectRow, projectView } from './views.ts';

/** GET projects: newest first, ten a page. */
export function listProjects(call: Call): Response {
  const { world } = call;
  const projects = projectsOf(world, call.account.id).sort(
    (a, b) => b.created_ms - a.created_ms || a.name.localeCompare(b.name),
  );
  return pageAnswer(call, projects, 10, (project) =>
    projectRow(project, deploymentsOf(world, project), world.clock.now()),
  );
}

/** GET one project. */
export function getProject(call: Call): Response {
  return ok(show(call.world, projectOf(call)));
}

/**
 * PATCH a project: what is given replaces what was; null removes a variable or binding. A new name
 * leaves the subdomain as it is.
 */
export async function editProject(call: Call): Promise<Response> {
  const { world, account } = call;
  requireUnblocked(call);
  const body = await jsonBody(call, editProjectBody);
  const project = projectOf(call);
  const before = project.name;
  if (body.name !== undefined && body.name !== before) {
    requireName(body.name);
    requireFree(world, account, body.name);
    project.name = body.name;
  }
  if (body.source !== undefined) {
    project.source = changedSource(world, account, project, body.source);
    const branch = body.source.config.production_branch;
    project.production_branch = branch ?? project.production_branch;
  }
  project.production_branch = body.production_branch ?? project.production_branch;
  if (project.source !== undefined) {
    project.source.config.production_branch = project.production_branch;
  }
  project.build_config = { ...project.build_config, ...body.build_config };
  for (const environment of ['preview', 'production'] as const) {
    const change = body.deployment_configs?.[environment];
    project.configs[environment] = merged(project.configs[environment], change);
  }
  requireSameFailOpen(project);
  if (project.name !== before) moveName(world, project, before);
  saveProject(world, project);
  return ok(show(world, project));
}

/** DELETE a project with all that it holds; custom domains and most deployments must go before. */
export function deleteProject(call: Call): Response {
  const { world } = call;
  requireUnblocked(call);
  const project = projectOf(call);
  if (project.domains.length > 0) throw refusal('domainsLeft');
  if (project.deployments.length > world.limits.deletable_deployments) {
    throw refusal('tooManyDeployments');
  }
  world.store.delete(keys.project(project.account_id, project.name));
  world.store.delete(keys.label(project.label));
  const rest = [
    ...hooksOf(world, project).map(({ id }) => keys.hook(id)),
    ...project.deployments.flatMap((id) => [
      keys.deployment(project.id, id),
      keys.buildLog(project.id, id),
    ]),
    ...world.store.list(keys.contents(project.id)),
    ...world.store.list(keys.assets(project.id)),
  ];
  for (const key of rest) world.store.delete(key);
  return ok(null);
}

/** POST purge_build_cache: there is no cache, so there is nothing to do. */
export function purgeBuildCache(call: Call): Response {
  projectOf(call);
  return ok(null);
}

/** GET upload-token. */
export function getUploadToken(call: Call): Response {
  requireUnblocked(call);
  const project = projectOf(call);
  if (project.source !== undefined && (call.account.gitUploads ?? 'refused') === 'refused') {
    throw invalidBody('', 'a git-connected project takes no uploads');
  }
  return ok({ jwt: issueUploadToken(call.world, project) });
}

function show(world: World, project: Project): object {
  return projectView(project, deploymentsOf(world, project), world.clock.now());
}

function moveName(world: World, project: Project, before: string): void {
  const place = { account: project.account_id, name: project.name };
  world.store.delete(keys.project(project.account_id, before));
  world.store.put(keys.label(project.label), place);
  for (const { name } of project.domains) world.store.put(keys.domain(name), place);
}
