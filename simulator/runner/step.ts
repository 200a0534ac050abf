// Executes one step of a job: a shell script or one of the known actions.

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ActionError, type ActionTools, findAction } from './actions.ts';
import { commandFiles } from './command_files.ts';
import type { Repositories, Run } from './contract.ts';
import { BASE_PATH, type JobPlace } from './environment.ts';
import { interpolateText, type Json, type Progress, type Scope } from './expressions.ts';
import type { JobLog } from './log.ts';
import { execute } from './process.ts';
import type { JobSpec, StepSpec } from './workflow.ts';

/** What all steps of one job share; steps change it. */
export interface JobState {
  readonly run: Run;
  readonly spec: JobSpec;
  readonly place: JobPlace;
  readonly repositories: Repositories;
  readonly tools: ActionTools;
  readonly log: JobLog;
  /** Contexts that do not change: github, needs, matrix, secrets and so on. */
  readonly contexts: Readonly<Record<string, Json>>;
  /** The variables of the workflow and the job, then what steps wrote to GITHUB_ENV. */
  readonly env: Record<string, string>;
  /** What every step begins with; GITHUB_* and RUNNER_* cannot be changed by a step. */
  readonly base: Readonly<Record<string, string>>;
  /** Added by steps, the latest first. */
  readonly path: string[];
  /** `job.status`: how the job stands before the present step. */
  status: Progress;
  /** The `steps` context. */
  readonly steps: { [id: string]: Json };
  /** To be done at the end of a job that succeeded, the latest first. */
  readonly posts: { name: string; perform: () => void }[];
}

/** How one step went. */
export interface StepResult {
  readonly ok: boolean;
  readonly outputs: Record<string, string>;
}

/** What expressions of a step see; `env` includes the step's own variables. */
export function stepScope(state: JobState, env: Record<string, string>): Scope {
  const job = { status: state.status };
  const contexts = { ...state.contexts, env, job, steps: state.steps };
  return { contexts, workspace: state.place.workspace };
}

/** The step's variables: the job's, then its own. */
export function stepVariables(state: JobState, spec: StepSpec): Record<string, string> {
  const scope = stepScope(state, state.env);
  const own = Object.entries(spec.env).map(([name, value]) => [
    name,
    interpolateText(value, scope),
  ]);
  return { ...state.env, ...Object.fromEntries(own) };
}

/** Runs a step to its end. Throws ExpressionError for a bad expression. */
export async function executeStep(
  state: JobState,
  spec: StepSpec,
  number: number,
  signal: AbortSignal,
): Promise<StepResult> {
  const env = stepVariables(state, spec);
  const scope = stepScope(state, env);
  if (spec.uses !== undefined) return useAction(state, spec, scope);
  return runScript(state, spec, { env, scope, number, signal });
}

function useAction(state: JobState, spec: StepSpec, scope: Scope): StepResult {
  const uses = spec.uses ?? '';
  const action = findAction(uses);
  if (typeof action === 'string') throw new ActionError(action);
  const given = Object.entries(spec.with).map(([name, value]) => [
    name,
    interpolateText(value, scope).trim(),
  ]);
  const inputs = Object.fromEntries(given) as Record<string, string>;
  const { run, place, repositories, tools, log } = state;
  log.line(`##[group]Run ${uses}`);
  for (const [name, value] of Object.entries(inputs)) log.line(`  ${name}: ${value}`);
  log.line('##[endgroup]');
  const line = (text: string): void => log.line(text);
  const result = action({ inputs, run, place, repositories, tools, line });
  state.path.unshift(...(result.path ?? []));
  if (result.post) state.posts.unshift({ name: `Post ${uses}`, perform: result.post });
  return { ok: true, outputs: result.outputs ?? {} };
}

interface Script {
  readonly env: Record<string, string>;
  readonly scope: Scope;
  readonly number: number;
  readonly signal: AbortSignal;
}

async function runScript(state: JobState, spec: StepSpec, script: Script): Promise<StepResult> {
  const { place, log } = state;
  const text = interpolateText(spec.run, script.scope);
  const shell = spec.shell ?? state.spec.shell;
  const folder = interpolateText(
    spec.workingDirectory ?? state.spec.workingDirectory ?? '.',
    script.scope,
  );
  log.line(`##[group]Run ${text.trim().split('\n')[0] ?? ''}`);
  for (const line of text.trimEnd().split('\n')) log.line(line);
  log.line(`shell: ${shellTemplate(shell)}`);
  log.line('##[endgroup]');

  const file = join(place.temp, `step_${script.number}.sh`);
  writeFileSync(file, text);
  const [command = '', ...args] = shellTemplate(shell).split(' ');
  const files = commandFiles(join(place.temp, `step_${script.number}_files`));
  const path = [...state.path, BASE_PATH].join(':');
  const code = await execute({
    file: command,
    args: args.map((arg) => arg.replace('{0}', file)),
    cwd: resolve(place.workspace, folder),
    env: { PATH: path, ...state.base, ...script.env, ...reserved(state.base), ...files.env },
    line: (line) => log.output(line),
    signal: script.signal,
  });
  if (code !== 0 && !script.signal.aborted) {
    log.line(`##[error]Process completed with exit code ${code}.`);
  }
  const outputs = takeCommands(state, files);
  files.remove();
  return { ok: code === 0 && outputs !== undefined, outputs: outputs ?? {} };
}

function reserved(base: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(base).filter(([name]) => /^(GITHUB|RUNNER)_/.test(name)),
  );
}

/** Applies what the step wrote to its command files; undefined where a file is malformed. */
function takeCommands(
  state: JobState,
  files: ReturnType<typeof commandFiles>,
): Record<string, string> | undefined {
  try {
    const written = files.read();
    for (const [name, value] of written.env) {
      if (name === 'NODE_OPTIONS') throw new SyntaxError("Can't store NODE_OPTIONS");
      state.env[name] = value;
    }
    state.path.unshift(...written.path.toReversed());
    if (written.summary !== '') state.log.line('##[group]Summary');
    for (const line of written.summary.trimEnd().split('\n')) if (line) state.log.line(line);
    if (written.summary !== '') state.log.line('##[endgroup]');
    return Object.fromEntries(written.outputs);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    state.log.line(`##[error]Unable to process file command: ${error.message}`);
    return undefined;
  }
}

/** GitHub's command line of a shell; `bash` named has pipefail, the default has not. */
function shellTemplate(shell: string | undefined): string {
  if (shell === undefined) return '/usr/bin/bash -e {0}';
  if (shell === 'bash') return '/usr/bin/bash --noprofile --norc -e -o pipefail {0}';
  if (shell === 'sh') return 'sh -e {0}';
  return shell.includes('{0}') ? shell : `${shell} {0}`;
}
