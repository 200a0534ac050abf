// What the API says, as far as the pages show it: docs/frames.md and /openapi.json describe it.

/** GET /me/session. */
export type Session =
  | { readonly signedIn: true; readonly user: string; readonly expiresAt?: string }
  | { readonly signedIn: false; readonly signInUrl: string | null };

/** A step of the way to a first site. */
export interface Step {
  readonly name: 'project' | 'hook' | 'build' | 'served';
  readonly state: 'pending' | 'active' | 'done' | 'failed';
}

/** A stage of a build at Cloudflare Pages. */
export interface Stage {
  readonly name: 'queued' | 'initialize' | 'clone_repo' | 'build' | 'deploy';
  readonly status: 'idle' | 'active' | 'success' | 'failure' | 'canceled' | 'skipped';
}

/** Why something did not work, and what to do. */
export interface Failure {
  readonly code: string;
  readonly detail?: string;
  readonly next?: string;
  readonly logTail?: string;
}

/** One publication of the site. */
export interface Publication {
  readonly publicationId: string;
  readonly state:
    | 'planned'
    | 'starting'
    | 'unknown'
    | 'building'
    | 'verifying'
    | 'live'
    | 'failed'
    | 'cancelled'
    | 'superseded'
    | 'triggered';
  readonly followed: boolean;
  readonly by: string;
  /** The state in words for people. */
  readonly label: string;
  readonly stages: readonly Stage[];
  /** One more follows when this one has ended. */
  readonly again?: boolean;
  readonly pagesDeploymentUrl?: string;
  readonly failure?: Failure;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The deploy hook in use. */
export interface Hook {
  readonly source: 'auto' | 'manual';
  /** For those who may change it. */
  readonly masked?: string;
  readonly setAt?: string;
  readonly setBy?: string;
  readonly projectName?: string;
}

/** How an org publishes. */
export interface Publishing {
  readonly orgId: string;
  readonly slug: string;
  readonly name: string;
  readonly role: 'admin' | 'member' | 'operator';
  readonly canProvision: boolean;
  readonly state: 'unset' | 'creating' | 'connecting' | 'ready' | 'blocked';
  readonly steps: readonly Step[];
  readonly projectName?: string;
  readonly projectUrl?: string;
  readonly dashboardUrl?: string;
  readonly hook?: Hook;
  readonly orphanedHooks?: number;
  readonly failure?: Failure;
  readonly waiting?: { readonly code: string; readonly detail?: string; readonly until?: string };
  readonly publication?: Publication;
  readonly seq: number;
}

/** A page of the history. */
export interface Publications {
  readonly items: readonly Publication[];
  readonly nextCursor?: string;
}

/** A problem document, as far as it can be trusted to be one. */
export interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly next?: string;
  readonly retryable?: boolean;
  readonly errors?: readonly { readonly pointer: string; readonly detail?: string }[];
}
