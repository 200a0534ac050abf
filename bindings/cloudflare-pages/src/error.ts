// What is thrown: the core's problem documents, and the few problems that the core cannot know.

/** One thing that is wrong with the options. */
export interface ProvisionIssue {
  /** JSON Pointer into the options; `/slug` is the first argument. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** A problem in the core's words. */
export interface Problem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly next: string;
  readonly retryable: boolean;
  readonly errors?: readonly ProvisionIssue[];
}

/** Why it was not provisioned, and what to do next. Holds no secret. */
export class ProvisionError extends Error implements Problem {
  override readonly name = 'ProvisionError';
  /** Stable, for programs: `git.not_connected`. */
  readonly code: string;
  /** The HTTP status that fits, where a server passes the problem on. */
  readonly status: number;
  /** What is wrong, for people. */
  readonly title: string;
  /** This case of it; may be empty. */
  readonly detail: string;
  /** What to do next. */
  readonly next: string;
  /** Whether the same call may succeed later, with nothing changed. */
  readonly retryable: boolean;
  /** What is wrong with the options, one by one. */
  readonly errors: readonly ProvisionIssue[];
  /** How long to wait before the call is repeated, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs?: number) {
    const { title, detail = '' } = problem;
    super(detail === '' ? title : `${title}: ${detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.title = title;
    this.detail = detail;
    this.next = problem.next;
    this.retryable = problem.retryable;
    this.errors = problem.errors ?? [];
    this.retryAfterMs = retryAfterMs;
  }
}
