// The rules that the builder's workflow file keeps, read from the file itself.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub expressions are looked for as
// text.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { STEPS } from '../../../builder/scripts/local/shard.js';
import { DISPATCH_INPUTS } from './dispatch_inputs.ts';
import { ROOT } from './fake_runner.ts';
import { workflowChecker } from './language_service.ts';

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Workflow {
  readonly 'run-name': string;
  readonly on: Record<string, { inputs: Record<string, Record<string, unknown>> }>;
  readonly permissions: unknown;
  readonly env?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Record<
    string,
    {
      readonly name: string;
      readonly strategy: unknown;
      readonly permissions: unknown;
      readonly environment: string;
      readonly 'timeout-minutes': number;
      readonly env: Record<string, string>;
      readonly steps: Step[];
    }
  >;
}

const FOLDER = join(ROOT, 'builder', '.github', 'workflows');
const TEXT = readFileSync(join(FOLDER, 'build.yml'), 'utf8');
const workflow = parse(TEXT) as Workflow;
const jobs = Object.values(workflow.jobs);
const steps = jobs.flatMap((job) => job.steps);

/** The names of the secrets anywhere in a step. */
function secretsOf(step: Step): string[] {
  const found = JSON.stringify(step).matchAll(/secrets\.(\w+)|secrets\[|toJSON\(secrets/g);
  return [...found].map((match) => match[1] ?? 'all').sort();
}

test('there is one workflow, started by workflow_dispatch only', () => {
  assert.deepEqual(readdirSync(FOLDER), ['build.yml']);
  assert.deepEqual(Object.keys(workflow.on), ['workflow_dispatch']);
});

test("GitHub's own check finds nothing in it, and finds what is broken", async () => {
  const check = await workflowChecker();
  assert.deepEqual(await check(TEXT), []);
  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['timeout-minutes:', 'timeout-minuts:', /Unexpected value 'timeout-minuts'/],
    ['fromJSON(inputs.shards)', 'fromJSON(inputs.shard)', /invalid: shard/],
    ['matrix.shard }}', 'matrix.shart }}', /invalid: shart/],
    ['claim.outputs', 'claims.outputs', /invalid: claims/],
    ['fail-fast:', 'failfast:', /Unexpected value 'failfast'/],
    ['type: choice', 'type: choose', /choose/],
  ];
  for (const [from, to, message] of broken) {
    assert.ok(TEXT.includes(from), from);
    assert.match((await check(TEXT.replace(from, to))).join('; '), message, to);
  }
});

test('the inputs are those of the protocol', () => {
  const inputs = workflow.on.workflow_dispatch?.inputs ?? {};
  const bare = Object.entries(inputs).map(([name, { description: _, ...rest }]) => [name, rest]);
  assert.deepEqual(Object.fromEntries(bare), {
    dispatchKey: { type: 'string', required: false, default: '' },
    platformId: { type: 'string', required: false, default: '' },
    env: { type: 'choice', options: ['dev', 'stg', 'prod'], required: true },
    account: { type: 'string', required: false, default: 'main' },
    shards: { type: 'string', required: false, default: '[0]' },
  });
});

test('every input that a dispatch has is declared, and it has what is needed', () => {
  const inputs = workflow.on.workflow_dispatch?.inputs ?? {};
  for (const name of DISPATCH_INPUTS) assert.ok(name in inputs, name);
  const needed = Object.keys(inputs).filter((name) => inputs[name]?.required === true);
  for (const name of needed)
    assert.ok(
      DISPATCH_INPUTS.some((each) => each === name),
      name,
    );
});

test('the core dispatches with no other inputs', () => {
  const file = join(ROOT, 'tests', 'golden', 'effect_batch', 'act-dispatch.json');
  const sent: string[] = [];
  JSON.parse(readFileSync(file, 'utf8'), (key, value) => {
    if (key === 'inputs') sent.push(...Object.keys(value));
    return value;
  });
  assert.ok(sent.includes('dispatchKey'), String(sent));
  for (const name of sent)
    assert.ok(
      DISPATCH_INPUTS.some((each) => each === name),
      name,
    );
});

test('a batch comes in shards, each a job that shows its number', () => {
  assert.deepEqual(Object.keys(workflow.jobs), ['build']);
  const [job] = jobs;
  assert.deepEqual(job?.strategy, {
    'fail-fast': false,
    'max-parallel': 10,
    matrix: { shard: '${{ fromJSON(inputs.shards) }}' },
  });
  assert.equal(job?.name, 'Build shard ${{ matrix.shard }}');
  const users = steps.filter((step) => JSON.stringify(step).includes('matrix.'));
  assert.deepEqual(
    users.map((step) => [step.id, step.env?.SHARD]),
    [['claim', '${{ matrix.shard }}']],
  );
  const named = (name: string): Step[] => steps.filter((step) => step.run?.includes(name));
  assert.equal(named('install-starter.js').length, 1);
});

test('the time of a shard ends before its job does', () => {
  for (const job of jobs) {
    assert.equal(Number(job.env.JOB_DEADLINE_MIN) + 5, job['timeout-minutes']);
  }
});

test('a run is named by its dispatch key, or manual', () => {
  assert.ok(workflow['run-name'].startsWith("${{ inputs.dispatchKey || 'manual' }} "));
});

test('permissions, time and environment are bounded', () => {
  assert.deepEqual(workflow.permissions, {});
  assert.equal(workflow.env, undefined);
  assert.equal(workflow.concurrency, undefined);
  for (const job of jobs) {
    assert.deepEqual(job.permissions, { contents: 'read' });
    assert.ok(job['timeout-minutes'] > 0 && job['timeout-minutes'] <= 360);
    assert.equal(job.environment, '${{ inputs.account }}-${{ inputs.env }}');
    assert.ok(!JSON.stringify(job.env).includes('secrets'));
  }
});

test('no expression stands inside a shell script', () => {
  for (const step of steps) assert.ok(!step.run?.includes('${{'), step.name);
});

test('inputs reach one step, by its environment', () => {
  const users = steps.filter((step) => JSON.stringify(step).includes('inputs.'));
  assert.deepEqual(
    users.map((step) => step.id),
    ['claim'],
  );
});

test('every action is one of four, pinned by its commit, its version beside it', () => {
  const actions = ['actions/cache', 'actions/checkout', 'actions/setup-node', 'pnpm/action-setup'];
  const lines = TEXT.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
  assert.equal(lines.length, steps.filter((step) => step.uses !== undefined).length);
  const used = lines.map((line) => {
    const match = /uses: ([\w-]+\/[\w-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.exec(line);
    assert.ok(match?.[1] !== undefined, line);
    return match[1];
  });
  assert.deepEqual([...new Set(used)].sort(), actions);
});

test('each step has exactly the secrets that it needs', () => {
  const api = ['NNO_API_URL', 'NNO_INTERNAL_API_KEY'];
  const given = steps.filter((step) => secretsOf(step).length > 0);
  assert.deepEqual(
    given.map((step) => [step.run, secretsOf(step)]),
    [
      ['node builder/scripts/claim.js', api],
      ['node builder/scripts/fetch-configs.js', api],
      ['node builder/scripts/deploy-batch.js', ['CF_ACCOUNT_ID', 'CF_API_TOKEN', ...api]],
      ['node builder/scripts/report.js', api],
    ],
  );
});

test('the steps that run the starter or packages name no secret and keep no credential', () => {
  for (const id of ['wrangler', 'install', 'build']) {
    const step = steps.find((each) => each.id === id);
    assert.ok(step?.run !== undefined, id);
    assert.equal(step.env, undefined, id);
  }
  for (const step of steps.filter((each) => each.uses?.startsWith('actions/checkout@'))) {
    assert.equal(step.with?.['persist-credentials'], false);
  }
});

test('nothing after a fenced claim runs but the final report, which always does', () => {
  const after = steps.slice(steps.findIndex((step) => step.id === 'claim') + 1);
  const last = after.pop();
  assert.equal(last?.if, 'always()');
  for (const step of after) {
    assert.equal(step.if, "steps.claim.outputs.claimed == 'true'", step.name);
  }
});

test('the final report sees the outcome of every step that it judges by', () => {
  const env = steps.at(-1)?.env ?? {};
  const ids = steps.flatMap((step) => (step.id === undefined ? [] : [step.id]));
  for (const id of ids.filter((each) => each !== 'store')) {
    assert.equal(env[`${id.toUpperCase()}_OUTCOME`], `\${{ steps.${id}.outcome }}`);
  }
});

test('on any other machine the same steps run in the same order, with the same secrets', () => {
  const given = steps.map((step) => [step.id, step.run, secretsOf(step)] as const);
  const own = given.filter(([id, run]) => id === 'starter' || run?.includes('scripts/') === true);
  const expected = own
    .slice(1, -1)
    .map(([id, run, secrets]) => [
      ...[id, run?.replace('node builder/scripts/', '') ?? 'local/checkout.js'],
      secrets,
    ]);
  const local = STEPS.filter(([id]) => id !== 'wrangler').map(([id, script, names]) => {
    const secrets = [names].flat().filter((name) => name !== 'CLOUDFLARE_API_BASE_URL');
    return [id, script, secrets.sort()];
  });
  assert.deepEqual(local, expected);
});

test('wrangler is the only dependency, at the pinned version', () => {
  const file = join(ROOT, 'builder', 'package.json');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  assert.deepEqual(dependencies, { wrangler: '4.156.2' });
  assert.equal(devDependencies, undefined);
});
