// What can go wrong, as a person and as a script learn of it: words and an exit code.

/** Exit codes: docs/cli.md says what each means. */
export const exits = {
  ok: 0,
  failure: 1,
  usage: 2,
  not_found: 3,
  auth: 4,
  conflict: 5,
  later: 6,
  timeout: 7,
  unverified: 8,
  interrupted: 130,
} as const;

/** One single fault of what was sent. */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly suggestion?: string;
}

/** An error as it is shown. */
export interface Trouble {
  readonly exit: number;
  /** Stable dotted code. */
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  readonly next?: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  readonly requestId?: string;
  /** Found on this machine; nothing was sent. */
  readonly offline?: boolean;
  /** Last lines of a log that belongs to it. */
  readonly logTail?: string;
}

/** Ends the command with this trouble. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.title);
    this.trouble = trouble;
  }
}

/** The command line is wrong: exit 2. */
export function usageError(title: string, next?: string): CliError {
  const trouble = { exit: exits.usage, code: 'usage', title };
  return new CliError(next === undefined ? trouble : { ...trouble, next });
}

/** Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** `--dry-run` of an operation that has no dry run of its own: this is what would be sent. */
export class WouldSend extends Error {
  override readonly name = 'WouldSend';
  readonly request: object;

  constructor(request: object) {
    super('dry run');
    this.request = request;
  }
}

const exit_of_status: Readonly<Record<number, number>> = {
  400: exits.usage,
  401: exits.auth,
  403: exits.auth,
  404: exits.not_found,
  405: exits.failure,
  409: exits.conflict,
  412: exits.conflict,
  413: exits.usage,
  415: exits.usage,
  422: exits.usage,
  428: exits.conflict,
  429: exits.later,
};

/** The exit code of a refused request. */
export function exitOfProblem(status: number, code: string, retryable: boolean): number {
  // An instance without the route is not one on which the thing is missing.
  if (code === 'route.unknown') return exits.failure;
  // The instance's own key to Cloudflare or GitHub is at fault, not the caller's.
  if (code.startsWith('credential.')) return retryable ? exits.later : exits.failure;
  if (status >= 500) return retryable ? exits.later : exits.failure;
  return exit_of_status[status] ?? exits.failure;
}

// A person holds it back, or has to clear the way.
const held = [
  'publishing.name_taken',
  'git.not_connected',
  'project.limit_reached',
  'site.pinned',
  'site.imported',
  'builds.paused',
  'platform.suspended',
  'fleet.frozen',
];

/** The exit code of work that ended badly: held back, other bytes served than built, or failed. */
export function exitOfFailure(code: string): number {
  if (held.includes(code)) return exits.conflict;
  return /content_mismatch|unverified|verification/.test(code) ? exits.unverified : exits.failure;
}
