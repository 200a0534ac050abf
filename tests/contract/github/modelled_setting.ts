// The modelled runner over a small Slipway and a small Cloudflare, which can be killed at any call.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { virtualClock } from '../../../simulator/base/clock.ts';
import type { Fetch, Store } from '../../../simulator/base/contract.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { createGithub } from '../../../simulator/github/index.ts';
import type { Job, Run, RunHost } from '../../../simulator/runner/contract.ts';
import {
  type ModelledRunner,
  type ModelledRunnerOptions,
  modelledRunner,
} from '../../../simulator/runner/modelled.ts';
import { type Outside, outside, SECRETS } from './outside.ts';
import { dispatch, TOKEN, temporary, writeFiles } from './world.ts';

const BUILD = `
run-name: "\${{ inputs.dispatchKey || 'manual' }}"
on:
  workflow_dispatch:
    inputs:
      dispatchKey: { type: string }
      platformId: { type: string }
      env: { type: choice, options: [dev, prod], required: true }
      account: { type: string, default: main }
      shards: { type: string, default: "[0]" }
jobs: { build: { runs-on: ubuntu-24.04, steps: [{ run: echo }] } }
`;
/** The runner, GitHub, and what stands around them. */
export interface Setting extends Outside {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly store: Store;
  runner: ModelledRunner;
  /** The call (from 1) at which the process ends, before or after its effect. */
  kill: { call: number; when: 'before' | 'after' } | undefined;
  /** Starts GitHub and the runner anew over the same store. */
  restart(): void;
  /** GitHub's API. */
  readonly fetch: Fetch;
  dispatch(inputs: Record<string, string>): Promise<number>;
  run(id: number): Run;
  jobs(id: number): Job[];
  log(id: number): string;
  /** Lets everything happen. */
  settle(): Promise<void>;
}

/** What a test may choose of the runner. */
export type Chosen = Partial<
  Pick<ModelledRunnerOptions, 'failures' | 'slots' | 'dies' | 'neverStarts' | 'timings'>
>;

/** A GitHub with one workflow, whose runs the modelled runner executes. */
export function setting(context: TestContext, chosen: Chosen = {}): Setting {
  const directory = temporary(context);
  writeFiles(directory, { '.github/workflows/build.yml': BUILD });
  const clock = virtualClock();
  const store = memoryStore();
  const world = outside();
  let host: RunHost | undefined;
  const start = () => {
    const runner = modelledRunner({
      clock,
      store,
      slipway: mortal(() => made, world.slipway),
      cloudflare: mortal(() => made, world.cloudflare),
      cloudflareUrl: 'http://cloudflare.test/client/v4',
      environments: { 'main-dev': SECRETS, 'other-dev': { ...SECRETS, CF_API_TOKEN: '' } },
      seed: 7,
      ...chosen,
    });
    const attach = runner.attach.bind(runner);
    runner.attach = (given) => {
      host = given;
      attach(given);
    };
    const repositories = { 'acme/builder': { directory } };
    const limits = {
      dispatch_per_minute: 1e6,
      dispatch_per_hour: 1e6,
      primary_per_hour: 1e6,
      points_per_minute: 1e7,
    };
    const options = { clock, store, tokens: [TOKEN], repositories, runner, limits };
    return { runner, github: createGithub(options) };
  };
  let { runner, github } = start();
  const known = (id: number): Run => {
    const run = host?.runs.get(id);
    assert.ok(run);
    return run;
  };
  const made: Setting = Object.assign(world, {
    clock,
    store,
    runner,
    kill: undefined,
    restart() {
      ({ runner, github } = start());
      made.runner = runner;
    },
    fetch: (request: Request) => github.fetch(request),
    async dispatch(inputs: Record<string, string>) {
      const answer = await github.fetch(dispatch({ env: 'dev', ...inputs }));
      return ((await answer.json()) as { workflow_run_id: number }).workflow_run_id;
    },
    run: known,
    jobs: (id: number) => host?.runs.jobsOf(id) ?? [],
    log: (id: number) => host?.runs.log(known(id).jobs[0] ?? 0) ?? '',
    async settle() {
      for (;;) {
        const due_ms = runner.nextDue_ms();
        if (due_ms === undefined) return;
        clock.advance(Math.max(0, due_ms - clock.now()));
        await runner.advance();
      }
    },
  });
  return made;
}

/** The service as a process sees it that is killed at one of its calls. */
function mortal(made: () => Setting, fetch: Fetch): Fetch {
  return async (request) => {
    const { calls, kill } = made();
    const doomed = calls.length + 1 === kill?.call ? kill : undefined;
    if (doomed) made().kill = undefined;
    if (doomed?.when === 'before') throw new Error('killed');
    const answer = await fetch(request);
    if (doomed) throw new Error('killed');
    return answer;
  };
}

/** What was reported, in order: deployment, outcome and reason. */
export function outcomes(made: Outside): string[] {
  const results = made.reports.flatMap((report) => report.results);
  return results.map(({ deploymentId, outcome, reason }) =>
    [deploymentId, outcome, reason].filter(Boolean).join(' '),
  );
}
