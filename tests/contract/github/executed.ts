// The real runner in a test: a workflow written into a repository, dispatched, and its outcome.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Job, Run } from '../../../simulator/runner/contract.ts';
import { type RealRunner, realRunner } from '../../../simulator/runner/real.ts';
import { dispatch, idleRunner, temporary, type World, world } from './world.ts';

const HEAD = `name: Build
on:
  workflow_dispatch:
    inputs:
      word: { type: string, default: hello }
      loud: { type: boolean, default: false }
permissions: {}
`;
/** A commit as an action's `uses:` names it. */
export const PIN = 'a'.repeat(40);

/** A run, its jobs, and all their logs. */
export interface Ran {
  readonly run: Run;
  readonly jobs: Job[];
  readonly logs: string;
}

/** A GitHub whose runner executes. */
export interface Setting extends World {
  readonly runner: RealRunner;
  dispatch(inputs?: Record<string, string>): Promise<number>;
  result(id: number): Ran;
}

/** Makes one over a repository with a workflow of these jobs. */
export function setting(
  context: TestContext,
  jobs: string,
  files: Record<string, string> = {},
): Setting {
  const runner = realRunner({
    clock: { now: () => Date.now() },
    directory: temporary(context),
    environments: { 'main-dev': { API_KEY: 'sesame-open', OTHER: 'line1\nline2' } },
    nodeBin: process.execPath,
    pnpmBin: process.execPath,
  });
  const spy = idleRunner();
  const attach = runner.attach;
  runner.attach = (host) => {
    spy.attach(host);
    attach(host);
  };
  const made = world(context, { '.github/workflows/build.yml': HEAD + jobs, ...files }, { runner });
  context.after(() => runner.close());
  return {
    ...made,
    runner,
    async dispatch(inputs = {}) {
      const answer = await made.github.fetch(dispatch(inputs));
      const body = (await answer.json()) as { workflow_run_id: number; message?: string };
      assert.equal(answer.status, 200, body.message);
      return body.workflow_run_id;
    },
    result(id) {
      const { runs } = spy.host();
      const run = runs.get(id);
      assert.ok(run);
      const found = runs.jobsOf(id);
      return { run, jobs: found, logs: found.map((job) => runs.log(job.id)).join('') };
    },
  };
}

/** Dispatches a workflow of these jobs and waits for its end. */
export async function execute(
  context: TestContext,
  jobs: string,
  inputs: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<Ran> {
  const made = setting(context, jobs, files);
  const id = await made.dispatch(inputs);
  await made.runner.idle();
  return made.result(id);
}

/** The job's steps as `name: conclusion`. */
export function steps(job: Job | undefined): string[] {
  return (job?.steps ?? []).map((step) => `${step.name}: ${step.conclusion}`);
}

/** Resolves when the condition holds. */
export async function waitFor(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
