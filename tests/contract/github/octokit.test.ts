// GitHub's own client against the simulator behind a socket, with the runner that really executes.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Octokit } from '@octokit/rest';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import { serve } from '../../../simulator/base/serve.ts';
import { realRunner } from '../../../simulator/runner/real.ts';
import { TOKEN, temporary, world } from './world.ts';

const BUILD = `name: Build
run-name: "\${{ inputs.key }} build"
on: { workflow_dispatch: { inputs: { key: { type: string } } } }
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{ name: Say, run: 'echo "the key is $KEY"', env: { KEY: "\${{ inputs.key }}" } }]
`;
const REPO = { owner: 'acme', repo: 'builder' };
const VERSION = { headers: { 'x-github-api-version': '2026-03-10' } };

async function connect(context: TestContext, auth = TOKEN) {
  const faults = plannedFaults(1);
  const clock = { now: () => Date.now() };
  const runner = realRunner({ clock, directory: temporary(context), environments: {} });
  const { github } = world(
    context,
    { '.github/workflows/build.yml': BUILD, 'docs/a b.md': 'text' },
    { runner, faults, clock },
  );
  const served = await serve(github.fetch);
  context.after(async () => {
    await served.close();
    await runner.close();
  });
  const octokit = new Octokit({ auth, baseUrl: served.url, userAgent: 'contract', log: silent });
  return { octokit, runner, faults };
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

test('dispatch, follow, list, jobs, logs', async (context) => {
  const { octokit, runner } = await connect(context);
  const wanted = { ...REPO, workflow_id: 'build.yml', ref: 'main', inputs: { key: 'K7' } };
  const made = await octokit.rest.actions.createWorkflowDispatch({ ...wanted, ...VERSION });
  assert.equal(Number(made.status), 200);
  const { workflow_run_id: run_id } = made.data as unknown as { workflow_run_id: number };
  await runner.idle();

  const run = await octokit.rest.actions.getWorkflowRun({ ...REPO, run_id });
  assert.deepEqual([run.data.status, run.data.conclusion], ['completed', 'success']);
  assert.equal(run.data.display_title, 'K7 build');
  const all = await octokit.paginate(octokit.rest.actions.listWorkflowRuns, {
    ...REPO,
    workflow_id: 'build.yml',
    event: 'workflow_dispatch',
    per_page: 1,
  });
  assert.deepEqual(
    all.map((each) => each.id),
    [run_id],
  );
  const jobs = await octokit.rest.actions.listJobsForWorkflowRun({ ...REPO, run_id });
  const [job] = jobs.data.jobs;
  assert.ok(job);
  assert.deepEqual(
    job.steps?.map((step) => [step.name, step.conclusion]),
    [
      ['Set up job', 'success'],
      ['Say', 'success'],
      ['Complete job', 'success'],
    ],
  );
  const log = await octokit.rest.actions.downloadJobLogsForWorkflowRun({
    ...REPO,
    job_id: job.id,
  });
  assert.match(String(log.data), /the key is K7/);
});

test('pages are followed to the end', async (context) => {
  const { octokit, runner } = await connect(context);
  const wanted = { ...REPO, workflow_id: 'build.yml', ref: 'main', ...VERSION };
  for (const key of ['1', '2', '3', '4', '5']) {
    await octokit.rest.actions.createWorkflowDispatch({ ...wanted, inputs: { key } });
  }
  await runner.idle();
  const list = octokit.rest.actions.listWorkflowRunsForRepo;
  const all = await octokit.paginate(list, { ...REPO, status: 'success', per_page: 2 });
  assert.deepEqual(all.map((run) => run.display_title).sort(), [
    '1 build',
    '2 build',
    '3 build',
    '4 build',
    '5 build',
  ]);
});

test('contents, commits and the rate limit', async (context) => {
  const { octokit } = await connect(context);
  const file = await octokit.rest.repos.getContent({ ...REPO, path: 'docs/a b.md' });
  assert.ok(!Array.isArray(file.data) && file.data.type === 'file');
  assert.equal(Buffer.from(file.data.content, 'base64').toString(), 'text');
  const folder = await octokit.rest.repos.getContent({ ...REPO, path: 'docs' });
  assert.ok(Array.isArray(folder.data));
  assert.equal(folder.data[0]?.sha, file.data.sha);
  const commit = await octokit.rest.repos.getCommit({ ...REPO, ref: 'main' });
  assert.match(commit.data.sha, /^[0-9a-f]{40}$/);
  const { data } = await octokit.rest.rateLimit.get();
  assert.equal(data.resources.core.used, 3);
});

test('refusals and cut connections reach the client as errors', async (context) => {
  const { octokit, faults } = await connect(context);
  const wanted = { ...REPO, workflow_id: 'build.yml', ref: 'main', ...VERSION };
  const unexpected = octokit.rest.actions.createWorkflowDispatch({
    ...wanted,
    inputs: { other: '' },
  });
  await assert.rejects(unexpected, { status: 422, message: /Unexpected inputs provided/ });
  faults.set([{ operation: 'github.dispatch', fault: { when: 'after', answer: 'timeout' } }]);
  await assert.rejects(octokit.rest.actions.createWorkflowDispatch(wanted), { status: 500 });
  const { data } = await octokit.rest.actions.listWorkflowRunsForRepo(REPO);
  assert.equal(data.total_count, 1);
});

test('a wrong token is 401', async (context) => {
  const { octokit } = await connect(context, 'wrong');
  await assert.rejects(octokit.rest.rateLimit.get(), { status: 401 });
});
