// What the tests of this folder share: a temporary repository, the simulated GitHub over it, and a
// runner that only takes note.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type VirtualClock, virtualClock } from '../../../simulator/base/clock.ts';
import type { Faults, Store } from '../../../simulator/base/contract.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { createGithub, type Github, type GithubOptions } from '../../../simulator/github/index.ts';
import type { RunHost, Runner } from '../../../simulator/runner/contract.ts';

/** The repository and token of every test. */
export const REPOSITORY = 'acme/builder';
export const TOKEN = 'ghs_test';

/** A directory that goes when the test ends. */
export function temporary(test: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'github-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes files by path below a directory. */
export function writeFiles(directory: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** A runner that leaves every run queued and knows what it was asked. */
export interface IdleRunner extends Runner {
  host(): RunHost;
  readonly started: number[];
  readonly cancelled: number[];
}

/** Makes an IdleRunner. */
export function idleRunner(): IdleRunner {
  let host: RunHost | undefined;
  const started: number[] = [];
  const cancelled: number[] = [];
  return {
    started,
    cancelled,
    attach: (given) => {
      host = given;
    },
    start: (run) => started.push(run.id),
    cancel: (runId) => cancelled.push(runId),
    host: () => {
      if (!host) throw new Error('not attached');
      return host;
    },
  };
}

/** A GitHub with one repository and what stands around it. */
export interface World {
  readonly github: Github;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly directory: string;
}

/** Starts a GitHub over one repository with the given files. */
export function world(
  test: TestContext,
  files: Record<string, string>,
  options: Partial<GithubOptions> & { runner: Runner; faults?: Faults },
): World {
  const directory = temporary(test);
  writeFiles(directory, files);
  const clock = virtualClock();
  const store = memoryStore();
  const repositories = { [REPOSITORY]: { directory } };
  const github = createGithub({ clock, store, tokens: [TOKEN], repositories, ...options });
  return { github, clock, store, directory };
}

/** A request with everything that GitHub asks for. `headers` may take some of it away. */
export function request(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Request {
  const all = {
    authorization: `Bearer ${TOKEN}`,
    'user-agent': 'test',
    'x-github-api-version': '2026-03-10',
    ...headers,
  };
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const init = { method, headers: all, ...(text === undefined ? {} : { body: text }) };
  return new Request(`http://api.test${path}`, init);
}

/** The path of the builder's workflow. */
export const WORKFLOW = `/repos/${REPOSITORY}/actions/workflows/build.yml`;

/** A dispatch of the builder's workflow. */
export function dispatch(
  inputs: Record<string, unknown>,
  headers: Record<string, string> = {},
): Request {
  return request('POST', `${WORKFLOW}/dispatches`, { ref: 'main', inputs }, headers);
}
