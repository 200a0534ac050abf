// What Slipway reads of GitHub's answers and events: each reader with the golden file that shows it
// at work and the schema of what it reads; and the golden exchange with another answer in it.

import type { Fact, InputControl } from '../../../bindings/js/control.ts';
import {
  bytesOf,
  decodeFrame,
  encodeFrame,
  segmentAt,
  textOf,
} from '../../../bindings/js/frame.ts';
import { core } from '../../node/faults/support.ts';
import { controlOf, nameOf } from '../../node/golden/describe.ts';
import { goldenFrames } from '../../node/golden/golden.ts';
import type { Step } from './openapi_tree.ts';

/** One place where an answer is read. */
export interface Reader {
  /** The type in C++, `vector<T>` for a list. */
  readonly type: string;
  /** Where the core reads it. */
  readonly sources: readonly string[];
  readonly golden: string;
  /** The key of the answer's fact. */
  readonly fact: string;
  /** Where the answer lies in the description; the schema is below it, and the examples. */
  readonly answer: readonly Step[];
  /** Where its schema lies, if it is one of several. */
  readonly schema?: readonly Step[];
  /** Which paths of the answer are read: a change there may change what is decided. */
  readonly reads: RegExp;
  /** The answer is told with another status. */
  readonly status?: number;
  /** Only the words of a refusal are read: without them it is refused all the same. */
  readonly refusal?: true;
}

/** What the core made of an exchange. */
export interface Replayed {
  readonly output: string;
  /** What happened, as golden files are called. */
  readonly name: string;
  /** The answer that it was told. */
  readonly body: string;
}

const repository = '/repos/{owner}/{repo}';
const json = ['content', 'application/json'];
const of = (method: string, path: string, status: string): readonly Step[] => [
  ...['paths', path, method, 'responses', status],
  ...json,
];
const refused = ['components', 'responses', 'not_found', ...json];

/** Every reader of GitHub's answers. */
export const readers: readonly Reader[] = [
  {
    type: 'Workflow',
    sources: ['doctor.cpp'],
    golden: 'doctor/200.after-edit_400_8000003',
    fact: 'look:workflow',
    answer: of('get', `${repository}/actions/workflows/{workflow_id}`, '200'),
    reads: /^\/state/,
  },
  {
    type: 'Dispatched',
    sources: ['dispatch_batch.cpp'],
    golden: 'effect_batch/done-batch_dispatched.after-dispatch_200',
    fact: 'act:dispatch',
    answer: of('post', `${repository}/actions/workflows/{workflow_id}/dispatches`, '200'),
    reads: /^\/(workflow_run_id|html_url)/,
  },
  {
    type: 'RunPage',
    sources: ['dispatch_batch.cpp', 'watch_runs.cpp'],
    golden: 'tick/done-batch_run_seen.after-runs_200',
    fact: 'look:runs',
    answer: of('get', `${repository}/actions/workflows/{workflow_id}/runs`, '200'),
    reads: /^\/workflow_runs\/0\/(id|display_title|status|conclusion|html_url)/,
  },
  {
    type: 'Run',
    sources: ['cancel_run.cpp', 'follow_run.cpp'],
    golden: 'effect_batch/done-batch_run_seen.after-run_200',
    fact: 'look:run',
    answer: of('get', `${repository}/actions/runs/{run_id}`, '200'),
    reads: /^\/(id|display_title|status|conclusion|html_url)/,
  },
  {
    type: 'vector<Repository>',
    sources: ['import_look.cpp'],
    golden: 'effect_import/done-import_listed.after-repositories_200',
    fact: 'look:repositories',
    answer: of('get', '/orgs/{org}/repos', '200'),
    reads: /^\/0\/(name|default_branch|archived)/,
  },
  {
    type: 'Repository',
    sources: ['import_repository.cpp'],
    golden: 'effect_import/need-folder-project.after-repository_200',
    fact: 'look:repository:ember-motors-platform-console',
    answer: of('get', repository, '200'),
    reads: /^\/(name|default_branch|archived)/,
  },
  {
    type: 'vector<Entry>',
    sources: ['import_repository.cpp'],
    golden: 'effect_import/need-file.after-project_200',
    fact: 'look:folder:src/config:ember-motors-platform-console',
    answer: of('get', `${repository}/contents/{path}`, '200'),
    schema: ['components', 'schemas', 'content-directory'],
    reads: /^\/0\/(name|type|size)/,
  },
  {
    type: 'Entry',
    sources: ['import_repository.cpp'],
    golden: 'effect_import/need-folder.after-folder_200',
    fact: 'look:folder:src/config:odd-platform-console',
    answer: of('get', `${repository}/contents/{path}`, '200'),
    schema: ['components', 'schemas', 'content-file'],
    reads: /^\/(name|type|size)/,
  },
  {
    type: 'Refusal',
    sources: ['dispatch_batch.cpp'],
    golden: 'effect_batch/done-batch_closed-deployment_failed-dispatch.rejected.after-dispatch_422',
    fact: 'act:dispatch',
    answer: refused,
    reads: /^\/message/,
    refusal: true,
  },
  {
    type: 'Refusal',
    sources: ['cancel_run.cpp'],
    golden: 'effect_batch/done-batch_run_cancelled.after-cancel_run_202',
    fact: 'act:cancel_run',
    status: 409,
    answer: of('post', `${repository}/actions/runs/{run_id}/cancel`, '409'),
    reads: /^\/message/,
    refusal: true,
  },
  {
    type: 'Refusal',
    sources: ['import_repository.cpp'],
    golden: 'effect_import/done-import_read.after-repository_404',
    fact: 'look:repository:nobody-platform-console',
    answer: of('get', repository, '404'),
    reads: /^\/message/,
    refusal: true,
  },
];

const frames = new Map(goldenFrames().map((frame) => [frame.name, frame]));

/** The core's answer to the golden exchange with this text in the place of the answer. */
export function replay(
  reader: Pick<Reader, 'golden' | 'fact' | 'status'>,
  text?: string,
): Replayed {
  const { golden, fact, status } = reader;
  const found = frames.get(golden);
  if (found === undefined) throw new Error(`there is no golden file ${golden}`);
  const segments = [...decodeFrame(found.input)];
  const control = controlOf<InputControl>(segments);
  const facts = control.facts.map((each) => {
    if (each.key !== fact || each.outcome !== 'answered') return each;
    if (text !== undefined) segments[segmentOf(each)] = bytesOf(text);
    return status === undefined ? each : { ...each, status };
  });
  const answered = facts.find((each) => each.key === fact && each.outcome === 'answered');
  if (answered?.outcome !== 'answered') throw new Error(`${golden} has no answer ${fact}`);
  segments[0] = bytesOf(JSON.stringify({ ...control, facts }));
  const input = encodeFrame(segments);
  const output = core.step(input);
  const body = textOf(segmentAt(segments, segmentOf(answered)));
  return { output: Buffer.from(output).toString('latin1'), name: nameOf(input, output), body };
}

function segmentOf(fact: Fact): number {
  if (fact.outcome !== 'answered' || fact.segment === undefined) throw new Error(fact.key);
  return fact.segment;
}
