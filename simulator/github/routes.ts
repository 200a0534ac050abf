// The operations of the simulated GitHub: path, name, answer. The names are those of fault plans.

import type { Run } from '../runner/contract.ts';
import { type Call, json, paginate, refuse } from './answers.ts';
import { contents } from './contents.ts';
import { checkDispatch } from './dispatch.ts';
import type { Service } from './index.ts';
import { selectRuns } from './listing.ts';
import { getRepository, listRepositories } from './repository_list.ts';
import { commitShape, jobShape, runShape, workflowShape } from './shapes.ts';

/** One operation. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** `github.<operation>`. */
  readonly operation: string;
  /** The call costs nothing of the hourly budget. */
  readonly free?: boolean;
  /** An App calls it with its own JWT; everything else is called with a token. */
  readonly byApp?: boolean;
  answer(service: Service, call: Call): Response | Promise<Response>;
}

const REPOSITORY = '/repos/:owner/:repo';
const WORKFLOW = `${REPOSITORY}/actions/workflows/:workflow`;
const RUN = `${REPOSITORY}/actions/runs/:run`;

/** Every operation that exists; all other paths are 404. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/rate_limit',
    operation: 'github.rate_limit',
    free: true,
    answer: rateLimit,
  },
  {
    method: 'GET',
    path: '/orgs/:org/repos',
    operation: 'github.list_repositories',
    answer: (service, call) => listRepositories(call, service.repositories),
  },
  {
    method: 'GET',
    path: REPOSITORY,
    operation: 'github.get_repository',
    answer: (service, call) => getRepository(call, service.repositories),
  },
  {
    method: 'POST',
    path: '/app/installations/:installation/access_tokens',
    operation: 'github.create_installation_token',
    free: true,
    byApp: true,
    answer: createInstallationToken,
  },
  {
    method: 'GET',
    path: `${REPOSITORY}/installation`,
    operation: 'github.get_repository_installation',
    free: true,
    byApp: true,
    answer: getInstallation,
  },
  { method: 'GET', path: WORKFLOW, operation: 'github.get_workflow', answer: getWorkflow },
  {
    method: 'POST',
    path: `${WORKFLOW}/dispatches`,
    operation: 'github.dispatch',
    answer: dispatch,
  },
  {
    method: 'PUT',
    path: `${WORKFLOW}/enable`,
    operation: 'github.enable_workflow',
    answer: (service, call) => setState(service, call, 'active'),
  },
  {
    method: 'PUT',
    path: `${WORKFLOW}/disable`,
    operation: 'github.disable_workflow',
    answer: (service, call) => setState(service, call, 'disabled_manually'),
  },
  {
    method: 'GET',
    path: `${WORKFLOW}/runs`,
    operation: 'github.list_runs',
    answer: listWorkflowRuns,
  },
  {
    method: 'GET',
    path: `${REPOSITORY}/actions/runs`,
    operation: 'github.list_runs',
    answer: (service, call) => listRuns(call, service.listed(call.repository)),
  },
  { method: 'GET', path: RUN, operation: 'github.get_run', answer: getRun },
  { method: 'GET', path: `${RUN}/jobs`, operation: 'github.list_jobs', answer: listJobs },
  {
    method: 'POST',
    path: `${RUN}/cancel`,
    operation: 'github.cancel_run',
    answer: (service, call) => cancel(service, call, false),
  },
  {
    method: 'POST',
    path: `${RUN}/force-cancel`,
    operation: 'github.force_cancel_run',
    answer: (service, call) => cancel(service, call, true),
  },
  {
    method: 'GET',
    path: `${REPOSITORY}/actions/jobs/:job/logs`,
    operation: 'github.get_job_logs',
    answer: jobLogs,
  },
  {
    method: 'GET',
    path: `${REPOSITORY}/contents/:path{.*}`,
    operation: 'github.get_contents',
    answer: getContents,
  },
  {
    method: 'GET',
    path: `${REPOSITORY}/contents`,
    operation: 'github.get_contents',
    answer: getContents,
  },
  {
    method: 'GET',
    path: `${REPOSITORY}/commits/:ref{.+}`,
    operation: 'github.get_commit',
    answer: getCommit,
  },
];

const archived = 'Repository was archived so is read-only.';
const notFound = (): Response => refuse(404, 'Not Found');

function rateLimit(service: Service, call: Call): Response {
  const core = service.limits.budget(call.token);
  const search = { limit: 30, remaining: 30, used: 0, reset: core.reset };
  const resources = { core, search };
  return json(call.version === '2022-11-28' ? { resources, rate: core } : { resources });
}

async function createInstallationToken(service: Service, call: Call): Promise<Response> {
  const app = service.apps.appOf(call.token);
  if (app instanceof Response) return app;
  const body = await call.request.text();
  return service.apps.issue(app, call.params.installation ?? '', body);
}

function getInstallation(service: Service, call: Call): Response {
  const app = service.apps.appOf(call.token);
  return app instanceof Response ? app : service.apps.installationOf(app, call);
}

function getWorkflow(service: Service, call: Call): Response {
  const file = service.workflows.find(call.repository, call.params.workflow ?? '');
  return file ? json(workflowShape(call, file)) : notFound();
}

function setState(service: Service, call: Call, state: 'active' | 'disabled_manually'): Response {
  const file = service.workflows.find(call.repository, call.params.workflow ?? '');
  if (!file) return notFound();
  if (service.repositories.info(call.repository).archived) return refuse(403, archived);
  service.workflows.setState(call.repository, file.path, state);
  return new Response(null, { status: 204 });
}

async function dispatch(service: Service, call: Call): Promise<Response> {
  const text = await call.request.text();
  const limited = service.limits.dispatch(call.token);
  if (limited) return limited;
  const file = service.workflows.find(call.repository, call.params.workflow ?? '');
  if (!file) return notFound();
  if (service.repositories.info(call.repository).archived) return refuse(403, archived);
  const checked = checkDispatch(call, file, text);
  if (checked instanceof Response) return checked;
  const run = service.runs.add(checked.run);
  service.runner.start(run);
  if (service.behaviour.takeDuplicate()) service.runner.start(service.runs.add(checked.run));
  if (!checked.details) return new Response(null, { status: 204 });
  return json({
    workflow_run_id: run.id,
    run_url: `${call.api}/repos/${run.repository}/actions/runs/${run.id}`,
    html_url: `${call.web}/${run.repository}/actions/runs/${run.id}`,
  });
}

function listWorkflowRuns(service: Service, call: Call): Response {
  const file = service.workflows.find(call.repository, call.params.workflow ?? '');
  if (!file) return notFound();
  const runs = service.listed(call.repository).filter((run) => run.workflowId === file.id);
  return listRuns(call, runs);
}

function listRuns(call: Call, runs: readonly Run[]): Response {
  const found = selectRuns(runs, call.url.searchParams);
  if (!found) return refuse(422, 'Validation Failed');
  const page = paginate(call, found);
  const workflow_runs = page.items.map((run) => runShape(call, run));
  return linked(json({ total_count: found.length, workflow_runs }), page.link);
}

function findRun(service: Service, call: Call): Run | undefined {
  const run = service.runs.get(Number(call.params.run));
  return run?.repository === call.repository ? run : undefined;
}

function getRun(service: Service, call: Call): Response {
  const run = findRun(service, call);
  return run ? json(runShape(call, run)) : notFound();
}

function listJobs(service: Service, call: Call): Response {
  const run = findRun(service, call);
  if (!run) return notFound();
  const all = service.runs.jobsOf(run.id);
  const page = paginate(call, all);
  const jobs = page.items.map((job) => jobShape(call, run, job));
  return linked(json({ total_count: all.length, jobs }), page.link);
}

function cancel(service: Service, call: Call, force: boolean): Response {
  const run = findRun(service, call);
  if (!run) return notFound();
  if (run.status === 'completed') {
    return refuse(409, 'Cannot cancel a workflow run that is completed.');
  }
  service.runner.cancel(run.id, force);
  return json({}, 202);
}

function jobLogs(service: Service, call: Call): Response {
  const job = service.runs.job(Number(call.params.job));
  const run = job && service.runs.get(job.runId);
  if (!job || run?.repository !== call.repository) return notFound();
  const location = `${call.api}${service.links.logOf(job.id)}`;
  return new Response(null, { status: 302, headers: { location } });
}

function getContents(service: Service, call: Call): Response {
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  return contents(call, service.repositories, path);
}

function getCommit(service: Service, call: Call): Response {
  const ref = call.params.ref ?? '';
  const commit = service.repositories.resolve(call.repository, ref);
  if (!commit) return refuse(422, `No commit found for SHA: ${ref}`);
  if (/\bsha\b/.test(call.request.headers.get('accept') ?? '')) {
    return new Response(commit.sha, { headers: { 'content-type': 'text/plain' } });
  }
  return json(commitShape(call, commit));
}

function linked(answer: Response, link: string | undefined): Response {
  if (link !== undefined) answer.headers.set('link', link);
  return answer;
}
