// Generated from src/app/operations.cpp and src/app/storage_names.hpp by bindings/types; do not edit.

/** What a caller must be allowed to do. */
export type Scope = 'open' | 'platforms:read' | 'platforms:write' | 'deploy' | 'config:read' | 'builder' | 'report' | 'admin';

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
  { name: 'platform_create', method: 'POST', path: '/api/v1/platforms', scope: 'platforms:write', body_bytes_max: 1048576 },
  { name: 'platform_list', method: 'GET', path: '/api/v1/platforms', scope: 'platforms:read', body_bytes_max: 0 },
  { name: 'platform_read', method: 'GET', path: '/api/v1/platforms/{platformId}', scope: 'platforms:read', body_bytes_max: 0 },
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
  { name: 'batch_report', method: 'POST', path: '/api/v1/batches/{batchId}/reports', scope: 'report', body_bytes_max: 1048576 },
  { name: 'token_create', method: 'POST', path: '/api/v1/tokens', scope: 'admin', body_bytes_max: 1048576, secret_prefix: 'slp_' },
  { name: 'token_list', method: 'GET', path: '/api/v1/tokens', scope: 'admin', body_bytes_max: 0 },
  { name: 'token_revoke', method: 'DELETE', path: '/api/v1/tokens/{tokenId}', scope: 'admin', body_bytes_max: 0 },
  { name: 'audit_list', method: 'GET', path: '/api/v1/audit', scope: 'admin', body_bytes_max: 0 },
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
  'kept_reply', // replies by caller, operation and Idempotency-Key
] as const;
/** One of these names. */
export type Table = (typeof tables)[number];

/** Named reads, each answering a JSON array; parameters in order. */
export const queries = [
  'accounts', // (): all accounts, by name
  'platforms_after', // (after_id, limit): platforms, by id
  'sites_of_platform', // (platform_id, limit): sites, by id
  'config_versions_before', // (platform_id, before_id, limit): configuration versions, newest first; an empty `before_id`: from the newest
  'deployments_of_site', // (site_id, before_id, limit): deployments, newest first; an empty `before_id`: from the newest
  'batches_of_dispatch_key', // (dispatch_key): batches with this key, by id
  'journal_of', // (aggregate, after_seq, limit): {"seq","at_ms","event"}, oldest first
  'effects_due', // (now_ms, limit): {"key","seq","due_at_ms","attempts"}, longest due first
  'effect', // (effect_key): the same, of one effect
  'tokens_of_digest', // (digest): the token with this digest, if any
  'tokens_after', // (after_id, limit): tokens, by id
  'audit_before', // (before_id, limit): {"id","aggregate","seq","at_ms","author","cause_id","event"}, newest first
  'audit_after', // (after_id, limit): the same, oldest first
  'audit_of_before', // (aggregate, before_id, limit): the same of one aggregate, newest first
  'audit_of_after', // (aggregate, after_id, limit): the same of one aggregate, oldest first
  'kept_replies_before', // (before_ms, limit): {"id"} of old ones, oldest first
  'build_tokens_before', // (before_ms, limit): {"id"} of old ones, oldest first
] as const;
/** One of these names. */
export type Query = (typeof queries)[number];
