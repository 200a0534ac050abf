// What a runner is, and the records that the simulated GitHub and a runner share. Only declarations
// may live here.

/** Where a run, a job or a step stands. */
export type Status = 'queued' | 'in_progress' | 'completed';

/** How a run or a job ended. */
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out';

/** One workflow run. Times are milliseconds since the epoch. */
export interface Run {
  /** Always larger than 32 bits hold. */
  readonly id: number;
  /** Counts the runs of one workflow from 1. */
  readonly number: number;
  /** `owner/name`. */
  readonly repository: string;
  /** The workflow's path, such as `.github/workflows/build.yml`. */
  readonly path: string;
  readonly workflowId: number;
  readonly workflowName: string;
  /** The evaluated `run-name`, or the workflow's name. */
  readonly title: string;
  /** The branch's short name. */
  readonly branch: string;
  readonly sha: string;
  readonly actor: string;
  /** The declared inputs with their defaults filled in. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly created_ms: number;
  updated_ms: number;
  started_ms: number;
  status: Status;
  conclusion: Conclusion | null;
  /** Ids of the run's jobs, in the order in which they were made. */
  jobs: number[];
}

/** One step of a job as the API shows it. */
export interface Step {
  readonly number: number;
  readonly name: string;
  status: Status;
  conclusion: Conclusion | null;
  started_ms: number | null;
  completed_ms: number | null;
}

/** One job of a run. */
export interface Job {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly created_ms: number;
  status: Status;
  conclusion: Conclusion | null;
  started_ms: number;
  completed_ms: number | null;
  steps: Step[];
}

/** The shared book of runs: written by GitHub and the runner, durable when a call returns. */
export interface Runs {
  /** The run, or undefined. Records are shared: change them only through `update`. */
  get(id: number): Run | undefined;
  /** Every run, oldest first. */
  all(): Run[];
  /** Changes a run and stamps `updated_ms`. Throws RangeError for an unknown run. */
  update(id: number, change: Partial<Pick<Run, 'status' | 'conclusion' | 'started_ms'>>): Run;
  /** Adds a queued job to a run. */
  addJob(runId: number, name: string, labels: readonly string[]): Job;
  /** Stores a job that the caller changed. */
  putJob(job: Job): void;
  job(jobId: number): Job | undefined;
  /** A run's jobs in the order in which they were made. */
  jobsOf(runId: number): Job[];
  /** Appends text (whole lines) to a job's log. */
  appendLog(jobId: number, text: string): void;
  log(jobId: number): string;
}

/** One file of a commit. */
export interface CommitFile {
  /** `/`-separated, relative to the repository's root. */
  readonly path: string;
  /** The git blob id of the content. */
  readonly blob: string;
  readonly size: number;
  readonly executable: boolean;
}

/** One state of a repository. */
export interface Commit {
  /** 40 hex digits. */
  readonly sha: string;
  readonly files: readonly CommitFile[];
  /** Absent where nobody wrote one. */
  readonly message?: string;
}

/** The repositories that exist. A state once seen can be read again, like a commit. */
export interface Repositories {
  has(repository: string): boolean;
  /** The branch's present state. Throws RangeError for an unknown repository. */
  head(repository: string): Commit;
  /** The commit of `ref` (empty, `main`, `refs/heads/main` or a sha that was seen). */
  resolve(repository: string, ref: string): Commit | undefined;
  read(blob: string): Uint8Array;
}

/** What GitHub hands to its runner. */
export interface RunHost {
  readonly runs: Runs;
  readonly repositories: Repositories;
}

/** Executes workflow runs: moves each from queued to completed. */
export interface Runner {
  /** Called once before anything else; takes care of runs that an earlier process left. */
  attach(host: RunHost): void;
  /** Takes a queued run. Returns at once; the run goes on by itself. */
  start(run: Run): void;
  /** Asks for the end of a run. With `force`, cleaning steps are not run either. */
  cancel(runId: number, force: boolean): void;
}
