// What the Worker has acknowledged: each entry must be found when everything has settled.

/** What a 2xx promises. */
export type Promised =
  | { readonly kind: 'platform'; readonly platformId: string }
  | { readonly kind: 'version'; readonly platformId: string; readonly version: NewVersion }
  | {
      readonly kind: 'wish';
      readonly platformId: string;
      readonly environment: string;
      readonly reason: string;
      readonly operationId: string;
    }
  | { readonly kind: 'deletion'; readonly platformId: string }
  | { readonly kind: 'org'; readonly slug: string; readonly name: string }
  | { readonly kind: 'provisioned'; readonly slug: string; readonly name: string }
  | { readonly kind: 'published'; readonly slug: string; readonly publicationId: string };

/** A version of a configuration. */
export interface NewVersion {
  readonly number: number;
  /** No other change has the same. */
  readonly reason: string;
  /** Whether each feature is on. */
  readonly features: Readonly<Record<string, boolean>>;
}

/** One acknowledged request. */
export interface Acknowledged {
  /** Method, path and body. */
  readonly request: string;
  /** Time, status and request id of the answer. */
  readonly answer: string;
  readonly promised: Promised;
}

/** Something that must not be. */
export interface Finding {
  readonly what: string;
  /** Where it is about an acknowledged request: that one. */
  readonly of?: Acknowledged;
}

/** What was acknowledged, and what went wrong on the way. */
export interface Ledger {
  readonly acknowledged: Acknowledged[];
  readonly findings: Finding[];
}
