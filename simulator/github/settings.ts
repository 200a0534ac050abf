// The part of a configuration file that is about GitHub and its runners.

import {
  boolean,
  list,
  nullable,
  number,
  object,
  oneOf,
  type Reader,
  record,
  string,
} from '../base/strict.ts';

const texts = record(string());

/** What the simulated GitHub can be told by a file. Times are in milliseconds. */
export const githubSettings = object(
  {
    /** Accepted tokens. */
    tokens: list(string(), 100),
    /** The directory that is the content of `main`, by `owner/name`. */
    repositories: record(string()),
    /** Secrets by environment (`<account>-<env>`). */
    environments: record(texts),
    /** Which runner takes runs at first. */
    runner: oneOf('real', 'modelled'),
  },
  {
    /** The repository variables (`vars`). */
    vars: texts,
    /** Variables that every step of a real job gets. */
    variables: texts,
    /** Address of the simulator, for links in answers. */
    publicUrl: string(),
    /** Where the real runner works and caches. */
    directory: string(),
    nodeBin: string(),
    pnpmBin: string(),
    /** Caches of npm and pnpm that all jobs share. */
    packageCache: string(),
    concurrentJobs: number(1, 100),
    listLag_ms: number(0, 3_600_000),
    /** How long the parts of the modelled runner's jobs take. */
    modelled: object(
      {},
      {
        queue_ms: number(0, 86_400_000),
        setup_ms: number(0, 86_400_000),
        build_ms: number(0, 86_400_000),
        deploy_ms: number(0, 86_400_000),
      },
    ),
  },
);

/** The settings as they are read. */
export type GithubSettings = typeof githubSettings extends Reader<infer T> ? T : never;

/** Accepts a push: the commit to make first (none with no field but `repository`). */
export const pushChange = object(
  { repository: string(/^[\w.-]+\/[\w.-]+$/) },
  { branch: string(/./), message: string(), files: record(nullable(string())) },
);

/** Accepts a repository to be planted in the store. */
export const repositoryChange = object(
  { repository: string(/^[\w.-]+\/[\w.-]+$/), files: texts },
  { default_branch: string(/./), archived: boolean, private: boolean },
);

/** How GitHub is to behave from now on. */
export const githubChange = object(
  {},
  { duplicates: number(0, 1e9), listLag_ms: number(0, 3_600_000) },
);

/** A change of the runner that takes new runs. */
export const runnerChange = object({ mode: oneOf('real', 'modelled') });
