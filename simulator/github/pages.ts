// The web pages of runs: what a person finds behind a run's `html_url`, and the list of runs.

import type { Job, Run, Runs } from '../runner/contract.ts';
import { iso } from './answers.ts';

const REFRESH_SECONDS = 2;
const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'pre{background:#111;color:#ddd;padding:1rem;overflow:auto;font-size:12px}' +
  'li.failure,li.cancelled{color:#b00}li.skipped,li.queued{color:#777}li.success{color:#060}';

/**
 * Answers `/{owner}/{repo}/actions` and, with or without a job below it, `.../runs/{id}`; else 404.
 */
export function runPage(runs: Runs, path: string): Response {
  const [, listed] = /^\/([^/]+\/[^/]+)\/actions\/?$/.exec(path) ?? [];
  if (listed !== undefined) return listPage(runs, listed);
  const [, repository, id] = /^\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)(?:\/|$)/.exec(path) ?? [];
  const run = runs.get(Number(id));
  const found = run !== undefined && run.repository === repository;
  const html = found ? page(run, runs) : document('Not found', '<p>There is no such run.</p>');
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  return new Response(html, { status: found ? 200 : 404, headers });
}

function listPage(runs: Runs, repository: string): Response {
  const newest = runs.all().reverse();
  const items = newest
    .filter((run) => run.repository === repository)
    .slice(0, 100)
    .map((run) => {
      const state = run.conclusion ?? run.status;
      const href = `/${text(repository)}/actions/runs/${run.id}`;
      return `<li class="${state}"><a href="${href}">${text(run.title)}</a>: ${state}</li>`;
    });
  const body = items.length > 0 ? `<ol reversed>${items.join('')}</ol>` : '<p>No runs yet.</p>';
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  return new Response(document(`Runs of ${repository}`, body), { headers });
}

function page(run: Run, runs: Runs): string {
  const active = run.status !== 'completed';
  const refresh = active ? `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : '';
  const jobs = runs.jobsOf(run.id).map((job) => section(job, runs.log(job.id)));
  const origin = `${text(run.workflowName)} #${run.number} in ${text(run.repository)}`;
  const state = `<strong>${run.conclusion ?? run.status}</strong>`;
  const head = `<p>${origin}, started ${iso(run.created_ms)}: ${state}</p>`;
  return document(run.title, head + jobs.join(''), refresh);
}

function section(job: Job, log: string): string {
  const steps = job.steps.map((step) => {
    const state = step.conclusion ?? step.status;
    return `<li class="${state}">${text(step.name)}: ${state}</li>`;
  });
  const heading = `<h2>${text(job.name)}: ${job.conclusion ?? job.status}</h2>`;
  return `${heading}<ol>${steps.join('')}</ol><pre>${text(log)}</pre>`;
}

function document(title: string, body: string, head = ''): string {
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8">${head}` +
    `<title>${text(title)}</title><style>${STYLE}</style><h1>${text(title)}</h1>${body}</html>`
  );
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
