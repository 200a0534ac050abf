// Reads a workflow file into the parts that are executed. What GitHub would refuse is refused here
// too, and so is what the runner does not know, so that nothing is silently left out.

import { parse } from 'yaml';
import type { Json } from './expressions.ts';

/** The file is no workflow that can run. The message is for a person. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
}

/** An input of `workflow_dispatch`. */
export interface InputDeclaration {
  readonly name: string;
  readonly type: 'string' | 'choice' | 'boolean' | 'number' | 'environment';
  readonly required: boolean;
  /** Text, as inputs travel; undefined where none is declared. */
  readonly default: string | undefined;
  /** The allowed values of a choice. */
  readonly options: readonly string[];
}

/** One step as written; texts may hold expressions. */
export interface StepSpec {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly if: string | undefined;
  readonly run: string | undefined;
  readonly uses: string | undefined;
  readonly with: Readonly<Record<string, Json>>;
  readonly env: Readonly<Record<string, Json>>;
  readonly shell: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly continueOnError: Json;
  readonly timeoutMinutes: Json;
}

/** One job as written. */
export interface JobSpec {
  readonly id: string;
  readonly name: string | undefined;
  readonly needs: readonly string[];
  readonly if: string | undefined;
  readonly env: Readonly<Record<string, Json>>;
  readonly environment: string | undefined;
  readonly matrix: Json;
  readonly failFast: Json;
  readonly maxParallel: Json;
  readonly timeoutMinutes: Json;
  readonly continueOnError: Json;
  readonly outputs: Readonly<Record<string, Json>>;
  readonly labels: readonly string[];
  readonly permissions: Json;
  readonly shell: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly steps: readonly StepSpec[];
}

/** A workflow file. */
export interface Workflow {
  readonly name: string | undefined;
  readonly runName: string | undefined;
  readonly permissions: Json;
  readonly env: Readonly<Record<string, Json>>;
  /** Undefined where the file has no `workflow_dispatch` trigger. */
  readonly inputs: readonly InputDeclaration[] | undefined;
  readonly jobs: readonly JobSpec[];
}

type Tree = { [key: string]: Json };

const MAX_INPUTS = 25;
const WORKFLOW_KEYS = 'name run-name on permissions env defaults concurrency jobs';
const JOB_KEYS =
  'name needs if permissions runs-on environment concurrency outputs env defaults steps ' +
  'timeout-minutes strategy continue-on-error';
const STEP_KEYS =
  'id name if run uses with env shell working-directory continue-on-error timeout-minutes';
const INPUT_TYPES = ['string', 'choice', 'boolean', 'number', 'environment'] as const;

/** Parses a workflow file's text. Throws WorkflowError. */
export function readWorkflow(text: string): Workflow {
  const root = tree(parseYaml(text), 'the workflow');
  known(root, WORKFLOW_KEYS, 'the workflow');
  const defaults = tree(tree(root.defaults, 'defaults').run, 'defaults.run');
  const jobs = Object.entries(tree(root.jobs, 'jobs')).map(([id, job]) =>
    readJob(id, tree(job, `job '${id}'`), defaults),
  );
  if (jobs.length === 0) throw new WorkflowError('there are no jobs');
  checkNeeds(jobs);
  return {
    name: text_(root.name),
    runName: text_(root['run-name']),
    permissions: root.permissions ?? null,
    env: tree(root.env, 'env'),
    inputs: readInputs(root.on),
    jobs,
  };
}

function parseYaml(text: string): Json {
  try {
    return parse(text) as Json;
  } catch (error) {
    throw new WorkflowError(error instanceof Error ? error.message : String(error));
  }
}

function readInputs(on: Json | undefined): InputDeclaration[] | undefined {
  if (typeof on === 'string') return on === 'workflow_dispatch' ? [] : undefined;
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? [] : undefined;
  const triggers = tree(on, 'on');
  if (!Object.hasOwn(triggers, 'workflow_dispatch')) return undefined;
  const dispatch = tree(triggers.workflow_dispatch, 'on.workflow_dispatch');
  const declared = Object.entries(tree(dispatch.inputs, 'inputs'));
  if (declared.length > MAX_INPUTS) {
    throw new WorkflowError(`you may only define up to ${MAX_INPUTS} inputs`);
  }
  return declared.map(([name, value]) => readInput(name, tree(value, `input '${name}'`)));
}

function readInput(name: string, input: Tree): InputDeclaration {
  known(input, 'description deprecationMessage required default type options', `input '${name}'`);
  const type = INPUT_TYPES.find((each) => each === (input.type ?? 'string'));
  if (!type) throw new WorkflowError(`input '${name}' has an unknown type`);
  const options = list(input.options).map(String);
  if (type === 'choice' && options.length === 0) {
    throw new WorkflowError(`input '${name}' is a choice without options`);
  }
  const required = input.required === true;
  return { name, type, required, default: text_(input.default), options };
}

function readJob(id: string, job: Tree, defaults: Tree): JobSpec {
  known(job, JOB_KEYS, `job '${id}'`);
  if (!Object.hasOwn(job, 'runs-on')) throw new WorkflowError(`job '${id}' has no runs-on`);
  const own = tree(tree(job.defaults, 'defaults').run, 'defaults.run');
  const strategy = tree(job.strategy, 'strategy');
  known(strategy, 'matrix fail-fast max-parallel', `the strategy of job '${id}'`);
  const environment = job.environment;
  const named = isTree(environment) ? environment.name : environment;
  const steps = list(job.steps).map((step, i) => readStep(tree(step, 'a step'), id, i));
  if (steps.length === 0) throw new WorkflowError(`job '${id}' has no steps`);
  return {
    id,
    name: text_(job.name),
    needs: list(job.needs).map(String),
    if: text_(job.if),
    env: tree(job.env, 'env'),
    environment: text_(named),
    matrix: strategy.matrix ?? null,
    failFast: strategy['fail-fast'] ?? true,
    maxParallel: strategy['max-parallel'] ?? null,
    timeoutMinutes: job['timeout-minutes'] ?? 360,
    continueOnError: job['continue-on-error'] ?? false,
    outputs: tree(job.outputs, 'outputs'),
    labels: list(job['runs-on']).map(String),
    permissions: job.permissions ?? null,
    shell: text_(own.shell ?? defaults.shell),
    workingDirectory: text_(own['working-directory'] ?? defaults['working-directory']),
    steps,
  };
}

function readStep(step: Tree, jobId: string, index: number): StepSpec {
  const where = `step ${index + 1} of job '${jobId}'`;
  known(step, STEP_KEYS, where);
  const spec: StepSpec = {
    id: text_(step.id),
    name: text_(step.name),
    if: text_(step.if),
    run: text_(step.run),
    uses: text_(step.uses),
    with: tree(step.with, 'with'),
    env: tree(step.env, 'env'),
    shell: text_(step.shell),
    workingDirectory: text_(step['working-directory']),
    continueOnError: step['continue-on-error'] ?? false,
    timeoutMinutes: step['timeout-minutes'] ?? null,
  };
  if ((spec.run === undefined) === (spec.uses === undefined)) {
    throw new WorkflowError(`${where} needs exactly one of run and uses`);
  }
  return spec;
}

function checkNeeds(jobs: readonly JobSpec[]): void {
  const done = new Set<string>();
  let waiting = [...jobs];
  while (waiting.length > 0) {
    const ready = waiting.filter((job) => job.needs.every((need) => done.has(need)));
    if (ready.length === 0) {
      const names = waiting.map((job) => `'${job.id}'`).join(', ');
      throw new WorkflowError(`the needs of ${names} name unknown jobs or each other`);
    }
    for (const job of ready) done.add(job.id);
    waiting = waiting.filter((job) => !done.has(job.id));
  }
}

function known(value: Tree, keys: string, where: string): void {
  const unknown = Object.keys(value).filter((key) => !keys.split(' ').includes(key));
  if (unknown.length > 0) throw new WorkflowError(`${where} has unknown keys: ${unknown}`);
}

function isTree(value: Json | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping; absent is empty. */
function tree(value: Json | undefined, where: string): Tree {
  if (value === undefined || value === null) return {};
  if (!isTree(value)) throw new WorkflowError(`${where} is not a mapping`);
  return value;
}

/** A sequence; a single value is a sequence of one, absent is empty. */
function list(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function text_(value: Json | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
