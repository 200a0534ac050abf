// What a caller sees: the options, the result and the steps on the way.

/** Where the Cloudflare API token comes from: itself, or who is asked for it for each request. */
export type TokenSource = string | (() => string | Promise<string>);

/** A repository at GitHub. */
export interface Repository {
  readonly owner: string;
  readonly repository: string;
}

/** How Pages builds the site. */
export interface Build {
  /** Absent: nothing is run. */
  readonly command?: string;
  /** Folder that holds the built site, below `root`. */
  readonly output?: string;
  /** Folder that the build runs in; absent: the repository's own. */
  readonly root?: string;
}

/** Why the next look has to wait. */
export type WaitReason =
  /** Cloudflare asked for it: its rate limit is used up. */
  | 'asked_to_wait'
  /** The answer did not come: whether the request took effect is not known. */
  | 'no_answer'
  /** The answer did not say what is. */
  | 'unclear_answer';

/** One step on the way; it holds no secret. */
export type Progress =
  | { readonly step: 'looking' }
  | { readonly step: 'creating_project' }
  | { readonly step: 'project_ready' }
  | { readonly step: 'creating_hook' }
  | { readonly step: 'hook_ready' }
  | { readonly step: 'waiting'; readonly ms: number; readonly reason: WaitReason };

/** What is wished, and how to get there. */
export interface ProvisionOptions {
  /** Id of the Cloudflare account: 32 hex digits. */
  readonly accountId: string;
  /** An API token with Pages:Edit on the account. */
  readonly token: TokenSource;
  /** The repository that Pages builds. The Cloudflare Pages GitHub App must see it. */
  readonly github: Repository;
  /** Absent: `main`. */
  readonly productionBranch?: string;
  readonly build?: Build;
  /** Plain variables of every build, in production and in preview; at most 50. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Name of the deploy hook; absent: `slipway`. */
  readonly hookName?: string;
  /** Sends the requests to Cloudflare; absent: `globalThis.fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Ends the call: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of each step. What it throws is ignored. */
  readonly onProgress?: (progress: Progress) => void;
  /** Absent: `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl?: string;
  /** How often it begins anew after an answer that left something open; absent: 8. */
  readonly maxTries?: number;
  /** No wait goes beyond this many milliseconds from the call's beginning; absent: 300,000. */
  readonly deadlineMs?: number;
  /** The compiled core, a `WebAssembly.Module`; absent: the one of this package. */
  readonly core?: object;
}

/** What is there now. */
export interface Provisioned {
  readonly projectName: string;
  /** Address of the deploy hook. A secret: whoever has it can start builds. */
  readonly deployHookUrl: string;
  readonly projectUrl: string;
  /** Names of hooks that may exist without a use: their creation's answer got lost. */
  readonly orphanedHooks: readonly string[];
}

/**
 * Makes the project `<slug>-ark` and its deploy hook, or finds them. May be repeated after whatever
 * happened.
 * @throws ProvisionError, or the signal's reason.
 */
export type Provision = (slug: string, options: ProvisionOptions) => Promise<Provisioned>;
