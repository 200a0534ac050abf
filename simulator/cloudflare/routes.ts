// Every route of the API: method, path, the operation's name in logs and fault plans, the query
// parameters it takes, and what answers it.

import { listAccounts, verifyToken } from './accounts.ts';
import { checkMissing, uploadAssets, upsertHashes } from './assets.ts';
import { triggerBuildHook } from './build_hooks.ts';
import type { Call } from './call.ts';
import { createDeployment } from './deployment_create.ts';
import {
  deleteDeployment,
  getDeployment,
  getLogs,
  listDeployments,
  retryDeployment,
  rollbackDeployment,
} from './deployments.ts';
import { addDomain, getDomain, listDomains, removeDomain, retryDomain } from './domains.ts';
import { createHook, deleteHook, listHooks, triggerHook } from './hooks.ts';
import { createProject } from './project_create.ts';
import {
  deleteProject,
  editProject,
  getProject,
  getUploadToken,
  listProjects,
  purgeBuildCache,
} from './projects.ts';

/** One operation of the API. */
export interface Route {
  method: string;
  /** Parts of the path; one that begins with `:` matches any text but the empty one. */
  parts: string[];
  operation: string;
  /** Who calls: an API token, an upload token, or whoever knows the address of a deploy hook. */
  bearer: 'api' | 'upload' | 'hook' | 'build_hook';
  query: string[];
  run(call: Call): Response | Promise<Response>;
}

type Run = Route['run'];

const projects = 'accounts/:account/pages/projects';
const project = `${projects}/:project`;
const deployments = `${project}/deployments`;
const deployment = `${deployments}/:deployment`;
const hooks = `${project}/deploy_hooks`;
const domains = `${project}/domains`;
const domain = `${domains}/:domain`;

/** All routes. */
export const routes: Route[] = [
  api('GET', 'user/tokens/verify', 'token.verify', verifyToken),
  api('GET', 'accounts', 'account.list', listAccounts, ['page', 'per_page']),
  api('GET', projects, 'project.list', listProjects, ['page', 'per_page']),
  api('POST', projects, 'project.create', createProject),
  api('GET', project, 'project.get', getProject),
  api('PATCH', project, 'project.edit', editProject),
  api('DELETE', project, 'project.delete', deleteProject),
  api('POST', `${project}/purge_build_cache`, 'project.purge_build_cache', purgeBuildCache),
  api('GET', `${project}/upload-token`, 'project.upload_token', getUploadToken),
  upload('check-missing', 'asset.check_missing', checkMissing),
  upload('upload', 'asset.upload', uploadAssets),
  upload('upsert-hashes', 'asset.upsert_hashes', upsertHashes),
  api('GET', deployments, 'deployment.list', listDeployments, ['page', 'per_page', 'env']),
  api('POST', deployments, 'deployment.create', createDeployment),
  api('GET', deployment, 'deployment.get', getDeployment),
  api('DELETE', deployment, 'deployment.delete', deleteDeployment, ['force']),
  api('GET', `${deployment}/history/logs`, 'deployment.logs', getLogs, ['size']),
  api('POST', `${deployment}/retry`, 'deployment.retry', retryDeployment),
  api('POST', `${deployment}/rollback`, 'deployment.rollback', rollbackDeployment),
  api('GET', hooks, 'hook.list', listHooks),
  api('POST', hooks, 'hook.create', createHook),
  api('DELETE', `${hooks}/:hook`, 'hook.delete', deleteHook),
  {
    method: 'POST',
    parts: ['pages', 'webhooks', 'deploy_hooks', ':hook'],
    operation: 'cloudflare.hook.trigger',
    bearer: 'hook',
    query: [],
    run: triggerHook,
  },
  {
    method: 'POST',
    parts: ['workers', 'builds', 'deploy_hooks', ':hook'],
    operation: 'cloudflare.build_hook.trigger',
    bearer: 'build_hook',
    query: [],
    run: triggerBuildHook,
  },
  api('GET', domains, 'domain.list', listDomains),
  api('POST', domains, 'domain.create', addDomain),
  api('GET', domain, 'domain.get', getDomain),
  api('PATCH', domain, 'domain.edit', retryDomain),
  api('DELETE', domain, 'domain.delete', removeDomain),
];

/** The route for a method and a path below `/client/v4/`, with its parameters. */
export function findRoute(
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  const given = path.split('/');
  for (const route of routes) {
    const params = route.method === method ? matchParts(route.parts, given) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchParts(parts: string[], given: string[]): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

function api(method: string, path: string, name: string, run: Run, query: string[] = []): Route {
  const operation = `cloudflare.${name}`;
  return { method, parts: path.split('/'), operation, bearer: 'api', query, run };
}

function upload(name: string, operation: string, run: Run): Route {
  const parts = ['pages', 'assets', name];
  return {
    method: 'POST',
    parts,
    operation: `cloudflare.${operation}`,
    bearer: 'upload',
    query: [],
    run,
  };
}
