// Which call of the official client each request to Cloudflare is, and what it is typed by; and
// for what the client does not have: why, and what else speaks for it.

import type Sdk from 'cloudflare';

/** What a request says: the names of its path's parts, its query and its body, as one object. */
export type Said = Readonly<Record<string, unknown>>;

/** The parts of a request's path. */
export type Parts = Readonly<Record<string, string>>;

/** A call that the client has. */
export interface Known {
  readonly method: string;
  /** Parts in braces. */
  readonly path: string;
  /** The client's type of what is said, from `cloudflare/resources/pages/...`. */
  readonly type: readonly [file: string, name: string];
  /** Parts of the path that its type has. */
  readonly names: readonly string[];
  /** Makes the call; `said` has passed the compiler as this type. */
  call(pages: Sdk['pages'], parts: Parts, said: never): PromiseLike<unknown>;
  /** Where the client's request is another one: how, and why that is the same. */
  readonly differs?: string;
}

/** A call that the client lacks. */
export interface Lacking {
  readonly method: string;
  readonly path: string;
  /** Why, and which other source says that the call is as it is. */
  readonly instead: string;
}

const projects = '/accounts/{account_id}/pages/projects';
const project = `${projects}/{project_name}`;
const deployment = `${project}/deployments/{deployment_id}`;
const account = ['account_id'];
const both = ['account_id', 'project_name'];
const inProjects = (name: string): Known['type'] => ['projects/projects', name];
const inDeployments = (name: string): Known['type'] => ['projects/deployments/deployments', name];
const inDomains = (name: string): Known['type'] => ['projects/domains', name];
const { project_name, deployment_id, domain } = {
  project_name: (parts: Parts): string => parts.project_name ?? '',
  deployment_id: (parts: Parts): string => parts.deployment_id ?? '',
  domain: (parts: Parts): string => parts.domain ?? '',
};

/** Calls that the client has. */
export const known: readonly Known[] = [
  {
    method: 'POST',
    path: projects,
    type: inProjects('ProjectCreateParams'),
    names: account,
    call: (pages, _, said) => pages.projects.create(said),
  },
  {
    method: 'GET',
    path: project,
    type: inProjects('ProjectGetParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.get(project_name(parts), said),
  },
  {
    method: 'PATCH',
    path: project,
    type: inProjects('ProjectEditParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.edit(project_name(parts), said),
  },
  {
    method: 'DELETE',
    path: project,
    type: inProjects('ProjectDeleteParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.delete(project_name(parts), said),
  },
  {
    method: 'GET',
    path: `${project}/upload-token`,
    type: inProjects('ProjectGetUploadTokenParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.getUploadToken(project_name(parts), said),
  },
  {
    method: 'GET',
    path: `${project}/deployments`,
    type: inDeployments('DeploymentListParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.deployments.list(project_name(parts), said),
  },
  {
    method: 'POST',
    path: `${project}/deployments`,
    type: inDeployments('DeploymentCreateParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.deployments.create(project_name(parts), said),
    differs: 'it sends a form without a field, because an upload has one; a build has none',
  },
  {
    method: 'GET',
    path: deployment,
    type: inDeployments('DeploymentGetParams'),
    names: both,
    call: (pages, parts, said) => pages.projects.deployments.get(deployment_id(parts), said),
  },
  {
    method: 'DELETE',
    path: deployment,
    type: inDeployments('DeploymentDeleteParams'),
    names: both,
    call: (pages, parts, said) => pages.projects.deployments.delete(deployment_id(parts), said),
  },
  {
    method: 'POST',
    path: `${deployment}/rollback`,
    type: inDeployments('DeploymentRollbackParams'),
    names: both,
    call: (pages, parts, said) => pages.projects.deployments.rollback(deployment_id(parts), said),
  },
  {
    method: 'GET',
    path: `${deployment}/history/logs`,
    type: ['projects/deployments/history/logs', 'LogGetParams'],
    names: both,
    call: (pages, parts, said) =>
      pages.projects.deployments.history.logs.get(deployment_id(parts), said),
  },
  {
    method: 'GET',
    path: `${project}/domains`,
    type: inDomains('DomainListParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.domains.list(project_name(parts), said),
  },
  {
    method: 'POST',
    path: `${project}/domains`,
    type: inDomains('DomainCreateParams'),
    names: account,
    call: (pages, parts, said) => pages.projects.domains.create(project_name(parts), said),
  },
  {
    method: 'GET',
    path: `${project}/domains/{domain}`,
    type: inDomains('DomainGetParams'),
    names: both,
    call: (pages, parts, said) => pages.projects.domains.get(domain(parts), said),
  },
  {
    method: 'DELETE',
    path: `${project}/domains/{domain}`,
    type: inDomains('DomainDeleteParams'),
    names: both,
    call: (pages, parts, said) => pages.projects.domains.delete(domain(parts), said),
  },
];

const hooks =
  'neither the client nor the reference at developers.cloudflare.com has the deploy hooks of a ' +
  'Pages project: what is known of them is in simulator/cloudflare/hooks.ts, and the product ' +
  'works where their list and their deletion are 404 (tests/node/orgs)';

const by_address =
  'a hook is called by its address alone, without a token: https://developers.cloudflare.com/';

/** Calls that it lacks. */
export const lacking: readonly Lacking[] = [
  { method: 'GET', path: `${project}/deploy_hooks`, instead: hooks },
  { method: 'POST', path: `${project}/deploy_hooks`, instead: hooks },
  { method: 'DELETE', path: `${project}/deploy_hooks/{hook}`, instead: hooks },
  {
    method: 'POST',
    path: '/pages/webhooks/deploy_hooks/{hook}',
    instead: `${by_address}pages/configuration/deploy-hooks/`,
  },
  {
    method: 'POST',
    path: '/workers/builds/deploy_hooks/{hook}',
    instead: `${by_address}workers/ci-cd/builds/deploy-hooks/`,
  },
];

/** Which call each maker of requests in src/upstream/pages*.hpp makes. */
export const made_by: Readonly<Record<string, string>> = {
  get_project: `GET ${project}`,
  create_project: `POST ${projects}`,
  create_git_project: `POST ${projects}`,
  probe_edit: `POST ${projects}`,
  mark_project: `PATCH ${project}`,
  update_git_project: `PATCH ${project}`,
  edit_connection: `PATCH ${project}`,
  delete_project: `DELETE ${project}`,
  probe_upload: `GET ${project}/upload-token`,
  list_deployments: `GET ${project}/deployments`,
  list_deployments_from: `GET ${project}/deployments`,
  list_all_deployments: `GET ${project}/deployments`,
  start_build: `POST ${project}/deployments`,
  get_deployment: `GET ${deployment}`,
  delete_deployment: `DELETE ${deployment}`,
  delete_deployment_forced: `DELETE ${deployment}`,
  roll_back: `POST ${deployment}/rollback`,
  get_log: `GET ${deployment}/history/logs`,
  list_domains: `GET ${project}/domains`,
  add_domain: `POST ${project}/domains`,
  get_domain: `GET ${project}/domains/{domain}`,
  delete_domain: `DELETE ${project}/domains/{domain}`,
  list_hooks: `GET ${project}/deploy_hooks`,
  create_hook: `POST ${project}/deploy_hooks`,
  delete_hook: `DELETE ${project}/deploy_hooks/{hook}`,
  call_hook: 'POST /pages/webhooks/deploy_hooks/{hook}',
  get_file: 'GET a site',
};
