// The runner that really executes: jobs that end early, and what its actions refuse.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, PIN, setting, steps, waitFor } from './executed.ts';
import { temporary } from './world.ts';

const JOB = 'runs-on: ubuntu-24.04';

test('fail-fast ends the other jobs of a matrix', async (context) => {
  const { run, jobs } = await execute(
    context,
    `
jobs:
  build:
    ${JOB}
    strategy: { matrix: { n: [1, 2, 3] } }
    steps:
      - env: { N: "\${{ matrix.n }}" }
        run: test "$N" = 1 || sleep 60; exit 1
`,
  );
  assert.equal(run.conclusion, 'failure');
  const ends = jobs.map((job) => job.conclusion);
  assert.deepEqual(ends, ['failure', 'cancelled', 'cancelled']);
});

test('max-parallel: one job of a matrix after the other', async (context) => {
  const alone = join(temporary(context), 'alone');
  const { run, logs } = await execute(
    context,
    `
jobs:
  build:
    ${JOB}
    strategy: { max-parallel: 1, matrix: { n: [1, 2] } }
    steps: [{ run: 'mkdir ${alone}; sleep 0.2; rmdir ${alone}' }]
`,
  );
  assert.equal(run.conclusion, 'success', logs);
});

test('a job that is too long ends cancelled, its cleaning steps run', async (context) => {
  const { run, jobs, logs } = await execute(
    context,
    `
jobs:
  build:
    ${JOB}
    timeout-minutes: 0.005
    steps: [{ name: long, run: sleep 60 }, { name: cleaning, if: always(), run: echo }]
`,
  );
  assert.equal(run.conclusion, 'cancelled');
  assert.deepEqual(steps(jobs[0]).slice(1, 3), ['long: cancelled', 'cleaning: success']);
  assert.match(logs, /exceeded the maximum execution time/);
});

test('a job after a failed one is skipped even behind one that ran always', async (context) => {
  const { jobs } = await execute(
    context,
    `
jobs:
  first: { ${JOB}, steps: [{ run: exit 1 }] }
  second: { ${JOB}, needs: first, if: always(), steps: [{ run: echo }] }
  third: { ${JOB}, needs: second, steps: [{ run: echo }] }
`,
  );
  const ends = jobs.map((job) => `${job.name} ${job.conclusion}`);
  assert.deepEqual(ends, ['first failure', 'second success', 'third skipped']);
});

test('a cancelled run still does the jobs that ask for it', async (context) => {
  const made = setting(
    context,
    `
jobs:
  first: { ${JOB}, steps: [{ run: echo begun; sleep 60 }] }
  second: { ${JOB}, needs: first, if: always(), steps: [{ run: echo cleaned }] }
`,
  );
  const id = await made.dispatch();
  await waitFor(() => made.result(id).logs.includes('begun\n'));
  made.runner.cancel(id, false);
  await made.runner.idle();
  const { run, jobs, logs } = made.result(id);
  assert.equal(run.conclusion, 'cancelled');
  assert.deepEqual(
    jobs.map((job) => job.conclusion),
    ['cancelled', 'success'],
  );
  assert.match(logs, /Z cleaned/);
});

test('force cancels without cleaning', async (context) => {
  const made = setting(
    context,
    `
jobs:
  build:
    ${JOB}
    steps: [{ run: echo begun; sleep 60 }, { if: always(), run: echo cleaned }]
`,
  );
  const id = await made.dispatch();
  await waitFor(() => made.result(id).logs.includes('begun\n'));
  made.runner.cancel(id, true);
  await made.runner.idle();
  assert.equal(made.result(id).run.conclusion, 'cancelled');
  assert.doesNotMatch(made.result(id).logs, /Z cleaned/);
});

test('checkout of an earlier commit, and of one that never was', async (context) => {
  const made = setting(
    context,
    `
jobs:
  build:
    ${JOB}
    steps:
      - { uses: actions/checkout@${PIN}, with: { ref: "\${{ inputs.word }}" } }
      - run: cat content
`,
    { content: 'the first state\n' },
  );
  const first = await made.dispatch({ word: 'main' });
  await made.runner.idle();
  writeFileSync(join(made.directory, 'content'), 'the second and longer state\n');
  const { sha } = made.result(first).run;
  const [second, third] = [await made.dispatch({ word: sha }), await made.dispatch()];
  const lost = await made.dispatch({ word: '0'.repeat(40) });
  await made.runner.idle();
  assert.match(made.result(second).logs, /the first state/);
  assert.equal(made.result(third).run.conclusion, 'failure');
  assert.equal(made.result(lost).run.conclusion, 'failure');
  assert.match(made.result(lost).logs, /reference is not a tree: 0{40}/);
});

test('set-up actions refuse what the real ones refuse', async (context) => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ['actions/setup-node', { 'node-version': '20' }, /Unable to find Node version '20'/],
    ['pnpm/action-setup', {}, /No pnpm version is specified/],
    ['pnpm/action-setup', { version: '9.0.0' }, /Multiple versions of pnpm specified/],
    ['actions/checkout', { repository: 'acme/other' }, /repository 'acme\/other'/],
    ['actions/checkout', { path: '../out' }, /not inside the workspace/],
    ['actions/cache', { path: 'x' }, /required and not supplied: key/],
  ];
  for (const [action, inputs, text] of cases) {
    const pinned = action === 'pnpm/action-setup' && inputs.version !== undefined;
    const { run, logs } = await execute(
      context,
      `
jobs:
  build:
    ${JOB}
    steps:
      - run: ${pinned ? `echo '{"packageManager":"pnpm@10.0.0"}' > package.json` : 'echo'}
      - { uses: ${action}@${PIN}, with: ${JSON.stringify(inputs)} }
`,
    );
    assert.equal(run.conclusion, 'failure');
    assert.match(logs, text);
  }
});
