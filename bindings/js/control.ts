// The control documents: segment 0 of every frame, as docs/frames.md describes them. Types only.
// A `segment` is always the number of a segment of the same frame.
import type { Query, Table } from '../generated/operations.ts';

/**
 * Who is calling, as the shim has proved it: the bearer of a key or of a token's digest, a run of
 * the builder that GitHub vouches for, the sender of a signed webhook, or a user who has signed in.
 */
export type Principal =
  | { readonly kind: 'none' | 'admin' | 'internal' | 'webhook' }
  | {
      readonly kind: 'token' | 'build';
      /** SHA-256 of the token, hex. Whose token it is, and whether it counts, is the core's. */
      readonly digest: string;
    }
  | {
      readonly kind: 'run';
      /** `owner/name`. */
      readonly repository: string;
      readonly run_id: string;
      readonly run_attempt: string;
      /** The GitHub environment of its job; empty where it has none. */
      readonly environment: string;
    }
  | {
      readonly kind: 'user';
      /** The subject of the token, or the e-mail address that Cloudflare Access proved. */
      readonly user: string;
      /** A write that another site may have had the user's browser send. */
      readonly cross_site?: true;
    };

/** An API request. */
export interface RequestInput {
  readonly kind: 'request';
  /** A name of the operation list, or `route_unknown` or `method_not_allowed`. */
  readonly operation: string;
  /** The path's parameters by name, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Name and value, in the order of the URL. */
  readonly query: readonly (readonly [string, string])[];
  /** Only the headers that the core knows, lower case, where present. */
  readonly headers: Readonly<Record<string, string>>;
  readonly principal: Principal;
  /** Segment of the body; absent without one, and when it was too large. */
  readonly body?: number;
  /** The body passed the operation's limit and was not kept. */
  readonly body_too_large: boolean;
  /** Token of the hold that this call follows. */
  readonly held?: string;
  /** SHA-256, hex, of the fresh secret that the reply may hand out. */
  readonly secret_digest?: string;
}

/** A queue message: perform this effect. */
export interface EffectInput {
  readonly kind: 'effect';
  readonly effect_key: string;
  /** The promise that the message was sent for, in milliseconds since the epoch. */
  readonly effect_due_at_ms?: number;
}

/** The cron's call. */
export interface TickInput {
  readonly kind: 'tick';
  /** `sweep` or `watch_runs`: each is a run of its own. */
  readonly operation: 'sweep' | 'watch_runs';
}

/** Replays an aggregate's journal: how a test holds the rows to it. */
export interface FoldInput {
  readonly kind: 'fold';
  readonly aggregate: string;
}

/** A message that the queue gave up. */
export interface DeadInput {
  readonly kind: 'dead';
  readonly effect_key: string;
  readonly effect_due_at_ms?: number;
  /** Why the last try failed, in words: no secret, no body. */
  readonly error: string;
}

/** A git-connected project and its deploy hook, for a caller without storage. */
export interface ProvisionInput {
  readonly kind: 'provision';
  /** Segment of what is wished, as JSON. */
  readonly body: number;
}

/** Where documents lie. */
export type StoreName = 'd1' | 'r2';

/** One thing that happened. */
export type Input = RequestInput | EffectInput | TickInput | FoldInput | DeadInput | ProvisionInput;

/** What is known about an answer to one need or one act. */
export type FactOutcome =
  | { readonly outcome: 'found' }
  | { readonly outcome: 'absent' }
  | {
      readonly outcome: 'answered';
      /** HTTP status. */
      readonly status: number;
      /** The headers that the core knows, lower case. */
      readonly headers: Readonly<Record<string, string>>;
      /** The body was longer than `body_max` and was cut there. */
      readonly truncated: boolean;
    }
  | { readonly outcome: 'lost'; readonly detail: 'timeout' | 'network' | 'unsent' | 'unsealed' }
  /** Units of a budget were given away. */
  | { readonly outcome: 'granted' }
  /** The budget has room for them after this long; nothing was given away, nothing sent. */
  | { readonly outcome: 'deferred'; readonly wait_ms: number };

/** One fact: `segment` holds its bytes where it has any. */
export type Fact = FactOutcome & { readonly key: string; readonly segment?: number };

/** Segment 0 of an input frame. */
export interface InputControl {
  /** The clock of this run, in milliseconds since the epoch; the same in every round. */
  readonly now_ms: number;
  /** When the request came in; earlier than `now_ms` only for a held request. */
  readonly received_ms: number;
  /** 128 random bits of this run, 32 lower-case hex digits. */
  readonly entropy: string;
  /** The instance's plain variables; never a secret. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of the configured credentials; never their values. */
  readonly credentials: readonly string[];
  readonly input: Input;
  readonly facts: readonly Fact[];
}

/** Units of a budget to be given away, all or none: how is in storage/ledgers.ts. */
export interface Spend {
  /** Whose budget. */
  readonly ledger: string;
  readonly units: number;
  /** Milliseconds of one unit, when it is spent without a pause. */
  readonly interval_ms: number;
  /** Units that may be spent at once after a rest. */
  readonly burst: number;
  /** Units of the burst that must be left. */
  readonly leave: number;
  /** Least milliseconds since the last spending. */
  readonly gap_ms: number;
}

/** One exchange with the outside, made once. */
export interface UpstreamRequest {
  readonly target: 'cloudflare' | 'github' | 'site';
  /** Name of the credential to attach; absent for none. */
  readonly credential?: string;
  /** Id of the sealed value that takes the place of `{sealed}` in the path. */
  readonly sealed?: string;
  /** Host name, for the target `site`. */
  readonly host?: string;
  readonly method: string;
  /** Begins with `/`; holds the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Segment of the body; absent without one. */
  readonly segment?: number;
  /** Milliseconds for the whole exchange. */
  readonly timeout_ms: number;
  /** Bytes of the answer to keep. */
  readonly body_max: number;
  /** Without these units it is not sent; absent: it needs none. */
  readonly spend?: Spend;
}

/** A read that the core asks for; the fact has the same key. */
export type Need =
  | { readonly key: string; readonly read: 'row'; readonly table: Table; readonly id: string }
  | {
      readonly key: string;
      readonly read: 'query';
      readonly query: Query;
      readonly params: readonly (string | number)[];
    }
  | {
      readonly key: string;
      readonly read: 'document';
      readonly id: string;
      /** In this store alone; absent: wherever it is. */
      readonly store?: StoreName;
    }
  | { readonly key: string; readonly read: 'upstream'; readonly request: UpstreamRequest }
  | { readonly key: string; readonly read: 'spend'; readonly spend: Spend };

/** A promise to act later; without `due_at_ms` it is settled. */
export interface Effect {
  readonly key: string;
  /** The stored effect is only overwritten by an equal or higher number. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly due_at_ms?: number;
  /** From then on the promise is sent again; absent: as soon as it is overdue. */
  readonly again_at_ms?: number;
}

/** What becomes true, all of it or nothing. */
export interface Commit {
  /** Segment: an array of `{"aggregate","seq","at_ms","format","event"}`. */
  readonly journal?: number;
  /** Segment: an array of `{"aggregate","seq","format"?,"event"?}`: where journals now begin. */
  readonly journal_cuts?: number;
  /** Who caused the events. */
  readonly author?: string;
  /** Segments: arrays of `{"id","row"}`; where a new id is taken the commit is lost. */
  readonly rows?: readonly {
    readonly table: Table;
    readonly segment: number;
    readonly must_be_new?: boolean;
  }[];
  /** Segments: arrays of ids. */
  readonly deletes?: readonly { readonly table: Table; readonly segment: number }[];
  /** Values that are encrypted and stored under their ids in the table `sealed`. */
  readonly seals?: readonly { readonly id: string; readonly segment: number }[];
  /** Written before the rest, if absent. */
  readonly documents?: readonly {
    readonly id: string;
    readonly segment: number;
    /** Absent: the configured store. */
    readonly store?: StoreName;
  }[];
  /** Segments: arrays of ids of documents that are removed from one store. */
  readonly removed?: readonly { readonly store: StoreName; readonly segment: number }[];
  readonly effects?: readonly Effect[];
  /** Budgets from which nothing is given away before a time, in milliseconds since the epoch. */
  readonly stops?: readonly { readonly ledger: string; readonly until_ms: number }[];
}

/** One outside write: commit first, then send once. */
export interface Act {
  readonly key: string;
  readonly commit?: Commit;
  readonly request: UpstreamRequest;
}

/** The answer to a request. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Segment of the body; absent without one. */
  readonly segment?: number;
  /** The fresh secret is added to the body's object as a member of this name. */
  readonly secret_member?: string;
  /** A sealed value is opened and added to the body's object. */
  readonly sealed_member?: SealedMember;
}

/** A sealed value that a reply shows. */
export interface SealedMember {
  /** Name of the member. */
  readonly member: string;
  /** Id in the table `sealed`. */
  readonly id: string;
  /** What stands before the value. */
  readonly prefix: string;
}

/** The caller waits for a change: run again after this long. */
export interface Hold {
  readonly again_after_ms: number;
  readonly token: string;
}

/** The decision. */
export interface Done {
  readonly commit?: Commit;
  readonly reply?: Reply;
  readonly hold?: Hold;
}

/** Segment 0 of an output frame: exactly one of the three. */
export interface OutputControl {
  readonly need?: readonly Need[];
  readonly act?: Act;
  readonly done?: Done;
}
