// Workflow dispatch: everything that GitHub checks before a run exists.

import { ExpressionError } from '@actions/expressions';
import { interpolateText } from '../runner/expressions.ts';
import { inputsContext, resolveInputs } from '../runner/inputs.ts';
import { type Workflow, WorkflowError } from '../runner/workflow.ts';
import { type Call, refuse } from './answers.ts';
import type { NewRun } from './runs.ts';
import type { WorkflowFile } from './workflows.ts';

/** Who starts every run. */
export const ACTOR = 'slipway[bot]';

/** A run to be made, or the refusal. */
export type Dispatch = { readonly run: NewRun; readonly details: boolean } | Response;

const MAX_INPUTS_CHARACTERS = 65_535;

interface Body {
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly details: boolean;
}

/** Checks a dispatch of `file` with the given body text. Changes nothing. */
export function checkDispatch(call: Call, file: WorkflowFile, text: string): Dispatch {
  const body = readBody(call, text);
  if (body instanceof Response) return body;
  if (![file.branch, `refs/heads/${file.branch}`].includes(body.ref)) {
    return refuse(422, `No ref found for: ${body.ref}`);
  }
  if (file.state !== 'active') {
    return refuse(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const workflow = parse(file);
  if (workflow instanceof Response) return workflow;
  if (!workflow.inputs) {
    return refuse(422, "Workflow does not have 'workflow_dispatch' trigger");
  }
  if (JSON.stringify(body.inputs).length > MAX_INPUTS_CHARACTERS) {
    return refuse(422, 'inputs are too large.');
  }
  const resolved = resolveInputs(workflow.inputs, body.inputs);
  if ('refusal' in resolved) return refuse(422, resolved.refusal);
  const title = titleOf(call, file, workflow, resolved.values);
  if (title instanceof Response) return title;
  const run = {
    repository: call.repository,
    path: file.path,
    workflowId: file.id,
    workflowName: file.name,
    title,
    branch: file.branch,
    sha: file.commit.sha,
    actor: ACTOR,
    inputs: resolved.values,
  };
  return { run, details: body.details };
}

function readBody(call: Call, text: string): Body | Response {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return refuse(400, 'Problems parsing JSON');
  }
  if (!isRecord(body)) return refuse(400, 'Body should be a JSON object');
  const old = call.version === '2022-11-28';
  const permitted = ['ref', 'inputs', ...(old ? ['return_run_details'] : [])];
  const foreign = Object.keys(body).find((key) => !permitted.includes(key));
  if (foreign !== undefined) {
    return refuse(422, `Invalid request.\n\n"${foreign}" is not a permitted key.`);
  }
  const { ref, inputs = {}, return_run_details: details = false } = body;
  if (ref === undefined) return refuse(422, 'Invalid request.\n\n"ref" wasn\'t supplied.');
  if (typeof ref !== 'string') {
    return refuse(422, `Invalid request.\n\nFor 'properties/ref', ${show(ref)} is not a string.`);
  }
  if (!isRecord(inputs)) {
    const text = `For 'properties/inputs', ${show(inputs)} is not an object.`;
    return refuse(422, `Invalid request.\n\n${text}`);
  }
  if (typeof details !== 'boolean') {
    const text = `For 'properties/return_run_details', ${show(details)} is not a boolean.`;
    return refuse(422, `Invalid request.\n\n${text}`);
  }
  return { ref, inputs, details: details || !old };
}

function parse(file: WorkflowFile): Workflow | Response {
  try {
    return file.parsed();
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    return refuse(422, `Invalid Argument - failed to parse workflow: ${error.message}`);
  }
}

function titleOf(
  call: Call,
  file: WorkflowFile,
  workflow: Workflow,
  values: Record<string, string>,
): string | Response {
  const github = {
    event_name: 'workflow_dispatch',
    event: { inputs: values },
    repository: call.repository,
    repository_owner: call.params.owner ?? '',
    ref: `refs/heads/${file.branch}`,
    ref_name: file.branch,
    sha: file.commit.sha,
    actor: ACTOR,
    workflow: file.name,
  };
  const inputs = inputsContext(workflow.inputs ?? [], values);
  try {
    const title = interpolateText(workflow.runName, { contexts: { github, inputs, vars: {} } });
    return title.trim() || file.name;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return refuse(422, `Invalid Argument - failed to parse workflow: run-name: ${error.message}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
