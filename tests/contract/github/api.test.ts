// The simulated GitHub API: dispatch, its refusals, listing, limits, faults and contents.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ConnectionLost, type Fault } from '../../../simulator/base/contract.ts';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import type { GithubOptions } from '../../../simulator/github/index.ts';
import { conforms } from './openapi.ts';
import {
  dispatch,
  type IdleRunner,
  idleRunner,
  REPOSITORY,
  request,
  WORKFLOW,
  type World,
  world,
} from './world.ts';

const BUILD = `name: Build
run-name: "\${{ inputs.dispatchKey || 'manual' }} \${{ inputs.env }}"
on:
  workflow_dispatch:
    inputs:
      dispatchKey: { type: string }
      env: { type: choice, options: [dev, stg, prod], required: true }
      account: { type: string, default: main }
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{ run: echo }]
`;
const FILES = {
  '.github/workflows/build.yml': BUILD,
  '.github/workflows/push.yml': BUILD.replace(/on:\n[\s\S]*?jobs:/, 'on: push\njobs:').replace(
    /run-name.*\n/,
    '',
  ),
  '.github/workflows/broken.yml': 'name: [',
  'src/config.ts': 'export const a = 1;\n',
  'README.md': 'x'.repeat(100),
  'node_modules/left/out.js': '',
};
const OLD = { 'x-github-api-version': '2022-11-28' };
const RUNS = `/repos/${REPOSITORY}/actions/runs`;

interface Setting extends World {
  readonly runner: IdleRunner;
  /** Sends a request and checks its status. */
  send(request: Request, status: number): Promise<Response>;
  message(request: Request, status: number): Promise<string>;
}

function setting(context: TestContext, options: Partial<GithubOptions> = {}): Setting {
  const runner = idleRunner();
  const made = world(context, FILES, { ...options, runner });
  const send = async (asked: Request, status: number): Promise<Response> => {
    const answer = await made.github.fetch(asked);
    assert.equal(answer.status, status, await answer.clone().text());
    return answer;
  };
  const message = async (asked: Request, status: number): Promise<string> => {
    const body = (await (await send(asked, status)).json()) as { message: string; status: string };
    assert.equal(body.status, String(status));
    return body.message;
  };
  return { ...made, runner, send, message };
}

interface Listed {
  total_count: number;
  workflow_runs: { id: number; display_title: string; status: string }[];
}

async function list(made: Setting, query = ''): Promise<Listed> {
  return (await (await made.send(request('GET', RUNS + query), 200)).json()) as Listed;
}

test('a dispatch answers 200 with the run, 204 in the old version', async (context) => {
  const made = setting(context);
  const answer = await made.send(dispatch({ env: 'dev', dispatchKey: 'K1' }), 200);
  await conforms(
    '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    'post',
    answer,
  );
  const body = (await answer.json()) as { workflow_run_id: number; run_url: string };
  assert.ok(body.workflow_run_id > 2 ** 32);
  assert.equal(body.run_url, `http://api.test${RUNS}/${body.workflow_run_id}`);
  await made.send(dispatch({ env: 'dev' }, OLD), 204);
  const plain = { ref: 'main', inputs: { env: 'dev' }, return_run_details: true };
  await made.send(request('POST', `${WORKFLOW}/dispatches`, plain, OLD), 200);
  assert.equal(made.runner.started.length, 3);
  assert.equal(made.runner.started[0], body.workflow_run_id);
  const { workflow_runs } = await list(made);
  const titles = workflow_runs.map((run) => run.display_title);
  assert.deepEqual(titles, ['manual dev', 'manual dev', 'K1 dev']);
});

test('every refusal of a dispatch has its status and text, and starts nothing', async (context) => {
  const made = setting(context);
  const path = `${WORKFLOW}/dispatches`;
  const post = (body: unknown, at = path): Request => request('POST', at, body);
  const at = (name: string): string => path.replace('build.yml', name);
  const ok = { ref: 'main', inputs: { env: 'dev' } };
  const cases: [Request, number, string | RegExp][] = [
    [post('{'), 400, 'Problems parsing JSON'],
    [post('[]'), 400, 'Body should be a JSON object'],
    [request('POST', path, ok, { 'x-github-api-version': '2025-01-01' }), 400, /not a supported/],
    [request('POST', path, ok, { authorization: 'Bearer wrong' }), 401, 'Bad credentials'],
    [request('POST', path, ok, { authorization: '' }), 401, 'Requires authentication'],
    [request('POST', path, ok, { 'user-agent': '' }), 403, /User-Agent/],
    [post(ok, at('other.yml')), 404, 'Not Found'],
    [post(ok, path.replace(REPOSITORY, 'acme/other')), 404, 'Not Found'],
    [post({ ...ok, extra: 1 }), 422, /"extra" is not a permitted key/],
    [post({ ...ok, return_run_details: true }), 422, /"return_run_details" is not a permitted/],
    [post({ inputs: {} }), 422, /"ref" wasn't supplied/],
    [post({ ref: 'nope' }), 422, 'No ref found for: nope'],
    [post(ok, at('push.yml')), 422, "Workflow does not have 'workflow_dispatch' trigger"],
    [post(ok, at('broken.yml')), 422, /failed to parse workflow/],
    [dispatch({ env: 'dev', x: '1' }), 422, 'Unexpected inputs provided: ["x"]'],
    [dispatch({}), 422, "Required input 'env' not provided"],
    [dispatch({ env: 'qa' }), 422, /'qa' for input 'env' not in the list of allowed values/],
    [dispatch({ env: 'dev', dispatchKey: 'x'.repeat(65_535) }), 422, 'inputs are too large.'],
  ];
  for (const [asked, status, text] of cases) {
    const message = await made.message(asked, status);
    if (typeof text === 'string') assert.equal(message, text);
    else assert.match(message, text);
  }
  assert.equal((await list(made)).total_count, 0);
  assert.equal(made.runner.started.length, 0);
});

test('inputs of exactly 65,535 characters are accepted', async (context) => {
  const made = setting(context);
  const rest = JSON.stringify({ env: 'dev', dispatchKey: '' }).length;
  await made.send(dispatch({ env: 'dev', dispatchKey: 'x'.repeat(65_535 - rest) }), 200);
});

test('a disabled workflow refuses with 422 until it is enabled', async (context) => {
  const made = setting(context);
  await made.send(request('PUT', `${WORKFLOW}/disable`), 204);
  const text = "Cannot trigger a 'workflow_dispatch' on a disabled workflow";
  assert.equal(await made.message(dispatch({ env: 'dev' }), 422), text);
  const answer = await made.send(request('GET', WORKFLOW), 200);
  await conforms('/repos/{owner}/{repo}/actions/workflows/{workflow_id}', 'get', answer);
  const { state, id } = (await answer.json()) as { state: string; id: number };
  assert.equal(state, 'disabled_manually');
  const byId = WORKFLOW.replace('build.yml', String(id));
  await made.send(request('PUT', `${byId}/enable`), 204);
  await made.send(dispatch({ env: 'dev' }), 200);
});

test('a lost answer: the run exists; a cut before: it does not', async (context) => {
  const faults = plannedFaults(1);
  const made = setting(context, { faults });
  const plan = (fault: Fault): void => faults.set([{ operation: 'github.dispatch', fault }]);
  plan({ when: 'after', answer: 'timeout' });
  await assert.rejects(
    made.github.fetch(dispatch({ env: 'dev', dispatchKey: 'A' })),
    ConnectionLost,
  );
  plan({ when: 'before', answer: 'timeout' });
  await assert.rejects(
    made.github.fetch(dispatch({ env: 'dev', dispatchKey: 'B' })),
    ConnectionLost,
  );
  plan({ when: 'before', answer: 503 });
  await made.send(dispatch({ env: 'dev', dispatchKey: 'C' }), 503);
  const body = '{"message":"Failed to run workflow dispatch","status":"500"}';
  plan({ when: 'after', answer: 500, body });
  const text = await made.message(dispatch({ env: 'dev', dispatchKey: 'D' }), 500);
  assert.equal(text, 'Failed to run workflow dispatch');
  const titles = (await list(made)).workflow_runs.map((run) => run.display_title);
  assert.deepEqual(titles.sort(), ['A dev', 'D dev']);
  assert.deepEqual(
    made.github.log.slice(0, 4).map((entry) => entry.status),
    [0, 0, 503, 500],
  );
});

test('a new run is found by id at once and in lists after the lag', async (context) => {
  const made = setting(context, { listLag_ms: 5_000 });
  const answer = await made.send(dispatch({ env: 'dev' }), 200);
  const { workflow_run_id: id } = (await answer.json()) as { workflow_run_id: number };
  await made.send(request('GET', `${RUNS}/${id}`), 200);
  assert.equal((await list(made)).total_count, 0);
  made.clock.advance(5_000);
  assert.equal((await list(made)).workflow_runs[0]?.id, id);
});

test('lists filter, page with Link, and conform to the description', async (context) => {
  const made = setting(context);
  for (let i = 0; i < 5; i++) {
    await made.send(dispatch({ env: 'dev', dispatchKey: `K${i}` }), 200);
    made.clock.advance(1_000);
  }
  const { runs } = made.runner.host();
  runs.update(made.runner.started[0] ?? 0, { status: 'completed', conclusion: 'failure' });
  const paths = [`${WORKFLOW}/runs`, RUNS];
  const described = '/repos/{owner}/{repo}/actions/';
  for (const [i, path] of paths.entries()) {
    const answer = await made.send(request('GET', `${path}?per_page=2&page=2`), 200);
    const name = i === 0 ? `${described}workflows/{workflow_id}/runs` : `${described}runs`;
    await conforms(name, 'get', answer);
    const body = (await answer.json()) as Listed;
    assert.equal(body.total_count, 5);
    const titles = body.workflow_runs.map((run) => run.display_title);
    assert.deepEqual(titles, ['K2 dev', 'K1 dev']);
    const link = answer.headers.get('link') ?? '';
    assert.match(link, /<http:\/\/api\.test\/repos[^>]*per_page=2&page=3>; rel="next"/);
    assert.match(link, /page=1>; rel="prev"/);
  }
  const count = async (query: string): Promise<number> => (await list(made, query)).total_count;
  assert.equal(await count('?status=failure'), 1);
  assert.equal(await count('?status=queued&event=workflow_dispatch'), 4);
  assert.equal(await count('?event=push'), 0);
  assert.equal(await count('?created=%3E%3D2026-01-01T00:00:03Z'), 2);
  assert.equal(await count('?created=%3E2026-01-01T00:00:03Z'), 1);
  assert.equal(await count('?created=2026-01-01T00:00:01Z..2026-01-01T00:00:02Z'), 2);
});

test('an unchanged answer is 304 and free', async (context) => {
  const made = setting(context);
  const first = await made.send(request('GET', RUNS), 200);
  const tag = first.headers.get('etag') ?? '';
  const held = request('GET', RUNS, undefined, { 'if-none-match': tag });
  const again = await made.send(held, 304);
  assert.equal(again.headers.get('x-ratelimit-used'), first.headers.get('x-ratelimit-used'));
  await made.send(dispatch({ env: 'dev' }), 200);
  await made.send(request('GET', RUNS, undefined, { 'if-none-match': tag }), 200);
});

test('the hourly budget and the dispatch limits', async (context) => {
  const limits = { primary_per_hour: 7, dispatch_per_minute: 2, dispatch_per_hour: 3 };
  const made = setting(context, { limits });
  const go = dispatch.bind(undefined, { env: 'dev' });
  const first = await made.send(go(), 200);
  assert.equal(first.headers.get('x-ratelimit-remaining'), '6');
  made.clock.advance(1_000);
  await made.send(go(), 200);
  const refused = await made.send(go(), 403);
  assert.equal(refused.headers.get('retry-after'), '59');
  assert.match(await refused.text(), /secondary rate limit/);
  made.clock.advance(59_000);
  await made.send(go(), 200);
  made.clock.advance(60_000);
  const hourly = await made.send(go(), 403);
  assert.equal(hourly.headers.get('retry-after'), '3480');
  await made.send(request('GET', RUNS), 200);
  await made.send(request('GET', RUNS), 200);
  const spent = await made.send(request('GET', RUNS), 403);
  assert.equal(spent.headers.get('x-ratelimit-remaining'), '0');
  assert.match(await spent.text(), /API rate limit exceeded/);
  const free = await made.send(request('GET', '/rate_limit'), 200);
  await conforms('/rate_limit', 'get', free);
  made.clock.advance(3_600_000);
  await made.send(go(), 200);
});

test('cancel is 202 for an active run and 409 for an ended one', async (context) => {
  const made = setting(context);
  await made.send(dispatch({ env: 'dev' }), 200);
  const id = made.runner.started[0] ?? 0;
  const path = '/repos/{owner}/{repo}/actions/runs/{run_id}';
  for (const name of ['cancel', 'force-cancel']) {
    const answer = await made.send(request('POST', `${RUNS}/${id}/${name}`), 202);
    await conforms(`${path}/${name}`, 'post', answer);
  }
  assert.deepEqual(made.runner.cancelled, [id, id]);
  made.runner.host().runs.update(id, { status: 'completed', conclusion: 'success' });
  const ended = await made.send(request('POST', `${RUNS}/${id}/cancel`), 409);
  await conforms(`${path}/cancel`, 'post', ended);
  await conforms(path, 'get', await made.send(request('GET', `${RUNS}/${id}`), 200));
  await made.send(request('POST', `${RUNS}/1/cancel`), 404);
});

test('jobs and logs', async (context) => {
  const made = setting(context);
  await made.send(dispatch({ env: 'dev' }), 200);
  const id = made.runner.started[0] ?? 0;
  const { runs } = made.runner.host();
  const job = runs.addJob(id, 'build', ['ubuntu-24.04']);
  const answer = await made.send(request('GET', `${RUNS}/${id}/jobs`), 200);
  await conforms('/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', 'get', answer);
  runs.appendLog(job.id, 'one\n');
  runs.appendLog(job.id, 'two\n');
  const path = `/repos/${REPOSITORY}/actions/jobs`;
  const moved = await made.send(request('GET', `${path}/${job.id}/logs`), 302);
  const place = new Request(moved.headers.get('location') ?? '');
  assert.equal(await (await made.send(place, 200)).text(), 'one\ntwo\n');
  await made.send(new Request(`${place.url}0`), 410);
  made.clock.advance(60_000);
  await made.send(place, 410);
  await made.send(request('GET', `${path}/1/logs`), 404);
});

test('the page of a run shows its log and nothing of another repository', async (context) => {
  const made = setting(context);
  await made.send(dispatch({ env: 'dev', dispatchKey: '<b>' }), 200);
  const id = made.runner.started[0] ?? 0;
  const { runs } = made.runner.host();
  runs.appendLog(runs.addJob(id, 'build', []).id, '<script>\n');
  const get = (path: string): Promise<Response> => made.github.pages(request('GET', path));
  const page = await (await get(`/${REPOSITORY}/actions/runs/${id}`)).text();
  assert.match(page, /&lt;b> dev/);
  assert.match(page, /&lt;script>/);
  assert.ok(!page.includes('<script>'));
  assert.equal((await get(`/acme/other/actions/runs/${id}`)).status, 404);
});

test('contents and commits: files, directories, and earlier states', async (context) => {
  const made = setting(context);
  const at = (path: string): Request => request('GET', `/repos/${REPOSITORY}/${path}`);
  const get = async <T>(path: string): Promise<T> =>
    (await (await made.send(at(path), 200)).json()) as T;
  const { sha } = await get<{ sha: string }>('commits/main');
  assert.match(sha, /^[0-9a-f]{40}$/);
  const file = await get<{ content: string; sha: string; size: number }>('contents/src/config.ts');
  assert.equal(Buffer.from(file.content, 'base64').toString(), FILES['src/config.ts']);
  assert.equal(file.sha, 'cc798ff50da9473effe8bdb31c8c120fe42b61e3');
  const root = await get<{ name: string; type: string }[]>('contents/');
  const names = root.map((entry) => `${entry.type} ${entry.name}`);
  assert.deepEqual(names, ['dir .github', 'file README.md', 'dir src']);
  await made.send(at('contents/node_modules/left/out.js'), 404);
  await made.send(at('contents/nothing'), 404);
  await made.send(at('contents/../../etc/passwd'), 404);

  writeFileSync(join(made.directory, 'src/config.ts'), 'changed, and longer than before\n');
  const { sha: later } = await get<{ sha: string }>('commits/main');
  assert.notEqual(later, sha);
  const old = await get<{ content: string }>(`contents/src/config.ts?ref=${sha}`);
  assert.equal(Buffer.from(old.content, 'base64').toString(), FILES['src/config.ts']);
  await made.send(at(`contents/src/config.ts?ref=${'0'.repeat(40)}`), 404);
  await made.send(at('commits/other'), 422);
});
