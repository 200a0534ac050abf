// What the routes of organisations answer, as far as the command line reads it.

/** Why it rests, and what a person can do. */
export interface FailureShape {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly logTail?: string;
}

/** One attempt to make an organisation's site live. */
export interface Publication {
  readonly publicationId: string;
  readonly slug: string;
  readonly state: string;
  readonly followed: boolean;
  readonly by: string;
  readonly via: string;
  /** Words for people. */
  readonly label: string;
  readonly stages?: readonly { readonly name: string; readonly status: string }[];
  readonly pagesDeploymentUrl?: string;
  /** How the served site was checked. */
  readonly verified?: string;
  /** What more is to be said. */
  readonly detail?: string;
  readonly failure?: FailureShape;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** One was under way: this is it, and one more follows. */
  readonly again?: boolean;
}

/** How an organisation's publishing is set up, and what it does. */
export interface Publishing {
  readonly orgId: string;
  readonly slug: string;
  readonly name: string;
  readonly canProvision: boolean;
  /** Why not. */
  readonly missing?: string;
  readonly state: string;
  readonly steps: readonly { readonly name: string; readonly state: string }[];
  readonly projectName?: string;
  readonly projectUrl?: string;
  readonly dashboardUrl?: string;
  readonly hook?: {
    readonly source: string;
    readonly masked?: string;
    readonly setAt: string;
    readonly setBy: string;
  };
  readonly orphanedHooks?: number;
  readonly orphanedHookNames?: readonly string[];
  readonly failure?: FailureShape;
  readonly waiting?: { readonly code: string; readonly detail: string; readonly until: string };
  readonly publication?: Publication;
}

/** What auto-provision answers. */
export interface Provisioned {
  readonly projectName: string;
  /** A secret; only in the answer that has made it. */
  readonly deployHookUrl?: string;
  readonly projectUrl?: string;
  readonly publishing: Publishing;
}

/** An organisation. */
export interface Org {
  readonly slug: string;
  readonly orgId: string;
  readonly name: string;
  readonly members: readonly { readonly userId: string; readonly role: string }[];
  readonly projectName?: string;
  readonly projectUrl?: string;
  readonly createdAt: string;
}
