// The records as the REST API shows them. Only what clients read has a meaning; the many `*_url`
// templates of a repository are derived from its name.

import { stableId } from '../base/random.ts';
import type { Commit, Job, Run } from '../runner/contract.ts';
import { type Call, iso } from './answers.ts';
import type { AppOptions } from './apps.ts';
import { treeId } from './git_ids.ts';
import type { RepositoryInfo } from './stored_repositories.ts';

/** A workflow's id: stable for its repository and path, below 2^31. */
export function workflowId(repository: string, path: string): number {
  return stableId(`${repository}/${path}`);
}

/** The API form of a workflow. */
export function workflowShape(
  call: Call,
  workflow: { path: string; name: string; state: string; updated_ms: number },
): object {
  const { path, name, state, updated_ms } = workflow;
  const id = workflowId(call.repository, path);
  return {
    id,
    node_id: nodeId('W', id),
    name,
    path,
    state,
    created_at: iso(0),
    updated_at: iso(updated_ms),
    url: `${call.api}/repos/${call.repository}/actions/workflows/${id}`,
    html_url: `${call.web}/${call.repository}/blob/main/${path}`,
    badge_url: `${call.web}/${call.repository}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}

/** The API form of a run. Inputs are never shown. */
export function runShape(call: Call, run: Run): object {
  const repository = `${call.api}/repos/${run.repository}`;
  const url = `${repository}/actions/runs/${run.id}`;
  return {
    id: run.id,
    name: run.workflowName,
    node_id: nodeId('WFR', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: `${run.path}@${run.branch}`,
    display_title: run.title,
    run_number: run.number,
    event: 'workflow_dispatch',
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.id + 1,
    check_suite_node_id: nodeId('CS', run.id + 1),
    url,
    html_url: `${call.web}/${run.repository}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: iso(run.created_ms),
    updated_at: iso(run.updated_ms),
    run_started_at: iso(run.started_ms),
    actor: userShape(call, run.actor),
    triggering_actor: userShape(call, run.actor),
    run_attempt: 1,
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repository}/check-suites/${run.id + 1}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repository}/actions/workflows/${run.workflowId}`,
    head_commit: {
      id: run.sha,
      tree_id: run.sha,
      message: 'Snapshot',
      timestamp: iso(run.created_ms),
      author: { name: run.actor, email: `${run.actor}@users.noreply.github.com` },
      committer: { name: 'GitHub', email: 'noreply@github.com' },
    },
    repository: repositoryShape(call, run.repository),
    head_repository: repositoryShape(call, run.repository),
  };
}

/** The API form of a job. */
export function jobShape(call: Call, run: Run, job: Job): object {
  const repository = `${call.api}/repos/${run.repository}`;
  const started = job.status !== 'queued';
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflowName,
    head_branch: run.branch,
    run_url: `${repository}/actions/runs/${run.id}`,
    run_attempt: 1,
    node_id: nodeId('CR', job.id),
    head_sha: run.sha,
    url: `${repository}/actions/jobs/${job.id}`,
    html_url: `${call.web}/${run.repository}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: iso(job.created_ms),
    started_at: iso(job.started_ms),
    completed_at: job.completed_ms === null ? null : iso(job.completed_ms),
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: step.started_ms === null ? null : iso(step.started_ms),
      completed_at: step.completed_ms === null ? null : iso(step.completed_ms),
    })),
    check_run_url: `${repository}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: started ? 1 : null,
    runner_name: started ? 'GitHub Actions 1' : null,
    runner_group_id: started ? 0 : null,
    runner_group_name: started ? 'GitHub Actions' : null,
  };
}

const USER_URLS = {
  followers_url: '/followers',
  following_url: '/following{/other_user}',
  gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}',
  subscriptions_url: '/subscriptions',
  organizations_url: '/orgs',
  repos_url: '/repos',
  events_url: '/events{/privacy}',
  received_events_url: '/received_events',
};

const REPOSITORY_URLS =
  'archive assignees blobs branches collaborators comments commits compare contents contributors ' +
  'deployments downloads events forks git_commits git_refs git_tags hooks issue_comment ' +
  'issue_events issues keys labels languages merges milestones notifications pulls releases ' +
  'stargazers statuses subscribers subscription tags teams trees';

/** The API form of a user. */
export function userShape(call: Call, login: string): object {
  const url = `${call.api}/users/${login}`;
  const urls = Object.entries(USER_URLS).map(([name, path]) => [name, url + path]);
  return {
    login,
    id: stableId(login),
    node_id: nodeId('U', stableId(login)),
    avatar_url: `${call.web}/${login}.png`,
    gravatar_id: '',
    url,
    html_url: `${call.web}/${login}`,
    ...Object.fromEntries(urls),
    type: 'User',
    site_admin: false,
  };
}

/** The short API form of a repository; the many rows of one list share it. */
export function repositoryShape(call: Call, fullName: string): object {
  const shown = shownRepositories.get(call) ?? new Map<string, object>();
  shownRepositories.set(call, shown);
  const shape = shown.get(fullName) ?? newRepositoryShape(call, fullName);
  shown.set(fullName, shape);
  return shape;
}

const shownRepositories = new WeakMap<Call, Map<string, object>>();

function newRepositoryShape(call: Call, fullName: string): object {
  const [owner = '', name = ''] = fullName.split('/');
  const url = `${call.api}/repos/${fullName}`;
  const urls = REPOSITORY_URLS.split(' ').map((each) => [`${each}_url`, `${url}/${each}`]);
  return {
    id: stableId(fullName),
    node_id: nodeId('R', stableId(fullName)),
    name,
    full_name: fullName,
    private: true,
    owner: userShape(call, owner),
    html_url: `${call.web}/${fullName}`,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(urls),
  };
}

/** The API form of a repository with what is known about it. */
export function repositoryDetails(call: Call, fullName: string, info: RepositoryInfo): object {
  const counts = { forks: 0, open_issues: 0, watchers: 0 };
  const counted = { forks_count: 0, open_issues_count: 0, watchers_count: 0, stargazers_count: 0 };
  const web = `${call.web}/${fullName}`;
  return {
    ...repositoryShape(call, fullName),
    private: info.private,
    visibility: info.private ? 'private' : 'public',
    default_branch: info.default_branch,
    archived: info.archived,
    disabled: false,
    created_at: iso(info.created_ms),
    updated_at: iso(info.pushed_ms),
    pushed_at: iso(info.pushed_ms),
    size: 1,
    ...counts,
    ...counted,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    homepage: null,
    language: 'TypeScript',
    license: null,
    mirror_url: null,
    clone_url: `${web}.git`,
    git_url: `${web.replace(/^https?/, 'git')}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    svn_url: web,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
  };
}

/** The same of one that is asked for alone. */
export function fullRepository(call: Call, fullName: string, info: RepositoryInfo): object {
  const more = { has_discussions: false, network_count: 0, subscribers_count: 0 };
  return { ...repositoryDetails(call, fullName, info), ...more };
}

/** The API form of a commit; who made it is nobody that GitHub knows. */
export function commitShape(call: Call, { sha, files, message = 'Snapshot' }: Commit): object {
  const url = `${call.api}/repos/${call.repository}`;
  const tree = treeId(files, '');
  const by = { name: 'Slipway', email: 'slipway@example.com', date: iso(0) };
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${url}/commits/${sha}`,
    html_url: `${call.web}/${call.repository}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    commit: {
      url: `${url}/git/commits/${sha}`,
      author: by,
      committer: by,
      message,
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
      comment_count: 0,
    },
    author: null,
    committer: null,
    parents: [],
  };
}

/** The API form of an App's installation. */
export function installationShape(call: Call, app: AppOptions): object {
  const { installation_id: id, id: app_id, client_id, permissions } = app;
  const owner = app.repositories[0]?.split('/')[0] ?? '';
  return {
    id,
    app_id,
    client_id,
    app_slug: `app-${app_id}`,
    account: userShape(call, owner),
    target_id: stableId(owner),
    target_type: 'Organization',
    permissions,
    repository_selection: 'selected',
    events: [],
    single_file_name: null,
    access_tokens_url: `${call.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${call.api}/installation/repositories`,
    html_url: `${call.web}/organizations/${owner}/settings/installations/${id}`,
    created_at: iso(0),
    updated_at: iso(0),
    suspended_at: null,
    suspended_by: null,
  };
}

function nodeId(type: string, id: number): string {
  return `${type}_${Buffer.from(String(id)).toString('base64url')}`;
}
