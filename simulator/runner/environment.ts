// Where one job lives: its directories, the variables that its steps begin with, and the `github`
// and `runner` contexts. The variables of this process never reach a step, except the few named.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './contract.ts';
import type { Json } from './expressions.ts';

/** The directories of one job, all below `root`. */
export interface JobPlace {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly tools: string;
  readonly eventFile: string;
}

/** The minimal search path of a fresh machine. */
export const BASE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a machine needs to reach a package registry; everything else stays outside. */
const PASSED_ON = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'npm_config_registry',
  'npm_config_cafile',
  'npm_config_ca',
  'npm_config_strict_ssl',
  'npm_config_proxy',
  'npm_config_https_proxy',
  'npm_config_noproxy',
];

/** Makes the empty directories of one job. */
export function makePlace(root: string, run: Run): JobPlace {
  rmSync(root, { recursive: true, force: true });
  const name = run.repository.split('/')[1] ?? 'repository';
  const workspace = join(root, 'work', name, name);
  const [temp, home, tools] = [join(root, 'temp'), join(root, 'home'), join(root, 'tools')];
  for (const directory of [workspace, temp, home, tools]) mkdirSync(directory, { recursive: true });
  const eventFile = join(temp, 'event.json');
  const event = { inputs: run.inputs, ref: `refs/heads/${run.branch}`, workflow: run.path };
  writeFileSync(eventFile, JSON.stringify(event));
  return { root, workspace, temp, home, tools, eventFile };
}

/** The variables every step begins with, without PATH. */
export function baseVariables(run: Run, jobId: string, place: JobPlace): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(passed),
    HOME: place.home,
    LANG: 'C.UTF-8',
    CI: 'true',
    // A repository around the work directory must not be taken for the job's own.
    GIT_CEILING_DIRECTORIES: place.root,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: run.actor,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: place.eventFile,
    GITHUB_JOB: jobId,
    GITHUB_REF: `refs/heads/${run.branch}`,
    GITHUB_REF_NAME: run.branch,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: run.repository,
    GITHUB_REPOSITORY_OWNER: run.repository.split('/')[0] ?? '',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: run.sha,
    GITHUB_TRIGGERING_ACTOR: run.actor,
    GITHUB_WORKFLOW: run.workflowName,
    GITHUB_WORKFLOW_REF: workflowRef(run),
    GITHUB_WORKFLOW_SHA: run.sha,
    GITHUB_WORKSPACE: place.workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: place.temp,
    RUNNER_TOOL_CACHE: place.tools,
  };
}

/** The `github` context; without a job where there is none yet. */
export function githubContext(run: Run, jobId: string, workspace: string): Json {
  return {
    actor: run.actor,
    api_url: 'https://api.github.com',
    event: { inputs: { ...run.inputs }, ref: `refs/heads/${run.branch}`, workflow: run.path },
    event_name: 'workflow_dispatch',
    job: jobId,
    ref: `refs/heads/${run.branch}`,
    ref_name: run.branch,
    ref_type: 'branch',
    repository: run.repository,
    repository_owner: run.repository.split('/')[0] ?? '',
    run_attempt: '1',
    run_id: String(run.id),
    run_number: String(run.number),
    server_url: 'https://github.com',
    sha: run.sha,
    token: jobToken(run),
    triggering_actor: run.actor,
    workflow: run.workflowName,
    workflow_ref: workflowRef(run),
    workflow_sha: run.sha,
    workspace,
  };
}

/** The `runner` context. */
export function runnerContext(place: JobPlace): Json {
  return {
    arch: 'X64',
    environment: 'github-hosted',
    name: 'GitHub Actions 1',
    os: 'Linux',
    temp: place.temp,
    tool_cache: place.tools,
  };
}

/** The run's own token: a placeholder that opens nothing. */
export function jobToken(run: Run): string {
  return `ghs_run_${run.id}`;
}

function workflowRef(run: Run): string {
  return `${run.repository}/${run.path}@refs/heads/${run.branch}`;
}
