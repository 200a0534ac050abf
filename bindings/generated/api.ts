// Generated from src/app/views.hpp and src/app/bodies.hpp by bindings/types; do not edit.

/** Why a request was refused (RFC 9457). */
export interface Problem {
  /** a URI that stands for the code */
  readonly type: string;
  /** what is wrong, in general */
  readonly title: string;
  /** HTTP status */
  readonly status: number;
  /** stable dotted code */
  readonly code: string;
  /** what happened this time */
  readonly detail?: string;
  /** every single fault of what was sent */
  readonly errors?: readonly Issue[];
  /** the same request may succeed later */
  readonly retryable: boolean;
  /** the next step for a human */
  readonly next?: string;
}

/** One thing that is wrong with what was sent. */
export interface Issue {
  /** JSON Pointer into the body, or a parameter's name */
  readonly pointer: string;
  /** stable code, such as `field.unknown` */
  readonly code: string;
  /** in words */
  readonly detail: string;
  /** the known name that was probably meant */
  readonly suggestion?: string;
}

/** One of these names. */
export type Scope = 'open' | 'platforms:read' | 'platforms:write' | 'deploy' | 'config:read' | 'builder' | 'report' | 'admin' | 'webhook' | 'publishing' | 'org:member' | 'org:admin';

/** The Worker answers. */
export interface Health {
  /** `ok` */
  readonly status: string;
}

/** Whether the instance can do its work. */
export interface Ready {
  /** every check holds */
  readonly ready: boolean;
  /** each condition */
  readonly checks: readonly Check[];
}

/** One condition of being ready. */
export interface Check {
  /** storage, configuration, github, cloudflare, cron, effects, dead_letters: docs/operations.md says what to do */
  readonly name: string;
  /** whether it holds */
  readonly ok: boolean;
}

/** A platform to create. */
export interface PlatformCreate {
  /** its id, for ever */
  readonly platformId: PlatformId;
  /** its name for people, 1 to 120 bytes */
  readonly name?: string;
  /** each once, at least one */
  readonly environments: readonly Environment[];
  /** without it: only the name */
  readonly config?: ConfigDocuments;
}

/** A text: 3 to 46 lower-case letters and digits in words joined by single dashes. */
export type PlatformId = string;

/** One of these names. */
export type Environment = 'dev' | 'stg' | 'prod';

/** The configuration of a platform. */
export interface ConfigDocuments {
  /** features and stacks */
  readonly features: FeaturesDocument;
  /** plain variables */
  readonly env: EnvDocument;
  /** sign-in */
  readonly auth: AuthDocument;
}

/** What the platform's sites can do; the same everywhere. */
export interface FeaturesDocument {
  /** features by id (words joined by dashes) */
  readonly features: Readonly<Record<string, FeatureSwitch>>;
  /** stacks by id (words joined by dashes) */
  readonly stacks?: Readonly<Record<string, FeatureSwitch>>;
}

/** A feature or stack of the shell. */
export interface FeatureSwitch {
  /** whether the site has it */
  readonly enabled: boolean;
  /** its settings, by name */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** what must be enabled with it: feature ids, or `stack:<id>` */
  readonly requires?: readonly string[];
}

/** Plain variables of the site; never secrets. */
export interface EnvDocument {
  /** values of every environment */
  readonly default: Readonly<Record<string, string | number | boolean>>;
  /** values that replace the default in dev */
  readonly dev?: Readonly<Record<string, string | number | boolean>>;
  /** values that replace the default in stg */
  readonly stg?: Readonly<Record<string, string | number | boolean>>;
  /** values that replace the default in prod */
  readonly prod?: Readonly<Record<string, string | number | boolean>>;
}

/** Sign-in, with overrides per environment. */
export interface AuthDocument {
  /** settings of every environment */
  readonly default: AuthSettings;
  /** settings that replace the default in dev */
  readonly dev?: AuthSettings;
  /** settings that replace the default in stg */
  readonly stg?: AuthSettings;
  /** settings that replace the default in prod */
  readonly prod?: AuthSettings;
}

/** How the site's users sign in. */
export interface AuthSettings {
  /** `none`, or `oidc` (OpenID Connect) */
  readonly provider?: AuthProvider;
  /** the issuer's https URL */
  readonly issuer?: string;
  /** the public client id */
  readonly clientId?: string;
  /** scopes to ask for */
  readonly scopes?: readonly string[];
}

/** One of these names. */
export type AuthProvider = 'none' | 'oidc';

/** What an API call started. */
export interface Operation {
  /** its id */
  readonly operationId: string;
  /** the API operation */
  readonly kind: string;
  /** the platform */
  readonly platformId: string;
  /** succeeded when every site is as it was asked for */
  readonly state: OperationState;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** one for each environment concerned */
  readonly sites: readonly OperationSite[];
  /** events of these sites, oldest first */
  readonly timeline?: readonly TimelineEntry[];
}

/** One of these names. */
export type OperationState = 'running' | 'succeeded' | 'failed';

/** How far an operation is on one site. */
export interface OperationSite {
  /** which one */
  readonly environment: Environment;
  /** whether it goes on */
  readonly state: OperationState;
  /** state of the site or of its deployment */
  readonly step: string;
  /** the deployment that serves it */
  readonly deploymentId?: string;
  /** where the site is served */
  readonly url?: string;
  /** why nothing is done just now */
  readonly waiting?: SiteWaiting;
  /** why it rests */
  readonly failure?: Failure;
  /** where it is taken down: how far that is */
  readonly removal?: SiteRemoval;
}

/** Why nothing is done just now, and until when. */
export interface SiteWaiting {
  /** `account.pacing`, `upstream.limit` or `build.queued` */
  readonly code: string;
  /** in words */
  readonly detail: string;
  /** when it goes on: RFC 3339, UTC */
  readonly until: string;
}

/** Why it rests, and what a person can do. */
export interface Failure {
  /** stable dotted code */
  readonly code: string;
  /** what happened */
  readonly detail: string;
  /** the next step for a human */
  readonly next: string;
  /** last lines of the log, where there is one */
  readonly logTail?: string;
}

/** How far the removal of a site is. */
export interface SiteRemoval {
  /** RFC 3339, UTC */
  readonly since: string;
  /** what is being removed at Cloudflare */
  readonly step?: RemovalStep;
  /** how many of that there were when it was last looked */
  readonly left?: number;
  /** what became of the project, once it is done */
  readonly project?: RemovedProject;
}

/** One of these names. */
export type RemovalStep = 'domains' | 'deployments' | 'project';

/** One of these names. */
export type RemovedProject = 'removed' | 'absent' | 'not_ours';

/** Something that became true. */
export interface TimelineEntry {
  /** RFC 3339, UTC */
  readonly at: string;
  /** the site */
  readonly site: string;
  /** number of the event on its site */
  readonly seq: number;
  /** its `type` and what belongs to it */
  readonly event: unknown;
}

/** Platforms by id. */
export interface PlatformList {
  /** a page */
  readonly items: readonly PlatformSummary[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** One customer, in a list. */
export interface PlatformSummary {
  /** its id */
  readonly platformId: string;
  /** its name for people */
  readonly name: string;
  /** whether it is deployed, as it was asked for */
  readonly state: PlatformState;
  /** its environments */
  readonly environments: readonly Environment[];
  /** the latest configuration */
  readonly configVersion: number;
  /** RFC 3339, UTC */
  readonly createdAt: string;
}

/** One of these names. */
export type PlatformState = 'active' | 'suspended' | 'deleting';

/** One of these names. */
export type SiteState = 'absent' | 'creating' | 'ready' | 'blocked' | 'suspended' | 'deleting' | 'deleted' | 'imported';

/** One customer, with its sites. */
export interface Platform {
  /** its id */
  readonly platformId: string;
  /** its name for people */
  readonly name: string;
  /** whether it is deployed, as it was asked for */
  readonly state: PlatformState;
  /** the latest configuration */
  readonly configVersion: number;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** while nothing is deployed */
  readonly suspended?: PlatformSuspension;
  /** while it is being deleted */
  readonly deletion?: PlatformDeletion;
  /** one for each environment, those that go included */
  readonly sites: readonly Site[];
  /** the latest events of its sites, oldest first */
  readonly timeline: readonly TimelineEntry[];
}

/** Why nothing is deployed; what is served stays served. */
export interface PlatformSuspension {
  /** why */
  readonly reason: string;
  /** RFC 3339, UTC */
  readonly since: string;
}

/** The platform is being deleted. */
export interface PlatformDeletion {
  /** the operation that follows it */
  readonly operationId: string;
  /** RFC 3339, UTC */
  readonly since: string;
}

/** One environment of a platform. */
export interface Site {
  /** which one */
  readonly environment: Environment;
  /** its Pages project */
  readonly projectName: string;
  /** the Cloudflare account; absent: not chosen yet */
  readonly account?: string;
  /** whether it can be deployed to */
  readonly state: SiteState;
  /** where it is served */
  readonly url?: string;
  /** why nothing is done just now */
  readonly waiting?: SiteWaiting;
  /** why it rests */
  readonly blocked?: Failure;
  /** what it should serve */
  readonly desiredConfigVersion: number;
  /** it serves what it should */
  readonly upToDate: boolean;
  /** what it was last seen to serve */
  readonly live?: Live;
  /** the deployment under way */
  readonly active?: Deployment;
  /** the last deployment that ended */
  readonly last?: Deployment;
  /** while it is taken down: how far that is */
  readonly removal?: SiteRemoval;
  /** while nothing is built for it */
  readonly paused?: BuildsPause;
  /** while a rollback holds it at a version */
  readonly pin?: SitePin;
  /** while what is served is not what was verified */
  readonly drift?: SiteDrift;
}

/** What a site was last seen to serve. */
export interface Live {
  /** the deployment */
  readonly deploymentId: string;
  /** the configuration */
  readonly configVersion: number;
  /** when its bytes were compared: RFC 3339, UTC */
  readonly at: string;
}

/** One attempt to make one configuration live on a site. */
export interface Deployment {
  /** its id */
  readonly deploymentId: string;
  /** the platform */
  readonly platformId: string;
  /** the environment */
  readonly environment: Environment;
  /** the Pages project */
  readonly projectName: string;
  /** where it is on its way */
  readonly state: DeploymentState;
  /** the configuration */
  readonly configVersion: number;
  /** pinned commit of the shell; empty: its head */
  readonly shellSha: string;
  /** why it was asked for */
  readonly reasons: readonly string[];
  /** the batch that builds it */
  readonly batchId: string;
  /** page of the builder's run */
  readonly runUrl?: string;
  /** id at Cloudflare Pages */
  readonly pagesDeploymentId?: string;
  /** its own address */
  readonly pagesDeploymentUrl?: string;
  /** how the served bytes were checked */
  readonly verified?: Verified;
  /** files whose bytes were compared */
  readonly verifiedFiles?: number;
  /** why it ended badly */
  readonly failure?: Failure;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** RFC 3339, UTC */
  readonly updatedAt: string;
  /** its events, oldest first */
  readonly timeline?: readonly TimelineEntry[];
}

/** One of these names. */
export type DeploymentState = 'absent' | 'planned' | 'dispatching' | 'unknown' | 'dispatched' | 'running' | 'uploaded' | 'verifying' | 'live' | 'superseded' | 'failed' | 'cancelled' | 'lost';

/** One of these names. */
export type Verified = 'bytes' | 'not_reachable';

/** Nothing is built; what is wished is kept. */
export interface BuildsPause {
  /** why */
  readonly reason: string;
  /** RFC 3339, UTC */
  readonly since: string;
}

/** A rollback holds the site at this version. */
export interface SitePin {
  /** the deployment that was live */
  readonly deploymentId: string;
  /** its configuration */
  readonly configVersion: number;
  /** pinned commit of the shell; empty: its head */
  readonly shellSha: string;
  /** why */
  readonly reason: string;
  /** RFC 3339, UTC */
  readonly since: string;
}

/** What is served is not what was verified. */
export interface SiteDrift {
  /** what differs */
  readonly detail: string;
  /** first seen: RFC 3339, UTC */
  readonly since: string;
}

/** What is to be different about a platform. What is as it should be already is not changed; an empty patch changes nothing. */
export interface PlatformPatch {
  /** its name for people, 1 to 120 bytes */
  readonly name?: string;
  /** at least one stays */
  readonly environments?: EnvironmentsPatch;
  /** shown in the timeline, 1 to 500 bytes */
  readonly reason?: string;
}

/** Environments that come and go. */
export interface EnvironmentsPatch {
  /** deployed with the newest configuration; each once */
  readonly add?: readonly Environment[];
  /** taken down with their projects; each once */
  readonly remove?: readonly Environment[];
}

/** What a change of a platform did, or would do. */
export interface PlatformChange {
  /** the platform */
  readonly platformId: string;
  /** false: it is as it should be already */
  readonly changed: boolean;
  /** nothing was stored: this is what would be */
  readonly dryRun: boolean;
  /** its name after the change */
  readonly name: string;
  /** those that it then has */
  readonly environments: readonly Environment[];
  /** what happens to each site concerned */
  readonly sites: readonly SiteChange[];
  /** deletion: this version and all before it are removed, last */
  readonly removedConfigVersion?: number;
  /** follow it with its id */
  readonly operation?: Operation;
}

/** What happens to one site. */
export interface SiteChange {
  /** which one */
  readonly environment: Environment;
  /** what happens to it */
  readonly action: SiteAction;
  /** its Pages project */
  readonly projectName: string;
  /** dry run of a removal: what is done, in this order */
  readonly steps?: readonly PlannedStep[];
  /** dry run of a removal: what is to be known of it */
  readonly note?: string;
}

/** One of these names. */
export type SiteAction = 'add' | 'remove' | 'suspend' | 'resume' | 'pause_builds' | 'resume_builds';

/** A step, and how much it is about. */
export interface PlannedStep {
  /** what is done */
  readonly step: PlanStep;
  /** deployments, domains or projects */
  readonly count: number;
}

/** One of these names. */
export type PlanStep = 'cancel_deployment' | 'remove_domains' | 'remove_deployments' | 'remove_project';

/** Why it is done. */
export interface LifecycleChange {
  /** shown in the timeline, 1 to 500 bytes */
  readonly reason?: string;
}

/** The configuration as TypeScript source. */
export interface BuildConfig {
  /** features.config.ts */
  readonly featuresConfig: string;
  /** env.config.ts */
  readonly envConfig: string;
  /** auth.config.ts */
  readonly authConfig: string;
}

/** The whole configuration: `features`, `env` and `auth`, or the three as TypeScript source. */
export interface ConfigWrite {
  /** features and stacks */
  readonly features?: FeaturesDocument;
  /** plain variables */
  readonly env?: EnvDocument;
  /** sign-in */
  readonly auth?: AuthDocument;
  /** features.config.ts */
  readonly featuresConfig?: string;
  /** env.config.ts */
  readonly envConfig?: string;
  /** auth.config.ts */
  readonly authConfig?: string;
  /** why; shown in the history */
  readonly reason?: string;
}

/** What a change of the configuration did, or would do. */
export interface ConfigChange {
  /** whether the documents differ from before */
  readonly changed: boolean;
  /** nothing was stored: this is what would happen */
  readonly dryRun: boolean;
  /** the newest version after the change */
  readonly version: number;
  /** of that version, for If-Match */
  readonly etag: string;
  /** what differs from the version before */
  readonly changes: readonly Change[];
  /** environments that are built again */
  readonly rebuilds: readonly Environment[];
  /** follow it with its id */
  readonly operation?: Operation;
}

/** One difference between two documents. */
export interface Change {
  /** add, remove or replace */
  readonly op: ChangeKind;
  /** JSON Pointer of the value */
  readonly path: string;
  /** the value that was there; absent for add */
  readonly before?: unknown;
  /** the value that is there; absent for remove */
  readonly after?: unknown;
}

/** One of these names. */
export type ChangeKind = 'add' | 'remove' | 'replace';

/** Versions of a configuration, newest first. */
export interface ConfigVersionList {
  /** a page */
  readonly items: readonly ConfigVersion[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** One version of a configuration; it never changes. */
export interface ConfigVersion {
  /** counts from 1 */
  readonly version: number;
  /** for If-Match */
  readonly etag: string;
  /** structured, or typescript as it was sent */
  readonly source: ConfigSource;
  /** why the TypeScript could not be read */
  readonly opaque?: string;
  /** who wrote it */
  readonly author: string;
  /** why */
  readonly reason: string;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** of one version; absent where opaque */
  readonly documents?: ConfigDocuments;
  /** of one version: what the builder gets */
  readonly rendered?: BuildConfig;
}

/** One of these names. */
export type ConfigSource = 'structured' | 'typescript';

/** What differs between two versions. */
export interface ConfigDiff {
  /** the version that is compared with */
  readonly from: number;
  /** the version that is compared */
  readonly to: number;
  /** empty where they are equal */
  readonly changes: readonly Change[];
}

/** An earlier version becomes the newest. */
export interface ConfigRestore {
  /** why; shown in the history */
  readonly reason?: string;
}

/** A feature to switch on. */
export interface FeatureActivate {
  /** the feature; a new one is added */
  readonly featureId: string;
  /** its settings; without it: as they are */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** why; shown in the history */
  readonly reason?: string;
}

/** A feature to switch off. */
export interface FeatureDeactivate {
  /** the feature */
  readonly featureId: string;
  /** why; shown in the history */
  readonly reason?: string;
}

/** A stack to switch on. */
export interface StackProvision {
  /** the stack; a new one is added */
  readonly stackId: string;
  /** its settings; without it: as they are */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** why; shown in the history */
  readonly reason?: string;
}

/** A stack to switch off. */
export interface StackDeactivate {
  /** the stack */
  readonly stackId: string;
  /** why; shown in the history */
  readonly reason?: string;
}

/** Deployments of a site, newest first. */
export interface DeploymentList {
  /** a page */
  readonly items: readonly Deployment[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** A deployment to start by hand. */
export interface DeploymentRequest {
  /** shown in the timeline */
  readonly reason?: string;
}

/** A run asks for its batch, or for a shard of it, in one of four ways: by dispatch key; by platform and environment when a person started it; by account for the next one that waits for a runner; by its id for a further shard. */
export interface Claim {
  /** the run's input of that name */
  readonly dispatchKey?: DispatchKey;
  /** by hand: with `env` */
  readonly platformId?: PlatformId;
  /** by hand, and to choose among the batches of an account */
  readonly env?: Environment;
  /** the next batch of this account */
  readonly account?: string;
  /** a batch that this run holds already */
  readonly batchId?: string;
  /** which of its jobs, from 0; default 0 */
  readonly shard?: number;
  /** GITHUB_RUN_ID */
  readonly runId: RunId;
  /** GITHUB_RUN_ATTEMPT */
  readonly runAttempt: number;
}

/** A text: a ULID: 26 characters of 0-9, A-Z without I, L, O, U. */
export type DispatchKey = string;

/** A text: 1 to 20 decimal digits. */
export type RunId = string;

/** The batch that the run now holds. */
export interface ClaimedBatch {
  /** the batch */
  readonly batchId: string;
  /** the Cloudflare account of all its sites */
  readonly account: string;
  /** the environment of all its sites */
  readonly environment: Environment;
  /** which of its jobs */
  readonly shard: number;
  /** how many jobs it has */
  readonly shards: number;
  /** what this job builds; may be none */
  readonly deployments: readonly ClaimedDeployment[];
  /** reads these configurations and reports this batch */
  readonly token?: string;
}

/** One site to build and upload. */
export interface ClaimedDeployment {
  /** the deployment */
  readonly deploymentId: string;
  /** the platform */
  readonly platformId: string;
  /** the environment */
  readonly environment: Environment;
  /** the Pages project */
  readonly projectName: string;
  /** its production branch */
  readonly branch: string;
  /** the version to fetch */
  readonly configVersion: number;
  /** commit of the starter; empty: its head */
  readonly shellSha: string;
}

/** A run asks whether it may upload a deployment now. */
export interface TurnRequest {
  /** the run that claimed the batch */
  readonly runId: RunId;
  /** the deployment */
  readonly deploymentId: string;
}

/** `granted`: upload it now; `wait`: ask again after `waitMs`; `dropped`: it is not wanted any more, leave it out and report nothing. */
export interface Turn {
  /** what to do */
  readonly turn: TurnAnswer;
  /** wait: 250 to 60000 milliseconds */
  readonly waitMs?: number;
  /** wait: `budget` */
  readonly reason?: string;
}

/** One of these names. */
export type TurnAnswer = 'granted' | 'wait' | 'dropped';

/** Results of a batch, at most 50 a call. */
export interface Report {
  /** the run that claimed the batch */
  readonly runId: RunId;
  /** 1 to 50 */
  readonly results: readonly ReportResult[];
}

/** What became of one deployment of the batch. */
export interface ReportResult {
  /** the deployment */
  readonly deploymentId: string;
  /** how far it came */
  readonly outcome: ReportOutcome;
  /** ETag of the configuration that was built */
  readonly configEtag?: string;
  /** required when uploaded */
  readonly pagesDeploymentId?: string;
  /** the deployment's own address */
  readonly url?: string;
  /** SHA-256 of slipway.json */
  readonly manifestDigest?: Sha256Hex;
  /** required when failed */
  readonly reason?: ReportReason;
  /** last lines, without secrets */
  readonly logTail?: string;
}

/** One of these names. */
export type ReportOutcome = 'building' | 'uploaded' | 'failed';

/** A text: 64 lower-case hex digits. */
export type Sha256Hex = string;

/** One of these names. */
export type ReportReason = 'config_unavailable' | 'install_failed' | 'build_failed' | 'deploy_failed' | 'cancelled' | 'out_of_time';

/** How much of a report was news. */
export interface ReportAnswer {
  /** results that changed something */
  readonly accepted: number;
}

/** An API token to create. */
export interface TokenCreate {
  /** its name for people, 1 to 120 bytes */
  readonly name: string;
  /** what it may do: each once, at least one */
  readonly scopes: readonly TokenScope[];
  /** where: 1 to 100 platform ids, each once, or `*` alone for all */
  readonly platforms: readonly string[];
  /** 1 to 3650; without it: for ever */
  readonly expiresInDays?: number;
}

/** One of these names. */
export type TokenScope = 'platforms:read' | 'platforms:write' | 'deploy' | 'config:read' | 'publishing' | 'admin';

/** An API token, without what it is. */
export interface Token {
  /** its id */
  readonly tokenId: string;
  /** its name for people */
  readonly name: string;
  /** what it may do */
  readonly scopes: readonly TokenScope[];
  /** where: platform ids, or `*` alone */
  readonly platforms: readonly string[];
  /** the last 8 hex digits of its SHA-256 */
  readonly digestEnd: string;
  /** who asked for it */
  readonly createdBy: string;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** RFC 3339, UTC; absent: never */
  readonly expiresAt?: string;
  /** RFC 3339, UTC; absent: not revoked */
  readonly revokedAt?: string;
  /** the token itself: only in the reply that creates it */
  readonly token?: string;
}

/** API tokens, oldest first. */
export interface TokenList {
  /** a page */
  readonly items: readonly Token[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** The audit trail. */
export interface AuditList {
  /** a page */
  readonly items: readonly AuditEntry[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** Something that became true, and who caused it. */
export interface AuditEntry {
  /** grows with every entry; gaps mean nothing */
  readonly id: number;
  /** RFC 3339, UTC */
  readonly at: string;
  /** `admin`, `internal`, a token's or a batch's id, or `system` */
  readonly author: string;
  /** the same for all that one run made true */
  readonly causeId: string;
  /** what it is about, such as `site:acme/dev` */
  readonly aggregate: string;
  /** number of the event on its aggregate */
  readonly seq: number;
  /** the event */
  readonly type: string;
  /** config_stored: digest of the version before */
  readonly before?: string;
  /** config_stored: digest of what was written */
  readonly after?: string;
}

/** One of these names. */
export type AuditOrder = 'newest' | 'oldest';

/** All accounts, by name: at most 50. */
export interface AccountList {
  /** all of them */
  readonly items: readonly Account[];
}

/** A Cloudflare account that holds sites. */
export interface Account {
  /** its name here */
  readonly name: string;
  /** its id at Cloudflare */
  readonly cloudflareId: string;
  /** whether it takes sites */
  readonly state: AccountState;
  /** why it takes none */
  readonly reason?: Failure;
  /** its token is set on this instance */
  readonly credential: boolean;
  /** Pages projects that fit */
  readonly capacity: number;
  /** places taken: projects made or to be made */
  readonly sites: number;
  /** projects it makes a day, now */
  readonly dailyCreations: number;
  /** when a new site's project could be made: RFC 3339, UTC; absent: it takes none */
  readonly nextCreationAt?: string;
  /** RFC 3339, UTC */
  readonly registeredAt: string;
  /** the user whose call budget it spends */
  readonly rateOwner: string;
}

/** One of these names. */
export type AccountState = 'absent' | 'open' | 'full' | 'closed' | 'removed';

/** A Cloudflare account to register, or what is to change of it. What is left out stays; of a new account it is the default. */
export interface AccountPut {
  /** its id at Cloudflare */
  readonly cloudflareId: CloudflareId;
  /** Pages projects that fit, 1 to 10000; default 100 */
  readonly capacity?: number;
  /** projects it makes a day, 1 to 10000; default 100, and 40 on the first two days */
  readonly dailyCreations?: number;
  /** whether sites may be placed in it */
  readonly state?: AccountWish;
  /** the user whose 1200 calls in 5 minutes it spends, a name like an account's; accounts of one name share them; default `shared` */
  readonly rateOwner?: string;
}

/** A text: 32 lower-case hex digits. */
export type CloudflareId = string;

/** One of these names. */
export type AccountWish = 'open' | 'closed';

/** An existing Pages project to take over. */
export interface Adopt {
  /** the project's name, as a confirmation */
  readonly confirm: string;
}

/** How the instance is doing, in figures. */
export interface Status {
  /** RFC 3339, UTC */
  readonly at: string;
  /** as /readyz has them */
  readonly checks: readonly Check[];
  /** RFC 3339, UTC; absent: never */
  readonly lastCronAt?: string;
  /** effects that are due, now or later */
  readonly promised: Count;
  /** effects that are due and not done */
  readonly overdue: Count;
  /** since when the first of them is */
  readonly oldestOverdueAt?: string;
  /** work that failed again and again */
  readonly deadLetters: Count;
  /** from the first event kept to the last */
  readonly journalEntriesAtMost: number;
  /** of what is stored */
  readonly versions: Versions;
}

/** A number of things, counted up to 1000. */
export interface Count {
  /** at least this many */
  readonly count: number;
  /** there are more */
  readonly more: boolean;
}

/** Versions of what is stored. */
export interface Versions {
  /** the last migration applied */
  readonly storageLevel: number;
  /** the last one known */
  readonly storageLevelExpected: number;
  /** that events are written in */
  readonly journalFormat: number;
}

/** A page of batches, newest first. */
export interface BatchList {
  /** the page */
  readonly items: readonly Batch[];
  /** absent: there is no further page */
  readonly nextCursor?: string;
}

/** Deployments that share one run of the builder. */
export interface Batch {
  /** its id */
  readonly batchId: string;
  /** where it is on its way */
  readonly state: BatchState;
  /** the Cloudflare account of all its sites */
  readonly account: string;
  /** the environment of all its sites */
  readonly environment: Environment;
  /** who started the run */
  readonly origin: Origin;
  /** somebody waits for it */
  readonly interactive: boolean;
  /** commit of the shell; empty: its head */
  readonly shellSha: string;
  /** jobs of its run */
  readonly shards: number;
  /** how many it began with */
  readonly deployments: number;
  /** how many the builder has still to upload */
  readonly left: number;
  /** page of the run */
  readonly runUrl?: string;
  /** the run's conclusion, where GitHub has told it */
  readonly runEnded?: string;
  /** why it ended badly */
  readonly failure?: Failure;
  /** planned at, RFC 3339, UTC */
  readonly createdAt: string;
}

/** One of these names. */
export type BatchState = 'absent' | 'planned' | 'dispatching' | 'unknown' | 'dispatched' | 'claimed' | 'closed';

/** One of these names. */
export type Origin = 'dispatched' | 'manual';

/** All budgets that were ever spent from. */
export interface BudgetList {
  /** all of them */
  readonly items: readonly Budget[];
}

/** What may be asked of an upstream, and what is left of it. */
export interface Budget {
  /** `cloudflare:<rateOwner>`, `github` or `github:dispatch` */
  readonly ledger: string;
  /** most units that are spent in a window */
  readonly units: number;
  /** its length */
  readonly windowSeconds: number;
  /** units that may be spent at once now */
  readonly available: number;
  /** of these, kept for requests somebody waits for */
  readonly reserve: number;
  /** RFC 3339, UTC */
  readonly lastSpentAt: string;
  /** the upstream said that its limit is reached: nothing is sent before */
  readonly stoppedUntil?: string;
}

/** Dead letters. */
export interface DeadLetterList {
  /** a page */
  readonly items: readonly DeadLetter[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** Work that failed again and again. */
export interface DeadLetter {
  /** its id */
  readonly deadLetterId: string;
  /** what was to be looked at: `site:acme/dev` */
  readonly effect: string;
  /** since when: RFC 3339, UTC */
  readonly dueAt: string;
  /** messages given up, each after six tries */
  readonly givenUp: number;
  /** the first one: RFC 3339, UTC */
  readonly firstAt: string;
  /** the last one: RFC 3339, UTC */
  readonly lastAt: string;
  /** why the last try failed */
  readonly error: string;
}

/** What is tried again. */
export interface Retried {
  /** dead letters that are tried again now */
  readonly retried: number;
  /** there are more: ask again */
  readonly more: boolean;
}

/** What is missing, and how to mend it. */
export interface Doctor {
  /** everything that was looked at */
  readonly checks: readonly DoctorCheck[];
}

/** One thing that was looked at. */
export interface DoctorCheck {
  /** storage, cron, outbox, dead_letters, cloudflare_token:<account>, github_token, builder_workflow, sealing, publishing, github_connection */
  readonly name: string;
  /** unknown: it could not be found out */
  readonly state: DoctorState;
  /** what was found */
  readonly detail: string;
  /** the step that mends it */
  readonly next?: string;
}

/** One of these names. */
export type DoctorState = 'ok' | 'warning' | 'failed' | 'unknown';

/** How far a walk over all that is stored has come. */
export interface Walk {
  /** whether it is under way */
  readonly state: WalkState;
  /** sites, or configuration versions, so far */
  readonly lookedAt: number;
  /** where there was something to do */
  readonly changed: number;
  /** where something is wrong that it does not mend */
  readonly faulty: number;
  /** what was wrong last, or why it stopped */
  readonly detail?: string;
  /** everything up to here is done */
  readonly cursor?: string;
  /** RFC 3339, UTC */
  readonly startedAt?: string;
  /** RFC 3339, UTC */
  readonly updatedAt?: string;
}

/** One of these names. */
export type WalkState = 'never' | 'running' | 'finished' | 'stopped';

/** Where documents are written, and their migration. */
export interface ConfigStore {
  /** where new documents are written */
  readonly store: string;
  /** where the last migration copies to */
  readonly to?: string;
  /** how far it is */
  readonly migration: Walk;
}

/** Where all documents are to be. */
export interface ConfigStoreMigrate {
  /** the store that the instance is configured to write to */
  readonly to: ConfigStoreName;
}

/** One of these names. */
export type ConfigStoreName = 'd1' | 'r2';

/** Repositories to import: either named, or all of an organisation. */
export interface Import {
  /** the organisation; without it: the instance's */
  readonly owner?: string;
  /** names without the owner, 1 to 1000 */
  readonly repositories?: readonly string[];
  /** true: the organisation's list is read */
  readonly all?: boolean;
  /** with `all`: how names begin */
  readonly prefix?: string;
  /** how names end after the platform id; without it: -platform-console */
  readonly suffix?: string;
  /** of every platform; without it: those with an old project */
  readonly environments?: readonly Environment[];
  /** true: everything is read and reported, no platform is stored */
  readonly dryRun?: boolean;
}

/** An import and its lines. */
export interface ImportReport {
  /** its id */
  readonly importId: string;
  /** how far it is */
  readonly state: ImportState;
  /** no platform is stored */
  readonly dryRun: boolean;
  /** repositories that are known and not yet read */
  readonly waiting: number;
  /** repositories that have their line */
  readonly read: number;
  /** those that became a platform */
  readonly imported: number;
  /** those whose platform was there */
  readonly existing: number;
  /** those that could not be imported */
  readonly refused: number;
  /** why it stopped */
  readonly failure?: Failure;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** RFC 3339, UTC */
  readonly updatedAt: string;
  /** a page of lines */
  readonly items: readonly ImportItem[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** One of these names. */
export type ImportState = 'absent' | 'running' | 'done' | 'stopped';

/** What became of one repository. */
export interface ImportItem {
  /** `owner/name` */
  readonly repository: string;
  /** the platform, where the name gives one */
  readonly platformId?: string;
  /** what became of it */
  readonly outcome: ImportOutcome;
  /** its sites */
  readonly environments: readonly Environment[];
  /** structured, or opaque: kept as TypeScript */
  readonly config?: string;
  /** what was not readable, each with the next step */
  readonly notes: readonly Failure[];
}

/** One of these names. */
export type ImportOutcome = 'imported' | 'existing' | 'refused';

/** How far the migration of a site is. */
export interface Migration {
  /** the platform */
  readonly platformId: string;
  /** which site */
  readonly environment: Environment;
  /** where it is on its way */
  readonly state: MigrationState;
  /** `owner/name` that it was imported from */
  readonly repository: string;
  /** the Cloudflare account of the old project */
  readonly account: string;
  /** how it is done, once that is known */
  readonly mode?: MigrationMode;
  /** as it was found */
  readonly oldProject?: OldProject;
  /** what Slipway deploys to */
  readonly project?: string;
  /** where that is served */
  readonly url?: string;
  /** custom domains */
  readonly domains: readonly MigrationDomain[];
  /** why it rests, or what a person should know */
  readonly failure?: Failure;
  /** with dryRun: what would be done, in order */
  readonly plan?: readonly string[];
  /** RFC 3339, UTC */
  readonly updatedAt: string;
}

/** One of these names. */
export type MigrationState = 'absent' | 'imported' | 'inspecting' | 'switching' | 'deploying' | 'moving' | 'closing' | 'migrated' | 'removing' | 'confirmed' | 'returning';

/** One of these names. */
export type MigrationMode = 'auto' | 'in_place' | 'new_project';

/** The git-connected project as it was found. */
export interface OldProject {
  /** the Pages project */
  readonly name: string;
  /** its host name */
  readonly subdomain: string;
  /** its production branch */
  readonly branch: string;
  /** github or gitlab */
  readonly sourceType: string;
  /** what it served */
  readonly deploymentId?: string;
  /** it built pushes */
  readonly deploymentsEnabled: boolean;
  /** it built its production branch */
  readonly productionDeploymentsEnabled: boolean;
  /** which other branches it built */
  readonly previewDeploymentSetting: string;
}

/** A custom domain of the site. */
export interface MigrationDomain {
  /** the host name */
  readonly name: string;
  /** which project has it; kept: the old one, until a person has acted */
  readonly place: DomainPlace;
  /** Cloudflare's word, when it was last seen */
  readonly status: string;
  /** why it did not move, and the next step */
  readonly failure?: Failure;
}

/** One of these names. */
export type DomainPlace = 'old' | 'moving' | 'new' | 'putting_back' | 'kept';

/** How a site is taken over. */
export interface Migrate {
  /** without it: auto, in place where that works, else a new project */
  readonly mode?: MigrationMode;
  /** the git-connected project, where it has not the template's name */
  readonly oldProject?: string;
}

/** That a migration is undone. */
export interface MigrationRollBack {
  /** shown in the audit trail, 1 to 500 bytes */
  readonly reason?: string;
}

/** That a migration stays. */
export interface MigrationConfirm {
  /** true: the old project is not deleted */
  readonly keepOld?: boolean;
}

/** The whole fleet. */
export interface Fleet {
  /** while no deployment begins anywhere */
  readonly frozen?: FleetFrozen;
}

/** Why no deployment begins. */
export interface FleetFrozen {
  /** why */
  readonly reason: string;
  /** who froze it */
  readonly by: string;
  /** RFC 3339, UTC */
  readonly since: string;
}

/** Why no deployment may begin. */
export interface FleetFreeze {
  /** shown to everyone, 1 to 500 bytes */
  readonly reason: string;
}

/** Which deployment a site goes back to. */
export interface Rollback {
  /** one that was live; absent: the one before the present */
  readonly deploymentId?: string;
  /** shown with the pin, 1 to 500 bytes */
  readonly reason?: string;
}

/** Whether a site serves what was verified. */
export interface SiteCheck {
  /** only `matches` and `drifted` are findings */
  readonly result: CheckResult;
  /** what it should serve */
  readonly deploymentId: string;
  /** what was seen instead, in words */
  readonly detail?: string;
  /** files whose bytes were compared */
  readonly files: number;
}

/** One of these names. */
export type CheckResult = 'matches' | 'drifted' | 'unreachable' | 'unclear';

/** Orgs by slug. */
export interface OrgList {
  /** a page */
  readonly items: readonly Org[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}

/** An org. */
export interface Org {
  /** its name in addresses; it never changes */
  readonly slug: string;
  /** its id in its application */
  readonly orgId: string;
  /** its name for people */
  readonly name: string;
  /** who may see it, and who may publish */
  readonly members: readonly OrgMember[];
  /** how far its own project is */
  readonly state: OrgState;
  /** its Pages project */
  readonly projectName?: string;
  /** its address */
  readonly projectUrl?: string;
  /** RFC 3339, UTC */
  readonly createdAt: string;
}

/** A member of an org. */
export interface OrgMember {
  /** the subject of their token; with Access their e-mail */
  readonly userId: UserId;
  /** admin publishes, member looks */
  readonly role: OrgRole;
}

/** A text: 1 to 128 printable ASCII characters without spaces. */
export type UserId = string;

/** One of these names. */
export type OrgRole = 'admin' | 'member';

/** One of these names. */
export type OrgState = 'absent' | 'unset' | 'creating' | 'connecting' | 'ready' | 'blocked' | 'deleted';

/** An org as its application knows it. */
export interface OrgPut {
  /** its id in its application */
  readonly orgId: OrgId;
  /** its name for people, 1 to 120 bytes */
  readonly name: string;
  /** all of them, at most 500, each once; absent: as they are */
  readonly members?: readonly OrgMember[];
}

/** A text: 1 to 64 letters, digits, dots, dashes and underscores. */
export type OrgId = string;

/** What a person is in an org. */
export interface OrgRolePut {
  /** admin publishes, member looks */
  readonly role: OrgRole;
}

/** How an org is published, and how it stands. */
export interface Publishing {
  /** its id in its application */
  readonly orgId: string;
  /** its name in addresses */
  readonly slug: string;
  /** its name for people */
  readonly name: string;
  /** what the caller is to it */
  readonly role: PublishingRole;
  /** this instance can make its project */
  readonly canProvision: boolean;
  /** why not; to operators only */
  readonly missing?: string;
  /** how far its own project is */
  readonly state: OrgState;
  /** the way to the first live site */
  readonly steps: readonly PublishingStep[];
  /** its Pages project */
  readonly projectName?: string;
  /** its address */
  readonly projectUrl?: string;
  /** the project in the dashboard */
  readonly dashboardUrl?: string;
  /** the deploy hook that counts */
  readonly hook?: DeployHook;
  /** hooks that may exist at Pages without a use */
  readonly orphanedHooks: number;
  /** their names in the dashboard, at most 20 */
  readonly orphanedHookNames: readonly string[];
  /** why it rests */
  readonly failure?: Failure;
  /** why nothing is done just now */
  readonly waiting?: SiteWaiting;
  /** the one under way, else the last */
  readonly publication?: Publication;
  /** counts what became true */
  readonly seq: number;
}

/** One of these names. */
export type PublishingRole = 'admin' | 'member' | 'operator';

/** A step on the way to the first live site. */
export interface PublishingStep {
  /** which one */
  readonly name: PublishingStepName;
  /** how far it is */
  readonly state: PublishingStepState;
}

/** One of these names. */
export type PublishingStepName = 'project' | 'hook' | 'build' | 'served';

/** One of these names. */
export type PublishingStepState = 'pending' | 'active' | 'done' | 'failed';

/** The deploy hook that counts, without what it is. */
export interface DeployHook {
  /** auto: Slipway made it; manual: a person pasted it */
  readonly source: HookSource;
  /** its address without most of its id; to admins only */
  readonly masked?: string;
  /** RFC 3339, UTC */
  readonly setAt: string;
  /** who asked for it or pasted it */
  readonly setBy: string;
  /** the Pages project that it builds */
  readonly projectName?: string;
}

/** One of these names. */
export type HookSource = 'auto' | 'manual';

/** One build of an org's site at Pages. */
export interface Publication {
  /** its id */
  readonly publicationId: string;
  /** the org's id in its application */
  readonly orgId: string;
  /** the org */
  readonly slug: string;
  /** where it is on its way */
  readonly state: PublicationState;
  /** the same in words for people */
  readonly label: string;
  /** its build can be seen from here */
  readonly followed: boolean;
  /** who asked for it */
  readonly by: string;
  /** how it is started */
  readonly via: PublishedVia;
  /** when they were last seen */
  readonly stages: readonly BuildStage[];
  /** id at Cloudflare Pages */
  readonly pagesDeploymentId?: string;
  /** its own address */
  readonly pagesDeploymentUrl?: string;
  /** how the served site was checked */
  readonly verified?: PageVerified;
  /** what more is to be said */
  readonly detail?: string;
  /** why it ended badly */
  readonly failure?: Failure;
  /** one more follows it */
  readonly again: boolean;
  /** RFC 3339, UTC */
  readonly createdAt: string;
  /** RFC 3339, UTC */
  readonly updatedAt: string;
}

/** One of these names. */
export type PublicationState = 'absent' | 'planned' | 'starting' | 'unknown' | 'building' | 'verifying' | 'live' | 'failed' | 'cancelled' | 'superseded' | 'triggered';

/** One of these names. */
export type PublishedVia = 'api' | 'hook';

/** A stage of a build at Pages. */
export interface BuildStage {
  /** queued, initialize, clone_repo, build or deploy */
  readonly name: string;
  /** idle, active, success, failure, canceled or skipped */
  readonly status: string;
}

/** One of these names. */
export type PageVerified = 'bytes' | 'served' | 'not_reachable';

/** What auto-provisioning has made. */
export interface Provisioned {
  /** the Pages project */
  readonly projectName: string;
  /** its address */
  readonly projectUrl?: string;
  /** the deploy hook: only in the reply that makes or shows it */
  readonly deployHookUrl?: string;
  /** how it stands */
  readonly publishing: Publishing;
}

/** A deploy hook to publish with. */
export interface ManualHookPut {
  /** https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/ and its id */
  readonly deployHookUrl: string;
  /** the Pages project that it builds, so that builds can be followed */
  readonly projectName?: string;
}

/** The deploy hook that counts. */
export interface RevealedHook {
  /** auto: Slipway made it; manual: a person pasted it */
  readonly source: HookSource;
  /** its address; a secret */
  readonly deployHookUrl?: string;
}

/** Publications of an org, newest first. */
export interface PublicationList {
  /** a page */
  readonly items: readonly Publication[];
  /** `cursor` of the next page, if any */
  readonly nextCursor?: string;
}
