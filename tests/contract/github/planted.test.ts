// What can be planted at the simulated GitHub: answers without an id, runs that come twice or late;
// and what it tells about its budgets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import { dispatch, idleRunner, REPOSITORY, request, WORKFLOW, world } from './world.ts';

const BUILD = `run-name: "\${{ inputs.dispatchKey }}"
on: { workflow_dispatch: { inputs: { dispatchKey: { type: string } } } }
jobs: { build: { runs-on: ubuntu-24.04, steps: [{ run: echo }] } }
`;
const FILES = { '.github/workflows/build.yml': BUILD };
const RUNS = `${WORKFLOW}/runs?per_page=100`;

async function titles(fetch: (request: Request) => Promise<Response>): Promise<string[]> {
  const answer = await fetch(request('GET', RUNS));
  type Listed = { workflow_runs: { display_title: string }[] };
  return ((await answer.json()) as Listed).workflow_runs.map((run) => run.display_title).sort();
}

test('204 without an id, or an error, after the run was made', async (context) => {
  const faults = plannedFaults(1);
  const { github } = world(context, FILES, { faults, runner: idleRunner() });
  for (const answer of [204, 500, 502]) {
    faults.set([{ operation: 'github.dispatch', fault: { when: 'after', answer } }]);
    const got = await github.fetch(dispatch({ dispatchKey: `K${answer}` }));
    assert.equal(got.status, answer);
    if (answer === 204) assert.equal(await got.text(), '');
  }
  faults.set([]);
  assert.deepEqual(await titles(github.fetch), ['K204', 'K500', 'K502']);
});

test('a refusal with the words that GitHub has for it', async (context) => {
  const faults = plannedFaults(1);
  const runner = idleRunner();
  const { github } = world(context, FILES, { faults, runner });
  for (const message of [
    "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
    'No ref found for: main',
    'Unexpected inputs provided: ["shards"]',
  ]) {
    const body = JSON.stringify({ message, status: '422' });
    const fault = { when: 'before', answer: 422, body } as const;
    faults.set([{ operation: 'github.dispatch', times: 1, fault }]);
    const got = await github.fetch(dispatch({ dispatchKey: 'K' }));
    assert.equal(got.status, 422);
    assert.equal(((await got.json()) as { message: string }).message, message);
  }
  assert.deepEqual(runner.started, []);
});

test('two runs of one dispatch', async (context) => {
  const runner = idleRunner();
  const { github } = world(context, FILES, { runner });
  github.behave({ duplicates: 1 });
  for (const dispatchKey of ['A', 'B']) {
    const answer = await github.fetch(dispatch({ dispatchKey }));
    const { workflow_run_id } = (await answer.json()) as { workflow_run_id: number };
    assert.ok(runner.started.includes(workflow_run_id));
  }
  assert.deepEqual(await titles(github.fetch), ['A', 'A', 'B']);
  assert.equal(new Set(runner.started).size, 3);
});

test('runs that are listed late, from now on', async (context) => {
  const { github, clock } = world(context, FILES, { runner: idleRunner() });
  github.behave({ listLag_ms: 5_000 });
  await github.fetch(dispatch({ dispatchKey: 'A' }));
  assert.deepEqual(await titles(github.fetch), []);
  clock.advance(5_000);
  assert.deepEqual(await titles(github.fetch), ['A']);
});

test('the runs of a workflow are told once: then 304, and free', async (context) => {
  const { github, clock } = world(context, FILES, { runner: idleRunner() });
  await github.fetch(dispatch({ dispatchKey: 'A' }));
  clock.advance(1_000);
  const since = encodeURIComponent(`>=${new Date(clock.now() - 2_000).toISOString()}`);
  const path = `${RUNS}&event=workflow_dispatch&created=${since}`;
  const first = await github.fetch(request('GET', path));
  const tag = first.headers.get('etag') ?? '';
  const again = (): Promise<Response> =>
    github.fetch(request('GET', path, undefined, { 'if-none-match': tag }));
  const unchanged = await again();
  assert.equal(unchanged.status, 304);
  const used = 'x-ratelimit-used';
  assert.equal(unchanged.headers.get(used), first.headers.get(used));
  await github.fetch(dispatch({ dispatchKey: 'B' }));
  assert.equal((await again()).status, 200);
});

test('what was spent: calls, 304s, dispatches and refusals', async (context) => {
  const limits = { dispatch_per_minute: 3, primary_per_hour: 9 };
  const { github, clock } = world(context, FILES, { runner: idleRunner(), limits });
  const send = async (): Promise<number> =>
    (await github.fetch(dispatch({ dispatchKey: 'A' }))).status;
  assert.deepEqual([await send(), await send(), await send(), await send()], [200, 200, 200, 403]);
  clock.advance(60_000);
  await send();
  const repository = `/repos/${REPOSITORY}`;
  const seen = await github.fetch(request('GET', repository));
  const held = { 'if-none-match': seen.headers.get('etag') ?? '' };
  await github.fetch(request('GET', repository, undefined, held));
  assert.deepEqual(github.budgets(), [
    {
      account: 'token 1',
      calls: 6,
      not_modified: 1,
      dispatches: 4,
      peak_dispatches_in_minute: 3,
      peak_dispatches_in_hour: 4,
      refused: 1,
    },
  ]);
});
