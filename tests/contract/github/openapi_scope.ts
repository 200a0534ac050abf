// What of GitHub's OpenAPI description is kept: every operation that Slipway calls, those that its
// simulator answers beyond that, and the events that are sent to Slipway.

/** Where the extract lies. */
export const file: URL = new URL('openapi.2026-03-10.json', import.meta.url);

/** The version of the API that Slipway asks for. */
export const version = '2026-03-10';

const repository = '/repos/{owner}/{repo}';
const workflow = `${repository}/actions/workflows/{workflow_id}`;
const run = `${repository}/actions/runs/{run_id}`;

/** As `method path`. */
export const operations: readonly string[] = [
  'get /rate_limit',
  'get /orgs/{org}/repos',
  `get ${repository}`,
  `get ${repository}/installation`,
  `get ${repository}/contents/{path}`,
  `get ${repository}/commits/{ref}`,
  `get ${workflow}`,
  `post ${workflow}/dispatches`,
  `put ${workflow}/enable`,
  `put ${workflow}/disable`,
  `get ${workflow}/runs`,
  `get ${repository}/actions/runs`,
  `get ${run}`,
  `get ${run}/jobs`,
  `post ${run}/cancel`,
  `post ${run}/force-cancel`,
  `get ${repository}/actions/jobs/{job_id}/logs`,
  'post /app/installations/{installation_id}/access_tokens',
];

/** By the names of the description. */
export const webhooks: readonly string[] = [
  'ping',
  'workflow-run-requested',
  'workflow-run-in-progress',
  'workflow-run-completed',
];
