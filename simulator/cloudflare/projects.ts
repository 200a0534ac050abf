// The operations on projects.

import { createProjectBody, type EnvironmentBody, editProjectBody } from './bodies.ts';
import { type Call, jsonBody, pageAnswer, projectOf, requireUnblocked } from './call.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import {
  deploymentsOf,
  type EnvironmentConfig,
  findProject,
  type GitSource,
  keys,
  type Project,
  projectAtLabel,
  saveProject,
  type World,
} from './model.ts';
import { issueUploadToken } from './upload_token.ts';
import { projectView } from './views.ts';

/** GET projects: newest first, ten a page. */
export function listProjects(call: Call): Response {
  const { world } = call;
  const projects = world.store
    .list(keys.projects(call.account.id))
    .flatMap((key) => world.store.get<Project>(key) ?? [])
    .sort((a, b) => b.created_ms - a.created_ms || a.name.localeCompare(b.name));
  return pageAnswer(call, projects, 10, (project) => show(world, project));
}

/** POST projects. */
export async function createProject(call: Call): Promise<Response> {
  const { world, account } = call;
  requireUnblocked(call);
  const body = await jsonBody(call, createProjectBody);
  if (!/^[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/.test(body.name)) throw refusal('invalidName');
  if (body.source !== undefined && account.githubConnected === false) {
    throw refusal('gitInstallation');
  }
  if (findProject(world, account.id, body.name) !== undefined) throw refusal('nameExists');
  const count = world.store.list(keys.projects(account.id)).length;
  if (count >= (account.projectLimit ?? world.limits.projects)) throw refusal('projectLimit');

  const empty = { env_vars: {}, settings: {} };
  const project: Project = {
    id: world.ids.uuid(),
    account_id: account.id,
    name: body.name,
    label: freeLabel(world, body.name),
    created_ms: world.clock.now(),
    production_branch: body.production_branch,
    build_config: body.build_config ?? {},
    configs: {
      preview: merged(empty, body.deployment_configs?.preview),
      production: merged(empty, body.deployment_configs?.production),
    },
    domains: [],
    deployments: [],
    rollbacks: [],
  };
  requireSameFailOpen(project);
  if (body.source !== undefined) {
    project.source = completeSource(world, body.source, body.production_branch);
  }
  world.store.put(keys.label(project.label), { account: account.id, name: project.name });
  saveProject(world, project);
  return ok(show(world, project));
}

/** GET one project. */
export function getProject(call: Call): Response {
  return ok(show(call.world, projectOf(call)));
}

/** PATCH a project: what is given replaces what was; null removes a variable or binding. */
export async function editProject(call: Call): Promise<Response> {
  requireUnblocked(call);
  const body = await jsonBody(call, editProjectBody);
  const project = projectOf(call);
  if (body.name !== undefined && body.name !== project.name) {
    throw invalidBody('/name', 'a project cannot be renamed here');
  }
  if (body.source !== undefined) {
    if (project.source === undefined) throw refusal('directUploadSource');
    const config = { ...project.source.config, ...body.source.config };
    project.source = { type: body.source.type, config };
  }
  project.production_branch = body.production_branch ?? project.production_branch;
  project.build_config = { ...project.build_config, ...body.build_config };
  for (const environment of ['preview', 'production'] as const) {
    const change = body.deployment_configs?.[environment];
    project.configs[environment] = merged(project.configs[environment], change);
  }
  requireSameFailOpen(project);
  saveProject(call.world, project);
  return ok(show(call.world, project));
}

/** DELETE a project with all that it holds; refused while it has too many deployments. */
export function deleteProject(call: Call): Response {
  const { world } = call;
  requireUnblocked(call);
  const project = projectOf(call);
  if (project.deployments.length > world.limits.deletable_deployments) {
    throw refusal('tooManyDeployments');
  }
  world.store.delete(keys.project(project.account_id, project.name));
  world.store.delete(keys.label(project.label));
  const rest = [
    ...project.domains.map(({ name }) => keys.domain(name)),
    ...project.deployments.map((id) => keys.deployment(project.id, id)),
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
  if (project.source !== undefined && !call.world.uploadsIntoGitProjects) {
    throw invalidBody('', 'a git-connected project takes no uploads');
  }
  return ok({ jwt: issueUploadToken(call.world, project) });
}

function show(world: World, project: Project): object {
  return projectView(project, deploymentsOf(world, project), world.clock.now());
}

function freeLabel(world: World, name: string): string {
  let label = name;
  while (world.takenLabels.has(label) || projectAtLabel(world, label) !== undefined) {
    label = `${name}-${world.ids.letters(3)}`;
  }
  return label;
}

// Maps of variables and bindings merge by name, null removing one; other fields are replaced.
function merged(before: EnvironmentConfig, change: EnvironmentBody | undefined): EnvironmentConfig {
  const { env_vars, ...rest } = change ?? {};
  const settings: Record<string, unknown> = { ...before.settings };
  for (const [name, value] of Object.entries(rest)) {
    const old = settings[name];
    settings[name] = isMap(value) ? withoutNull({ ...(isMap(old) ? old : {}), ...value }) : value;
  }
  return { env_vars: withoutNull({ ...before.env_vars, ...env_vars }), settings };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNull<T>(map: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

function requireSameFailOpen(project: Project): void {
  const [preview, production] = [project.configs.preview, project.configs.production].map(
    (config) => config.settings.fail_open ?? true,
  );
  if (preview !== production) throw refusal('failOpen');
}

function completeSource(world: World, sent: GitSource, productionBranch: string): GitSource {
  const defaults = {
    owner_id: world.ids.letters(8),
    repo_id: world.ids.letters(8),
    production_branch: productionBranch,
    deployments_enabled: true,
    production_deployments_enabled: true,
    pr_comments_enabled: true,
    preview_deployment_setting: 'all',
    preview_branch_includes: ['*'],
    preview_branch_excludes: [],
    path_includes: ['*'],
    path_excludes: [],
  };
  return { type: sent.type, config: { ...defaults, ...sent.config } };
}
