// Pages of GitHub's workflow runs and of Cloudflare's Pages deployments, with every member that the
// real answers have, so that most of a page is skipped, as it is in life.
import { pick, randomFrom, textOf } from './random.ts';

const hex = '0123456789abcdef';
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const encoder = new TextEncoder();
const api = 'https://api.github.com';
const web = 'https://github.com';
const repository_name = 'neutrino-io/nno-platform-builder';

const user_urls: Readonly<Record<string, string>> = {
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

// As GitHub writes them: what stands in braces is part of the text.
const repository_paths = [
  'forks /forks|keys /keys{/key_id}|collaborators /collaborators{/collaborator}|teams /teams|',
  'hooks /hooks|issue_events /issues/events{/number}|events /events|assignees /assignees{/user}|',
  'branches /branches{/branch}|tags /tags|blobs /git/blobs{/sha}|git_tags /git/tags{/sha}|',
  'git_refs /git/refs{/sha}|trees /git/trees{/sha}|statuses /statuses/{sha}|',
  'languages /languages|stargazers /stargazers|contributors /contributors|',
  'subscribers /subscribers|subscription /subscription|commits /commits{/sha}|',
  'git_commits /git/commits{/sha}|comments /comments{/number}|',
  'issue_comment /issues/comments{/number}|contents /contents/{+path}|',
  'compare /compare/{base}...{head}|merges /merges|archive /{archive_format}{/ref}|',
  'downloads /downloads|issues /issues{/number}|pulls /pulls{/number}|',
  'milestones /milestones{/number}|notifications /notifications{?since,all,participating}|',
  'labels /labels{/name}|releases /releases{/id}|deployments /deployments',
];

function user(login: string, id: number): object {
  const url = `${api}/users/${login}`;
  const urls = Object.entries(user_urls).map(([name, path]) => [name, url + path]);
  return {
    login,
    id,
    node_id: `U_kgDO${id.toString(36)}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${web}/${login}`,
    ...Object.fromEntries(urls),
    type: 'User',
    user_view_type: 'public',
    site_admin: false,
  };
}

function repository(): object {
  const url = `${api}/repos/${repository_name}`;
  const urls = repository_paths
    .join('')
    .split('|')
    .map((each) => each.split(' '))
    .map(([name = '', path = '']) => [`${name}_url`, url + path]);
  return {
    id: 912_345_678,
    node_id: 'R_kgDONl9vTg',
    name: 'nno-platform-builder',
    full_name: repository_name,
    private: true,
    owner: user('neutrino-io', 187_654_321),
    html_url: `${web}/${repository_name}`,
    description: 'Builds and uploads the sites of all platforms',
    fork: false,
    url,
    ...Object.fromEntries(urls),
  };
}

function workflowRun(random: () => number, index: number): object {
  const id = 29_803_635_501 + 1000 * index;
  const sha = textOf(random, hex, 40);
  const url = `${api}/repos/${repository_name}/actions/runs/${id}`;
  const at = new Date(Date.UTC(2026, 10, 21, 17, 0, index)).toISOString().replace('.000', '');
  const done = random() < 0.7;
  const key = `01KAKX${textOf(random, crockford, 20)}`;
  const actor = user('slipway-dispatcher', 198_765_432);
  return {
    id,
    name: 'Build platform sites',
    node_id: `WFR_kwLONl9vTs8AAAAG${textOf(random, hex, 8)}`,
    head_branch: 'main',
    head_sha: sha,
    path: '.github/workflows/build.yml@main',
    display_title: `${key} ${pick(random, ['dev', 'stg', 'prod'])} main`,
    run_number: 1200 + index,
    event: 'workflow_dispatch',
    status: done ? 'completed' : pick(random, ['queued', 'in_progress']),
    conclusion: done ? pick(random, ['success', 'success', 'failure']) : null,
    workflow_id: 138_765_432,
    check_suite_id: 31_803_635_501 + index,
    check_suite_node_id: `CS_kwDONl9vTs8AAAAH${textOf(random, hex, 8)}`,
    url,
    html_url: `${web}/${repository_name}/actions/runs/${id}`,
    pull_requests: [],
    created_at: at,
    updated_at: at,
    actor,
    run_attempt: 1,
    referenced_workflows: [],
    run_started_at: at,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/repos/${repository_name}/check-suites/${31_803_635_501 + index}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${api}/repos/${repository_name}/actions/workflows/138765432`,
    head_commit: {
      id: sha,
      tree_id: textOf(random, hex, 40),
      message: 'Pin the actions of the build workflow\n\nCo-authored-by: Z. Meier <z@example.com>',
      timestamp: at,
      author: { name: 'Zo\u00eb Meier', email: 'zoe@example.com' },
      committer: { name: 'GitHub', email: 'noreply@github.com' },
    },
    repository: repository(),
    head_repository: repository(),
  };
}

/** A page of `count` workflow runs, about 12 KB each. */
export function runsPage(count: number): Uint8Array {
  const random = randomFrom(count);
  const workflow_runs = Array.from({ length: count }, (_, index) => workflowRun(random, index));
  return encoder.encode(JSON.stringify({ total_count: count, workflow_runs }));
}

function stage(name: string, started: string): object {
  return { name, started_on: started, ended_on: started, status: 'success' };
}

function uuid(random: () => number): string {
  return [8, 4, 4, 4, 12].map((count) => textOf(random, hex, count)).join('-');
}

function deployment(random: () => number, index: number): object {
  const id = uuid(random);
  const at = new Date(Date.UTC(2026, 10, 21, 17, index)).toISOString();
  const names = ['queued', 'initialize', 'clone_repo', 'build', 'deploy'];
  const stages = names.map((name) => stage(name, at));
  return {
    id,
    short_id: id.slice(0, 8),
    project_id: '3f1c8a52-6f0e-4d0b-9b9d-0b8f6a1f3c55',
    project_name: 'acme-prod-portal',
    environment: 'production',
    url: `https://${id.slice(0, 8)}.acme-prod-portal.pages.dev`,
    created_on: at,
    modified_on: at,
    latest_stage: stages[4],
    deployment_trigger: {
      type: 'ad_hoc',
      metadata: {
        branch: 'main',
        commit_hash: textOf(random, hex, 40),
        commit_message: `slipway dep_01KAKX${textOf(random, crockford, 20)}`,
        commit_dirty: false,
      },
    },
    stages,
    build_config: {
      build_command: null,
      destination_dir: null,
      build_caching: null,
      root_dir: null,
      web_analytics_tag: null,
      web_analytics_token: null,
    },
    source: null,
    env_vars: {
      SLIPWAY_SITE: { type: 'plain_text', value: 'acme/prod' },
      NODE_VERSION: { type: 'plain_text', value: '24' },
    },
    compatibility_date: '2026-11-01',
    compatibility_flags: [],
    build_image_major_version: 3,
    usage_model: 'standard',
    aliases: null,
    is_skipped: false,
    skip_reason: null,
    production_branch: 'main',
    uses_functions: false,
  };
}

/** A page of `count` Pages deployments, about 1.7 KB each; the API gives at most 25. */
export function deploymentsPage(count: number): Uint8Array {
  const random = randomFrom(count);
  const result = Array.from({ length: count }, (_, index) => deployment(random, index));
  const result_info = { page: 1, per_page: 25, count, total_count: count, total_pages: 1 };
  return encoder.encode(
    JSON.stringify({ result, success: true, errors: [], messages: [], result_info }),
  );
}

/** The parameters of a project's creation. */
export function projectWish(): Uint8Array {
  return encoder.encode(
    JSON.stringify({
      credential: 'cloudflare:main',
      accountId: '0123456789abcdef0123456789abcdef',
      project: 'acme-prod-portal',
      site: 'acme/prod',
    }),
  );
}
