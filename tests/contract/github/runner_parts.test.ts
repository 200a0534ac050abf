// The parts of the real runner that are plain functions: expressions, matrix, inputs, files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePairs } from '../../../simulator/runner/command_files.ts';
import { assetKey } from '../../../simulator/runner/direct_upload.ts';
import {
  condition,
  evaluate,
  interpolate,
  interpolateText,
} from '../../../simulator/runner/expressions.ts';
import { inputsContext, resolveInputs } from '../../../simulator/runner/inputs.ts';
import { combinations } from '../../../simulator/runner/matrix.ts';
import { readWorkflow, WorkflowError } from '../../../simulator/runner/workflow.ts';

const scope = { contexts: { inputs: { env: 'dev', n: 3, on: true, none: null } } };

const ex = (text: string): string => `\${{ ${text} }}`;

test('expressions keep their type alone and become text in between', () => {
  assert.equal(interpolate(ex('inputs.n'), scope), 3);
  assert.equal(interpolate(ex('inputs.on'), scope), true);
  assert.equal(interpolate(`<${ex('inputs.n')}-${ex('inputs.none')}>`, scope), '<3->');
  assert.equal(interpolateText(`${ex("'}}'")}|${ex("'it''s'")}`, scope), "}}|it's");
  assert.equal(interpolate('no $'.concat('{{ end'), scope), 'no $'.concat('{{ end'));
  assert.deepEqual(evaluate('fromJSON(\'[1,{"a":2}]\')', scope), [1, { a: 2 }]);
  assert.equal(evaluate("contains('Hello', 'ELL')", scope), true);
  assert.equal(evaluate('inputs.missing.deeper', scope), null);
});

test('an unknown context is an error', () => {
  assert.throws(() => evaluate('secrets.KEY', scope), /secrets/);
});

test('success is understood where no status function is asked', () => {
  const after = (text: string | undefined, progress: 'success' | 'failure' | 'cancelled') =>
    condition(text, { ...scope, progress });
  assert.equal(after(undefined, 'success'), true);
  assert.equal(after(undefined, 'failure'), false);
  assert.equal(after("inputs.env == 'dev'", 'failure'), false);
  assert.equal(after("failure() && inputs.env == 'dev'", 'failure'), true);
  assert.equal(after(ex('!cancelled()'), 'failure'), true);
  assert.equal(after('always()', 'cancelled'), true);
  assert.equal(after("'success()' == ''", 'failure'), false);
});

test('matrix: product, exclude, include', () => {
  const found = combinations({
    os: ['a', 'b'],
    n: [1, 2],
    exclude: [{ os: 'b', n: 2 }],
    include: [{ os: 'a', extra: true }, { os: 'c' }],
  });
  assert.deepEqual(found, [
    { os: 'a', n: 1, extra: true },
    { os: 'a', n: 2, extra: true },
    { os: 'b', n: 1 },
    { os: 'c' },
  ]);
  assert.deepEqual(combinations(null), [{}]);
  assert.throws(() => combinations({ shard: [] }), WorkflowError);
  assert.throws(() => combinations({ n: Array.from({ length: 257 }, (_, i) => i) }), /256/);
});

test('inputs: defaults, types and refusals', () => {
  const workflow = readWorkflow(`
on: { workflow_dispatch: { inputs: {
  word: { default: hi }, flag: { type: boolean, default: false }, n: { type: number } } } }
jobs: { a: { runs-on: x, steps: [{ run: echo }] } }
`);
  const declared = workflow.inputs ?? [];
  const resolved = resolveInputs(declared, { flag: true, n: '4' });
  assert.deepEqual(resolved, { values: { word: 'hi', flag: 'true', n: '4' } });
  const values = { word: 'hi', flag: 'true', n: '4' };
  assert.deepEqual(inputsContext(declared, values), { word: 'hi', flag: true, n: 4 });
  assert.ok('refusal' in resolveInputs(declared, { flag: 'yes' }));
  assert.ok('refusal' in resolveInputs(declared, { word: {} }));
  assert.ok('refusal' in resolveInputs(declared, { n: 'four' }));
});

test('a workflow with something unknown in it is refused', () => {
  const job = (rest: string): string => `on: workflow_dispatch\njobs: { a: { ${rest} } }`;
  const steps = 'runs-on: x, steps: [{ run: echo }]';
  assert.ok(readWorkflow(job(steps)));
  const bad = [
    job(`${steps}, container: y`),
    job('steps: [{ run: echo }]'),
    job('runs-on: x, steps: [{ run: echo, uses: y }]'),
    job('runs-on: x, steps: [{ name: nothing }]'),
    job(`${steps}, needs: [b]`),
    `on: workflow_dispatch\njobs: { a: { ${steps}, needs: b }, b: { ${steps}, needs: a } }`,
    'on: workflow_dispatch\njobs: {}',
  ];
  for (const text of bad) assert.throws(() => readWorkflow(text), WorkflowError);
});

test('command files: lines and blocks', () => {
  const text = 'a=1\nb<<X\nline = 1\n\nX\nc=x=y\n';
  assert.deepEqual(parsePairs(text), [
    ['a', '1'],
    ['b', 'line = 1\n'],
    ['c', 'x=y'],
  ]);
  assert.throws(() => parsePairs('no sign'), SyntaxError);
  assert.throws(() => parsePairs('a<<END\nnever'), SyntaxError);
});

test('asset keys are those of wrangler', () => {
  const key = (path: string, text: string): string =>
    assetKey({ path, bytes: new TextEncoder().encode(text), contentType: '' });
  assert.equal(key('/index.html', '<h1>hi</h1>\n'), '17453d0cfb9bacc76d9f30d3cb9ca048');
  assert.equal(key('/a.css', 'body{}\n'), 'aa42bba514e8ddfea838ec1a715ca332');
  assert.equal(key('/noext', 'x\n'), 'c3a161830e0e40801d0cc710e02f91cc');
});
