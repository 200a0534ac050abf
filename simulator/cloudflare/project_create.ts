// Makes projects: everything that the API checks before one exists.

import { createProjectBody, type EnvironmentBody, type ProjectBody } from './bodies.ts';
import { type Call, jsonBody, requireUnblocked } from './call.ts';
import { noteCreation, requireNoCooldown } from './cooldown.ts';
import { ok, refusal } from './errors.ts';
import { completeSource, requireConnectable } from './git_source.ts';
import {
  type EnvironmentConfig,
  findProject,
  keys,
  type Project,
  projectAtLabel,
  saveProject,
  type World,
} from './model.ts';
import type { AccountOptions } from './options.ts';
import { projectView } from './views.ts';

/** POST projects. */
export async function createProject(call: Call): Promise<Response> {
  const { world, account } = call;
  requireUnblocked(call);
  if (account.emailUnverified === true) throw refusal('emailUnverified');
  const body = await jsonBody(call, createProjectBody);
  requireName(body.name);
  if (body.source !== undefined) requireConnectable(world, account, body.source);
  requireFree(world, account, body.name);
  if (account.subdomainsBlocked === true) throw refusal('subdomainBlocked');
  const count = world.store.count(keys.projects(account.id));
  if (count >= (account.projectLimit ?? world.limits.projects)) throw refusal('projectLimit');
  requireNoCooldown(world, account);
  const project = makeProject(world, account, body, world.clock.now());
  noteCreation(world, account);
  return ok(projectView(project, [], world.clock.now()));
}

/** Stores a project that was made at `created_ms`. The name must be valid and free. */
export function makeProject(
  world: World,
  account: AccountOptions,
  body: ProjectBody,
  created_ms: number,
): Project {
  const empty = { env_vars: {}, settings: {} };
  const project: Project = {
    id: world.ids.uuid(),
    account_id: account.id,
    name: body.name,
    label: freeLabel(world, body.name),
    created_ms,
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
    project.source = completeSource(body.source, body.production_branch);
  }
  world.store.put(keys.label(project.label), { account: account.id, name: project.name });
  saveProject(world, project);
  return project;
}

/** Whether a project can have this name. */
export function isName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/.test(name);
}

/** Refuses a name that no project can have with 8000003. */
export function requireName(name: string): void {
  if (!isName(name)) throw refusal('invalidName');
}

/** Refuses a name that the account has already: 8000002, and 8000000 where a Worker has it. */
export function requireFree(world: World, account: AccountOptions, name: string): void {
  if (findProject(world, account.id, name) !== undefined) throw refusal('nameExists');
  if (account.workerNames?.includes(name) === true) throw refusal('unknown');
}

/** Preview and production must agree about `fail_open`; else 8000066. */
export function requireSameFailOpen(project: Project): void {
  const [preview, production] = [project.configs.preview, project.configs.production].map(
    (config) => config.settings.fail_open ?? true,
  );
  if (preview !== production) throw refusal('failOpen');
}

/**
 * The configuration after a change. Maps of variables and bindings merge by name, null removing
 * one; other fields are replaced.
 */
export function merged(
  before: EnvironmentConfig,
  change: EnvironmentBody | undefined,
): EnvironmentConfig {
  const { env_vars, ...rest } = change ?? {};
  const settings: Record<string, unknown> = { ...before.settings };
  for (const [name, value] of Object.entries(rest)) {
    const old = settings[name];
    settings[name] = isMap(value) ? withoutNull({ ...(isMap(old) ? old : {}), ...value }) : value;
  }
  return { env_vars: withoutNull({ ...before.env_vars, ...env_vars }), settings };
}

function freeLabel(world: World, name: string): string {
  let label = name;
  while (world.takenLabels.has(label) || projectAtLabel(world, label) !== undefined) {
    label = `${name}-${world.ids.letters(3)}`;
  }
  return label;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNull<T>(map: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}
