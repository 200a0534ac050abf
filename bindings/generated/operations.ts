// Generated from src/app/operations.cpp and src/app/storage_names.hpp by bindings/types; do not edit.

/** What a caller must be allowed to do. */
export type Scope = 'open' | 'platforms:read' | 'platforms:write' | 'deploy' | 'config:read' | 'builder' | 'report' | 'admin' | 'webhook' | 'publishing' | 'org:member' | 'org:admin';

/** One operation of the public API: what the shim needs to route it. */
export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parameters stand in braces: `/api/v1/platforms/{platformId}`. */
  readonly path: string;
  readonly scope: Scope;
  /** Largest request body in bytes; 0 where the operation takes none. */
  readonly body_bytes_max: number;
  /** How the fresh secret begins that the reply hands out; absent where it hands out none. */
  readonly secret_prefix?: string;
}

/** The operation list, in its order. */
export const operations: readonly Operation[] = [
  { name: 'healthz', method: 'GET', path: '/healthz', scope: 'open', body_bytes_max: 0 },
  { name: 'readyz', method: 'GET', path: '/readyz', scope: 'open', body_bytes_max: 0 },
  { name: 'platform_create', method: 'POST', path: '/api/v1/platforms', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'platform_list', method: 'GET', path: '/api/v1/platforms', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'platform_read', method: 'GET', path: '/api/v1/platforms/{platformId}', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'platform_patch', method: 'PATCH', path: '/api/v1/platforms/{platformId}', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'platform_suspend', method: 'POST', path: '/api/v1/platforms/{platformId}/suspend', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'platform_resume', method: 'POST', path: '/api/v1/platforms/{platformId}/resume', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'platform_delete', method: 'DELETE', path: '/api/v1/platforms/{platformId}', scope: 'platforms:write', body_bytes_max: 0 },
  { name: 'config_read', method: 'GET', path: '/api/v1/platforms/{platformId}/config', scope: 'config:read', body_bytes_max: 0 },
  { name: 'config_read_cli', method: 'GET', path: '/api/v1/cli/platforms/{platformId}/config', scope: 'config:read', body_bytes_max: 0 },
  { name: 'config_write', method: 'PUT', path: '/api/v1/platforms/{platformId}/config', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'config_version_list', method: 'GET', path: '/api/v1/platforms/{platformId}/config/versions', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'config_version_read', method: 'GET', path: '/api/v1/platforms/{platformId}/config/versions/{version}', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'config_version_diff', method: 'GET', path: '/api/v1/platforms/{platformId}/config/versions/{version}/diff', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'config_restore', method: 'POST', path: '/api/v1/platforms/{platformId}/config/versions/{version}/restore', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'feature_activate', method: 'POST', path: '/api/v1/platforms/{platformId}/features/activate', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'feature_deactivate', method: 'POST', path: '/api/v1/platforms/{platformId}/features/deactivate', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'stack_provision', method: 'POST', path: '/api/v1/platforms/{platformId}/stacks/provision', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'stack_deactivate', method: 'POST', path: '/api/v1/platforms/{platformId}/stacks/deactivate', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'site_deployments', method: 'GET', path: '/api/v1/platforms/{platformId}/environments/{environment}/deployments', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'deployment_request', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/deployments', scope: 'deploy', body_bytes_max: 1048576 },
  { name: 'deployment_read', method: 'GET', path: '/api/v1/deployments/{deploymentId}', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'operation_read', method: 'GET', path: '/api/v1/operations/{operationId}', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'batch_claim', method: 'POST', path: '/api/v1/claims', scope: 'builder', body_bytes_max: 1048576, secret_prefix: 'slb_' },
  { name: 'batch_turn', method: 'POST', path: '/api/v1/batches/{batchId}/turns', scope: 'report', body_bytes_max: 1048576 },
  { name: 'batch_report', method: 'POST', path: '/api/v1/batches/{batchId}/reports', scope: 'report', body_bytes_max: 1048576 },
  { name: 'github_webhook', method: 'POST', path: '/webhooks/github', scope: 'webhook', body_bytes_max: 1048576 },
  { name: 'token_create', method: 'POST', path: '/api/v1/tokens', scope: 'admin', body_bytes_max: 1048576, secret_prefix: 'slp_' },
  { name: 'token_list', method: 'GET', path: '/api/v1/tokens', scope: 'admin', body_bytes_max: 0 },
  { name: 'token_revoke', method: 'DELETE', path: '/api/v1/tokens/{tokenId}', scope: 'admin', body_bytes_max: 0 },
  { name: 'audit_list', method: 'GET', path: '/api/v1/audit', scope: 'admin', body_bytes_max: 0 },
  { name: 'account_list', method: 'GET', path: '/api/v1/accounts', scope: 'admin', body_bytes_max: 0 },
  { name: 'account_put', method: 'PUT', path: '/api/v1/accounts/{name}', scope: 'admin', body_bytes_max: 1048576 },
  { name: 'account_remove', method: 'DELETE', path: '/api/v1/accounts/{name}', scope: 'admin', body_bytes_max: 0 },
  { name: 'adopt', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/adopt', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'status_read', method: 'GET', path: '/api/v1/status', scope: 'admin', body_bytes_max: 0 },
  { name: 'batch_list', method: 'GET', path: '/api/v1/batches', scope: 'admin', body_bytes_max: 0 },
  { name: 'batch_read', method: 'GET', path: '/api/v1/batches/{batchId}', scope: 'admin', body_bytes_max: 0 },
  { name: 'budget_list', method: 'GET', path: '/api/v1/budgets', scope: 'admin', body_bytes_max: 0 },
  { name: 'dead_letter_list', method: 'GET', path: '/api/v1/dead-letters', scope: 'admin', body_bytes_max: 0 },
  { name: 'dead_letter_retry_all', method: 'POST', path: '/api/v1/dead-letters/retry', scope: 'admin', body_bytes_max: 0 },
  { name: 'dead_letter_retry', method: 'POST', path: '/api/v1/dead-letters/{deadLetterId}/retry', scope: 'admin', body_bytes_max: 0 },
  { name: 'dead_letter_dismiss', method: 'DELETE', path: '/api/v1/dead-letters/{deadLetterId}', scope: 'admin', body_bytes_max: 0 },
  { name: 'doctor', method: 'GET', path: '/api/v1/doctor', scope: 'admin', body_bytes_max: 0 },
  { name: 'reconcile_read', method: 'GET', path: '/api/v1/reconcile', scope: 'admin', body_bytes_max: 0 },
  { name: 'reconcile_start', method: 'POST', path: '/api/v1/reconcile', scope: 'admin', body_bytes_max: 0 },
  { name: 'config_store_read', method: 'GET', path: '/api/v1/config-store', scope: 'admin', body_bytes_max: 0 },
  { name: 'config_store_migrate', method: 'POST', path: '/api/v1/config-store/migrate', scope: 'admin', body_bytes_max: 1048576 },
  { name: 'import_start', method: 'POST', path: '/api/v1/platforms/import', scope: 'admin', body_bytes_max: 1048576 },
  { name: 'import_read', method: 'GET', path: '/api/v1/imports/{importId}', scope: 'admin', body_bytes_max: 0 },
  { name: 'migration_read', method: 'GET', path: '/api/v1/platforms/{platformId}/environments/{environment}/migration', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'migration_start', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/migrate', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'migration_roll_back', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/migrate/rollback', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'migration_confirm', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/migrate/confirm', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'builds_pause', method: 'POST', path: '/api/v1/platforms/{platformId}/builds/pause', scope: 'deploy', body_bytes_max: 1048576 },
  { name: 'builds_resume', method: 'POST', path: '/api/v1/platforms/{platformId}/builds/resume', scope: 'deploy', body_bytes_max: 1048576 },
  { name: 'fleet_read', method: 'GET', path: '/api/v1/fleet', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'fleet_freeze', method: 'POST', path: '/api/v1/fleet/freeze', scope: 'admin', body_bytes_max: 1048576 },
  { name: 'fleet_unfreeze', method: 'POST', path: '/api/v1/fleet/unfreeze', scope: 'admin', body_bytes_max: 0 },
  { name: 'deployment_cancel', method: 'POST', path: '/api/v1/deployments/{deploymentId}/cancel', scope: 'deploy', body_bytes_max: 1048576 },
  { name: 'deployment_retry', method: 'POST', path: '/api/v1/deployments/{deploymentId}/retry', scope: 'deploy', body_bytes_max: 0 },
  { name: 'site_rollback', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/rollback', scope: 'deploy', body_bytes_max: 1048576 },
  { name: 'site_check', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/check', scope: 'deploy', body_bytes_max: 0 },
  { name: 'org_list', method: 'GET', path: '/api/v1/orgs', scope: 'publishing', body_bytes_max: 0 },
  { name: 'org_put', method: 'PUT', path: '/api/v1/orgs/{slug}', scope: 'publishing', body_bytes_max: 1048576 },
  { name: 'org_read', method: 'GET', path: '/api/v1/orgs/{slug}', scope: 'publishing', body_bytes_max: 0 },
  { name: 'org_delete', method: 'DELETE', path: '/api/v1/orgs/{slug}', scope: 'publishing', body_bytes_max: 0 },
  { name: 'org_member_put', method: 'PUT', path: '/api/v1/orgs/{slug}/members/{userId}', scope: 'publishing', body_bytes_max: 1048576 },
  { name: 'org_member_remove', method: 'DELETE', path: '/api/v1/orgs/{slug}/members/{userId}', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publishing_read', method: 'GET', path: '/me/orgs/{orgId}/publishing', scope: 'org:member', body_bytes_max: 0 },
  { name: 'publishing_read', method: 'GET', path: '/api/v1/orgs/{slug}/publishing', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publishing_provision', method: 'POST', path: '/me/orgs/{orgId}/publishing/auto-provision', scope: 'org:admin', body_bytes_max: 0 },
  { name: 'publishing_provision', method: 'POST', path: '/api/v1/orgs/{slug}/publishing/auto-provision', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_manual_hook_put', method: 'PUT', path: '/me/orgs/{orgId}/publishing', scope: 'org:admin', body_bytes_max: 1048576 },
  { name: 'manual_hook_put', method: 'PUT', path: '/api/v1/orgs/{slug}/publishing', scope: 'publishing', body_bytes_max: 1048576 },
  { name: 'my_manual_hook_remove', method: 'DELETE', path: '/me/orgs/{orgId}/publishing', scope: 'org:admin', body_bytes_max: 0 },
  { name: 'manual_hook_remove', method: 'DELETE', path: '/api/v1/orgs/{slug}/publishing', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publish', method: 'POST', path: '/me/orgs/{orgId}/publishing/publish', scope: 'org:admin', body_bytes_max: 0 },
  { name: 'publish', method: 'POST', path: '/api/v1/orgs/{slug}/publishing/publish', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publishing_reveal', method: 'POST', path: '/me/orgs/{orgId}/publishing/reveal', scope: 'org:admin', body_bytes_max: 0 },
  { name: 'publishing_reveal', method: 'POST', path: '/api/v1/orgs/{slug}/publishing/reveal', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publishing_rotate', method: 'POST', path: '/me/orgs/{orgId}/publishing/rotate', scope: 'org:admin', body_bytes_max: 0 },
  { name: 'publishing_rotate', method: 'POST', path: '/api/v1/orgs/{slug}/publishing/rotate', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publication_list', method: 'GET', path: '/me/orgs/{orgId}/publishing/publications', scope: 'org:member', body_bytes_max: 0 },
  { name: 'publication_list', method: 'GET', path: '/api/v1/orgs/{slug}/publishing/publications', scope: 'publishing', body_bytes_max: 0 },
  { name: 'my_publication_read', method: 'GET', path: '/me/orgs/{orgId}/publishing/publications/{publicationId}', scope: 'org:member', body_bytes_max: 0 },
  { name: 'publication_read', method: 'GET', path: '/api/v1/orgs/{slug}/publishing/publications/{publicationId}', scope: 'publishing', body_bytes_max: 0 },
];

/** Tables of state rows, each `(id TEXT PRIMARY KEY, row TEXT)`. */
export const tables = [
  'platform', // platforms, by platform id
  'config_version', // configuration versions: `acme/0000000001`
  'site', // sites: `acme/dev`
  'deployment', // deployments: `dep_` and a ULID
  'batch', // batches: `bat_` and a ULID
  'operation', // operations: `op_` and a ULID
  'account', // Cloudflare accounts, by name
  'token', // API tokens: `tok_` and a ULID
  'build_token', // tokens of claims of batches, by their digest
  'import', // imports: `imp_` and a ULID
  'import_item', // lines of imports: `imp_.../000001`
  'migration', // migrations of sites: `acme/dev`
  'kept_reply', // replies by caller, operation and Idempotency-Key
  'dead_letter', // effects whose message was given up: `dl_` and 26 hex digits
  'upkeep', // the instance's own work: `cron`, `schema`, `reconcile`, `config_store`
  'fleet', // the whole fleet: `fleet`
  'org', // orgs, by slug
  'publication', // publications: `pub_` and a ULID
  'sealed', // secrets of tenants, encrypted: the core names them and never reads them
] as const;
/** One of these names. */
export type Table = (typeof tables)[number];

/** Named reads, each answering a JSON array; parameters in order. */
export const queries = [
  'accounts', // (): all accounts, by name
  'platforms_after', // (after_id, limit): platforms that are not deleted, by id
  'platforms_between', // (after_id, before_id, limit): the same up to an id
  'platforms_of_state', // (after_id, before_id, limit, state): the same, with a site in this state
  'platforms_of_environment', // (after_id, before_id, limit, environment): the same, with a site of this environment
  'platforms_of_state_in', // (after_id, before_id, limit, state, environment): the same, with a site of this environment in this state
  'sites_of_platform', // (platform_id, limit): sites, by id
  'sites_at_place', // (place, limit): sites by id, of a state in an account: `creating:main`; `creating:` without one
  'sites_blocked_by', // (code, limit): sites by id that rest with this code
  'config_versions_before', // (platform_id, before_id, limit): configuration versions, newest first; an empty `before_id`: from the newest
  'deployments_of_site', // (site_id, before_id, limit): deployments, newest first; an empty `before_id`: from the newest
  'batches_of_dispatch_key', // (dispatch_key): batches with this key, by id
  'journal_of', // (aggregate, after_seq, limit): {"seq","at_ms","format","event"}, oldest first
  'effects_due', // (now_ms, limit): {"key","seq","due_at_ms","attempts"}, longest due first
  'effect', // (effect_key): the same, of one effect
  'tokens_of_digest', // (digest): the token with this digest, if any
  'tokens_after', // (after_id, limit): tokens, by id
  'audit_before', // (before_id, limit): {"id","aggregate","seq","at_ms","author","cause_id","event"}, newest first
  'audit_after', // (after_id, limit): the same, oldest first
  'audit_of_before', // (aggregate, before_id, limit): the same of one aggregate, newest first
  'audit_of_after', // (aggregate, after_id, limit): the same of one aggregate, oldest first
  'import_items_after', // (import_id, after_id, limit): lines of an import, by number
  'kept_replies_before', // (before_ms, limit): {"id"} of old ones, oldest first
  'build_tokens_before', // (before_ms, limit): {"id"} of old ones, oldest first
  'effects_overdue', // (before_ms, limit): effects that are to be sent again, as `effects_due` gives them
  'dead_letters_after', // (after_id, limit): dead letters, by id
  'sites_after', // (after_id, limit): sites of all platforms, by id
  'config_versions_after', // (after_id, limit): configuration versions of all platforms, by id
  'deployments_beyond', // (site_id, skip, limit): deployments, newest first, without the newest `skip`
  'operations_before', // (before_id, limit): {"id"} of older ones, oldest first
  'batches_before', // (before_id, limit): older ones, oldest first
  'sites_queued', // (queue, before_ms, limit): sites of a queue that may be planned, longest due first
  'sites_queued_before', // (before_ms, limit): sites of all queues that may be planned, longest due first
  'sites_building', // (batch_id, limit): sites by id whose deployment in this batch is not uploaded
  'building_counts', // (): {"batch_id","sites"}: how many of each batch
  'building_count', // (batch_id): the same of one batch
  'batches_open', // (limit): batches that are not closed, in short, oldest first
  'batches_waiting', // (account, limit): batches of an account that are not closed, oldest first
  'ledgers', // (): {"id","paced_ms","last_ms","stopped_ms"} of all budgets
  'batches_newest', // (before_id, limit): batches, newest first; an empty `before_id`: from the newest
  'org_of_id', // (org_id): the org with this id in its application, if any
  'orgs_after', // (after_id, limit): orgs that are not deleted, by slug
  'publications_of_org', // (slug, before_id, limit): publications, newest first; an empty `before_id`: from the newest
  'publications_beyond', // (slug, skip, limit): publications, newest first, without the newest `skip`
  'journal_after', // (after_id, limit): {"id","aggregate","at_ms"}, oldest first
] as const;
/** One of these names. */
export type Query = (typeof queries)[number];
