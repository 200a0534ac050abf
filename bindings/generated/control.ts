// Generated from src/app/control.hpp by bindings/types; do not edit.

/** Segment 0 of an input frame. */
export interface InputFrame {
  /** the clock, read once a run */
  readonly now_ms: number;
  /** when the request came in */
  readonly received_ms: number;
  /** 128 random bits in hex, drawn once a run */
  readonly entropy: string;
  /** plain variables of the instance, by name */
  readonly settings: Readonly<Record<string, string>>;
  /** names of those configured */
  readonly credentials: readonly string[];
  /** what happened */
  readonly input: InputDocument;
  /** what is known so far */
  readonly facts: readonly FactDocument[];
}

/** One thing that happened. */
export interface InputDocument {
  /** what kind of thing */
  readonly kind: InputKind;
  /** request: name in the operation list */
  readonly operation: string;
  /** request: path parameters, decoded */
  readonly params: Readonly<Record<string, string>>;
  /** request: pairs in the URL's order, decoded */
  readonly query: readonly (readonly string[])[];
  /** request: those that the core reads */
  readonly headers: Readonly<Record<string, string>>;
  /** request: who is calling */
  readonly principal: Principal;
  /** request, provision: segment of the body */
  readonly body?: number;
  /** request: the body was not kept */
  readonly body_too_large: boolean;
  /** request: token of the hold that this call follows */
  readonly held?: string;
  /** request: SHA-256 of a fresh secret, hex, where the operation needs one */
  readonly secret_digest: string;
  /** effect, dead: what to look at */
  readonly effect_key: string;
  /** effect, dead: the promise of its message */
  readonly effect_due_at_ms?: number;
  /** fold: whose journal to replay */
  readonly aggregate: string;
  /** dead: why the last try failed, in words */
  readonly error: string;
}

/** One of these names. */
export type InputKind = 'request' | 'effect' | 'tick' | 'fold' | 'dead' | 'provision';

/** Who is calling, as the shim has proved it. */
export interface Principal {
  /** which kind of key, token or signature was sent */
  readonly kind: PrincipalKind;
  /** token, build: SHA-256 of the token, hex */
  readonly digest?: string;
  /** run: the builder's repository, `owner/name` */
  readonly repository?: string;
  /** run: its id at GitHub */
  readonly run_id?: string;
  /** run: which attempt, from 1 */
  readonly run_attempt?: string;
  /** run: the GitHub environment of the job */
  readonly environment?: string;
  /** user: who, as the identity provider names them */
  readonly user?: string;
  /** user: another site may have made the browser send this request */
  readonly cross_site?: boolean;
}

/** One of these names. */
export type PrincipalKind = 'none' | 'admin' | 'internal' | 'token' | 'build' | 'run' | 'webhook' | 'user';

/** One read of the world, or the outcome of an act. */
export interface FactDocument {
  /** of the need or act that it answers */
  readonly key: string;
  /** what came of it */
  readonly outcome: FactOutcome;
  /** the row, array, document or body */
  readonly segment?: number;
  /** answered: HTTP status */
  readonly status: number;
  /** answered: some headers, lower case */
  readonly headers: Readonly<Record<string, string>>;
  /** lost: `timeout`, `network`, `unsent` or `unsealed` */
  readonly detail: string;
  /** answered: the body was cut */
  readonly truncated: boolean;
  /** deferred: the budget has room after this long */
  readonly wait_ms: number;
}

/** One of these names. */
export type FactOutcome = 'found' | 'absent' | 'answered' | 'lost' | 'granted' | 'deferred';

/** Segment 0 of an output frame: exactly one member. */
export interface OutputFrame {
  /** read these, then step again */
  readonly need?: readonly NeedDocument[];
  /** commit, send, then step again */
  readonly act?: ActDocument;
  /** commit, then reply */
  readonly done?: DoneDocument;
}

/** One read that the core asks for. */
export interface NeedDocument {
  /** the fact carries it back */
  readonly key: string;
  /** what kind of read */
  readonly read: ReadKind;
  /** row: the table */
  readonly table?: string;
  /** row, document: which one */
  readonly id?: string;
  /** document: `d1` or `r2`; absent: wherever it is */
  readonly store?: string;
  /** query: its name */
  readonly query?: string;
  /** query: its parameters in order */
  readonly params?: readonly (string | number | boolean)[];
  /** upstream: the request */
  readonly request?: RequestDocument;
  /** spend: what is to be given away */
  readonly spend?: SpendDocument;
}

/** One of these names. */
export type ReadKind = 'row' | 'query' | 'document' | 'upstream' | 'spend';

/** One HTTP request to be made. */
export interface RequestDocument {
  /** whose base URL */
  readonly target: Target;
  /** name of the one to attach */
  readonly credential?: string;
  /** id of the sealed value for `{sealed}` in the path */
  readonly sealed?: string;
  /** site: its host name */
  readonly host?: string;
  /** HTTP method */
  readonly method: string;
  /** with query, below the base URL */
  readonly path: string;
  /** further headers */
  readonly headers: Readonly<Record<string, string>>;
  /** the body */
  readonly segment?: number;
  /** for the whole exchange */
  readonly timeout_ms: number;
  /** bytes of the answer to keep */
  readonly body_max: number;
  /** without these units it is not sent */
  readonly spend?: SpendDocument;
}

/** One of these names. */
export type Target = 'cloudflare' | 'github' | 'site';

/** Units of a budget to be given away. */
export interface SpendDocument {
  /** whose budget */
  readonly ledger: string;
  /** how many, all or none */
  readonly units: number;
  /** of one unit, without a pause */
  readonly interval_ms: number;
  /** units that may be spent at once after a rest */
  readonly burst: number;
  /** units of the burst that must be left */
  readonly leave: number;
  /** least time since the last spending */
  readonly gap_ms: number;
}

/** One outside write, after its write-ahead. */
export interface ActDocument {
  /** the fact carries it back */
  readonly key: string;
  /** the write-ahead */
  readonly commit?: CommitDocument;
  /** sent once */
  readonly request: RequestDocument;
}

/** What to make true in one transaction. */
export interface CommitDocument {
  /** segment: array of {aggregate, seq, event} */
  readonly journal?: number;
  /** segment: array of {aggregate, seq, event?} */
  readonly journal_cuts?: number;
  /** who caused the journal's events */
  readonly author?: string;
  /** state rows, by table */
  readonly rows?: readonly RowsDocument[];
  /** rows whose time is over */
  readonly deletes?: readonly DeletesDocument[];
  /** written first */
  readonly documents?: readonly StoredDocument[];
  /** documents that nobody needs there */
  readonly removed?: readonly RemovedDocuments[];
  /** secrets, encrypted in the same transaction */
  readonly seals?: readonly SealDocument[];
  /** the outbox */
  readonly effects?: readonly EffectDocument[];
  /** budgets that rest; not part of the transaction */
  readonly stops?: readonly StopDocument[];
}

/** Rows to insert or replace in one table. */
export interface RowsDocument {
  /** the table */
  readonly table: string;
  /** array of {id, row} */
  readonly segment: number;
  /** where an id is taken the commit is lost */
  readonly must_be_new?: boolean;
}

/** Rows to delete from one table. */
export interface DeletesDocument {
  /** the table */
  readonly table: string;
  /** array of ids */
  readonly segment: number;
}

/** A document to store if absent. */
export interface StoredDocument {
  /** its key in the store */
  readonly id: string;
  /** its bytes */
  readonly segment: number;
  /** `d1` or `r2`; absent: the configured one */
  readonly store?: string;
}

/** Documents to remove from one store. */
export interface RemovedDocuments {
  /** `d1` or `r2` */
  readonly store: string;
  /** array of ids */
  readonly segment: number;
}

/** A secret to be encrypted before it is stored. */
export interface SealDocument {
  /** what it is stored under */
  readonly id: string;
  /** the secret's bytes */
  readonly segment: number;
}

/** A promise to look at an aggregate later. */
export interface EffectDocument {
  /** the aggregate */
  readonly key: string;
  /** events of the aggregate when this was decided */
  readonly seq: number;
  /** when; absent: settled */
  readonly due_at_ms?: number;
  /** sent again from then on; absent: due */
  readonly again_at_ms?: number;
}

/** A budget that rests until a time. */
export interface StopDocument {
  /** whose budget */
  readonly ledger: string;
  /** nothing is given away before */
  readonly until_ms: number;
}

/** The decision. */
export interface DoneDocument {
  /** what becomes true; absent: nothing */
  readonly commit?: CommitDocument;
  /** only for requests */
  readonly reply?: ReplyDocument;
  /** only while the caller waits */
  readonly hold?: HoldDocument;
}

/** The answer for the caller. */
export interface ReplyDocument {
  /** HTTP status */
  readonly status: number;
  /** lower-case names */
  readonly headers: Readonly<Record<string, string>>;
  /** the body */
  readonly segment: number;
  /** the fresh secret is added to the body's object under this name */
  readonly secret_member?: string;
  /** a sealed value is added the same way */
  readonly sealed_member?: SealedMember;
}

/** A sealed value that the reply hands out. */
export interface SealedMember {
  /** added to the body's object under this name */
  readonly member: string;
  /** what it is stored under */
  readonly id: string;
  /** stands before it */
  readonly prefix: string;
}

/** The caller waits for a change: ask again. */
export interface HoldDocument {
  /** sleep this long */
  readonly again_after_ms: number;
  /** what the caller has seen */
  readonly token: string;
}
