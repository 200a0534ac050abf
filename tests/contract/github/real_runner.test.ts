// The runner that really executes: what steps see, do and leave behind. One small workflow a rule.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGithub } from '../../../simulator/github/index.ts';
import { realRunner } from '../../../simulator/runner/real.ts';
import { execute, PIN, setting, steps, waitFor } from './executed.ts';
import { idleRunner, REPOSITORY } from './world.ts';

test('env, outputs and path pass from step to step', async (context) => {
  const { run, logs } = await execute(
    context,
    `
env: { LEVEL: workflow, WORD: "\${{ inputs.word }}" }
jobs:
  build:
    runs-on: ubuntu-24.04
    env: { LEVEL: job }
    steps:
      - id: one
        run: |
          echo "level=$LEVEL word=$WORD ci=$CI run=$GITHUB_RUN_ID"
          echo "FROM_FILE=kept" >> "$GITHUB_ENV"
          printf 'text<<END\\nfirst\\nsecond\\nEND\\n' >> "$GITHUB_OUTPUT"
          mkdir -p "$RUNNER_TEMP/bin"; echo 'echo tool-ran' > "$RUNNER_TEMP/bin/tool"
          chmod +x "$RUNNER_TEMP/bin/tool"; echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
      - env: { TEXT: "\${{ steps.one.outputs.text }}", LEVEL: step }
        run: |
          echo "level=$LEVEL file=$FROM_FILE text=\${TEXT//$'\\n'/+}"
          tool
      - env: { GITHUB_RUN_ID: forged }
        run: echo "id=$GITHUB_RUN_ID"
`,
    { word: 'a b' },
  );
  assert.equal(run.conclusion, 'success', logs);
  assert.match(logs, new RegExp(`level=job word=a b ci=true run=${run.id}`));
  assert.match(logs, /level=step file=kept text=first\+second/);
  assert.match(logs, /Z tool-ran/);
  assert.match(logs, new RegExp(`id=${run.id}`));
});

test('a failing step: later steps are skipped, always and failure run', async (context) => {
  const { run, jobs } = await execute(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - { name: forgiven, id: soft, continue-on-error: true, run: exit 3 }
      - { name: fails, run: false; true }
      - { name: pipe, if: always(), shell: bash, run: false | true }
      - { name: plain, run: echo }
      - { name: on failure, if: "failure() && steps.soft.outcome == 'failure'", run: echo }
      - { name: cleaning, if: "\${{ always() }}", run: echo }
      - { name: never, if: "inputs.loud", run: echo }
`,
  );
  assert.equal(run.conclusion, 'failure');
  assert.deepEqual(steps(jobs[0]), [
    'Set up job: success',
    'forgiven: success',
    'fails: failure',
    'pipe: failure',
    'plain: skipped',
    'on failure: success',
    'cleaning: success',
    'never: skipped',
    'Complete job: success',
  ]);
});

test('needs, matrix and outputs between jobs', async (context) => {
  const { run, jobs, logs } = await execute(
    context,
    `
jobs:
  plan:
    runs-on: ubuntu-24.04
    outputs: { shards: "\${{ steps.plan.outputs.shards }}" }
    steps:
      - id: plan
        run: echo 'shards=[1,2,3]' >> "$GITHUB_OUTPUT"
  deploy:
    needs: plan
    runs-on: ubuntu-24.04
    strategy:
      fail-fast: false
      matrix: { shard: "\${{ fromJSON(needs.plan.outputs.shards) }}" }
    steps:
      - env: { SHARD: "\${{ matrix.shard }}", ALL: "\${{ toJSON(matrix) }}" }
        run: echo "shard <$SHARD>"; test "$SHARD" != 2
  after:
    needs: [plan, deploy]
    if: \${{ always() && needs.deploy.result == 'failure' }}
    runs-on: ubuntu-24.04
    steps: [{ run: echo }]
  unreached:
    needs: after
    runs-on: ubuntu-24.04
    steps: [{ run: echo }]
`,
  );
  assert.equal(run.conclusion, 'failure');
  const ends = jobs.map((job) => `${job.name} ${job.conclusion}`);
  assert.deepEqual(ends, [
    'plan success',
    'deploy (1) success',
    'deploy (2) failure',
    'deploy (3) success',
    'after success',
    'unreached skipped',
  ]);
  assert.match(logs, /shard <3>/);
});

test('secrets exist only where the environment is named, and never in a log', async (context) => {
  const { jobs, logs } = await execute(
    context,
    `
jobs:
  without:
    runs-on: ubuntu-24.04
    steps:
      - env: { KEY: "\${{ secrets.API_KEY }}" }
        run: test -z "$KEY"
  with:
    runs-on: ubuntu-24.04
    environment: \${{ format('{0}-{1}', 'main', 'dev') }}
    outputs: { leaked: "\${{ steps.a.outputs.leaked }}" }
    steps:
      - id: a
        env: { KEY: "\${{ secrets.API_KEY }}", OTHER: "\${{ secrets.OTHER }}" }
        run: |
          echo "key=$KEY."; echo "$OTHER"; echo "leaked=x$KEY" >> "$GITHUB_OUTPUT"
          echo "::add-mask::made-later"; echo "and made-later"
      - run: test -z "\${KEY:-}"
`,
  );
  assert.deepEqual(
    jobs.map((job) => job.conclusion),
    ['success', 'success'],
    logs,
  );
  for (const secret of ['sesame-open', 'line1', 'line2']) assert.ok(!logs.includes(secret));
  assert.match(logs, /key=\*\*\*\./);
  assert.match(logs, /and \*\*\*/);
  assert.match(logs, /Skip output 'leaked'/);
});

test('secrets are unknown in an if, and unknown contexts fail the step', async (context) => {
  const { run, logs } = await execute(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{ if: "secrets.API_KEY != ''", run: echo }]
`,
  );
  assert.equal(run.conclusion, 'failure');
  assert.match(logs, /secrets/);
});

test('unknown actions and unpinned actions are refused before any step runs', async (context) => {
  for (const uses of [`someone/thing@${PIN}`, 'actions/checkout@v4', './local']) {
    const { run, jobs, logs } = await execute(
      context,
      `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{ name: first, run: echo }, { uses: ${uses} }]
`,
    );
    assert.equal(run.conclusion, 'failure');
    assert.deepEqual(steps(jobs[0]), ['Set up job: failure']);
    assert.match(logs, /Unable to resolve action/);
  }
});

test('checkout, setup-node and cache', async (context) => {
  const made = setting(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - { id: checkout, uses: actions/checkout@${PIN}, with: { path: src } }
      - { uses: actions/setup-node@${PIN}, with: { node-version: 24 } }
      - id: cache
        uses: actions/cache@${PIN}
        with: { path: store, key: "k-\${{ hashFiles('src/lock') }}", restore-keys: k- }
      - env: { HIT: "\${{ steps.cache.outputs.cache-hit }}" }
        working-directory: src
        run: |
          test "$(git rev-parse HEAD)" = "\${{ steps.checkout.outputs.commit }}"
          echo "node $(node --version) hit=$HIT $(cat lock)"
          mkdir -p ../store; echo x >> ../store/count; echo "count $(wc -l < ../store/count)"
`,
    { lock: 'locked', 'node_modules/skipped': 'x' },
  );
  const first = await made.dispatch();
  await made.runner.idle();
  const second = await made.dispatch();
  await made.runner.idle();
  assert.equal(made.result(first).run.conclusion, 'success', made.result(first).logs);
  assert.match(made.result(first).logs, /node v24\.\S+ hit= locked/);
  assert.match(made.result(first).logs, /count 1/);
  assert.match(made.result(second).logs, /hit=true locked/);
  assert.match(made.result(second).logs, /count 2/);
});

test('stopped commands are only output, and job.status follows the job', async (context) => {
  const { logs } = await execute(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          echo '::stop-commands::w0rd-1'; echo '::add-mask::visible'; echo '::w0rd-1::'
          echo '::add-mask::hidden'; echo 'visible hidden'
      - env: { STATUS: "\${{ job.status }}" }
        run: echo "before $STATUS"; false
      - if: failure()
        env: { STATUS: "\${{ job.status }}" }
        run: echo "after $STATUS"
`,
  );
  assert.match(logs, /visible \*\*\*\n/);
  assert.match(logs, /before success\n/);
  assert.match(logs, /after failure\n/);
});

test('host variables do not reach a step', async (context) => {
  process.env.HOST_ONLY_VARIABLE = 'visible';
  context.after(() => delete process.env.HOST_ONLY_VARIABLE);
  const { logs } = await execute(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{ run: 'echo "seen=\${HOST_ONLY_VARIABLE:-nothing} home=$HOME"' }]
`,
  );
  assert.match(logs, /seen=nothing/);
  assert.ok(!logs.includes(`home=${process.env.HOME}\n`));
});

test('a cancelled run ends cancelled and its cleaning steps run', async (context) => {
  const made = setting(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - { name: long, run: echo begun; sleep 60 }
      - { name: next, run: echo }
      - { name: cleaning, if: cancelled(), run: echo cleaned }
`,
  );
  const id = await made.dispatch();
  await waitFor(() => made.result(id).logs.includes('begun\n'));
  made.runner.cancel(id, false);
  await made.runner.idle();
  const { run, jobs, logs } = made.result(id);
  assert.equal(run.conclusion, 'cancelled');
  assert.equal(jobs[0]?.conclusion, 'cancelled');
  assert.deepEqual(steps(jobs[0]).slice(1, 4), [
    'long: cancelled',
    'next: skipped',
    'cleaning: success',
  ]);
  assert.match(logs, /Z cleaned/);
});

test('a step that is too long fails', async (context) => {
  const { run, logs } = await execute(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    steps: [{ timeout-minutes: 0.005, run: sleep 60 }]
`,
  );
  assert.equal(run.conclusion, 'failure');
  assert.match(logs, /has timed out after 0\.005 minutes/);
});

test('a run in progress when the process ended is lost', async (context) => {
  const made = setting(
    context,
    `
jobs:
  build:
    runs-on: ubuntu-24.04
    env: { WORD: "\${{ inputs.word }}" }
    steps: [{ run: 'echo begun; test "$WORD" = hello || sleep 60' }]
`,
  );
  const id = await made.dispatch({ word: 'long' });
  await waitFor(() => made.result(id).logs.includes('begun\n'));
  await made.runner.close();
  assert.equal(made.result(id).run.status, 'in_progress');
  const spy = idleRunner();
  const { clock, store, directory } = made;
  const again = realRunner({
    clock,
    directory: join(directory, '.work'),
    environments: {},
  });
  const runner = { ...again, attach: spy.attach };
  const repositories = { [REPOSITORY]: { directory } };
  createGithub({ clock, store, tokens: [], repositories, runner });
  const { runs } = spy.host();
  again.attach(spy.host());
  assert.equal(runs.get(id)?.status, 'completed');
  assert.equal(runs.get(id)?.conclusion, 'failure');
  assert.match(runs.log(runs.get(id)?.jobs[0] ?? 0), /lost communication/);
});
