// What there is in the end: of the Worker's API, its database, the outside, and the served sites.

/** Everything that the verdict needs. */
export interface Found {
  /** By id; one that answers 404 is absent. */
  readonly platforms: ReadonlyMap<string, FoundPlatform>;
  /** States of operations that were asked for, by id. */
  readonly operations: ReadonlyMap<string, string>;
  /** How often each wish stands in the journal: `acme/dev <reason>`. */
  readonly wishes: ReadonlyMap<string, number>;
  /** Names at Cloudflare, each as often as it is there. */
  readonly projects: readonly string[];
  /** Dispatch keys of the builder's runs, each as often as it is there. */
  readonly run_keys: readonly string[];
  /** By dispatch key: the runs that have claimed with it. */
  readonly claims: ReadonlyMap<string, readonly string[]>;
  readonly orgs: ReadonlyMap<string, FoundOrg>;
  /** Work that was given up, as the API shows it. */
  readonly dead_letters: readonly string[];
}

/** A platform. */
export interface FoundPlatform {
  readonly configVersion: number;
  readonly versions: readonly FoundVersion[];
  readonly sites: readonly FoundSite[];
}

/** A version of its configuration. */
export interface FoundVersion {
  readonly number: number;
  readonly reason: string;
  readonly features: Readonly<Record<string, boolean>>;
}

/** Why something rests. */
export interface Why {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
}

/** A site. */
export interface FoundSite {
  readonly environment: string;
  readonly project: string;
  /** moving: it is not at its end */
  readonly end: 'live' | 'resting' | 'moving';
  /** What the API says that it does, for the reader. */
  readonly step: string;
  readonly failure?: Why;
  /** The deployment that the API calls live. */
  readonly live_deployment?: string;
  /** What its newest configuration makes the builder write. */
  readonly wished: string;
  /** Absent: nothing is served. */
  readonly served?: ServedSite;
}

/** What a site serves. */
export interface ServedSite {
  readonly deployment: string;
  readonly platform: string;
  readonly environment: string;
  readonly version: number;
  readonly script: string;
}

/** An org. */
export interface FoundOrg {
  readonly name: string;
  readonly end: 'live' | 'resting' | 'moving';
  readonly step: string;
  readonly failure?: Why;
  readonly project: string;
  /** States of its publications, by id. */
  readonly publications: ReadonlyMap<string, string>;
  /** The page that is served; absent: none. */
  readonly page?: string;
}
