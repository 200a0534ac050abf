// Generated from src/app/operations.hpp by bindings/types; do not edit.

/** One operation of the public API: what the shim needs to route it. */
export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Largest request body in bytes; 0 where the operation takes none. */
  readonly body_bytes_max: number;
}

export const operations: readonly Operation[] = [
  { name: 'healthz', method: 'GET', path: '/healthz', body_bytes_max: 0 },
  { name: 'platform_create', method: 'POST', path: '/api/v1/platforms', body_bytes_max: 1048576 },
  { name: 'platform_list', method: 'GET', path: '/api/v1/platforms', body_bytes_max: 0 },
  { name: 'platform_read', method: 'GET', path: '/api/v1/platforms/{platformId}', body_bytes_max: 0 },
  { name: 'config_read', method: 'GET', path: '/api/v1/platforms/{platformId}/config', body_bytes_max: 0 },
  { name: 'config_read_cli', method: 'GET', path: '/api/v1/cli/platforms/{platformId}/config', body_bytes_max: 0 },
  { name: 'site_deployments', method: 'GET', path: '/api/v1/platforms/{platformId}/environments/{environment}/deployments', body_bytes_max: 0 },
  { name: 'deployment_request', method: 'POST', path: '/api/v1/platforms/{platformId}/environments/{environment}/deployments', body_bytes_max: 1048576 },
  { name: 'deployment_read', method: 'GET', path: '/api/v1/deployments/{deploymentId}', body_bytes_max: 0 },
  { name: 'operation_read', method: 'GET', path: '/api/v1/operations/{operationId}', body_bytes_max: 0 },
  { name: 'batch_claim', method: 'POST', path: '/api/v1/claims', body_bytes_max: 1048576 },
  { name: 'batch_report', method: 'POST', path: '/api/v1/batches/{batchId}/reports', body_bytes_max: 1048576 },
];

/** Tables of state rows, each `(id TEXT PRIMARY KEY, row TEXT)`. */
export const tables = ['platform', 'config_version', 'site', 'deployment', 'batch', 'operation', 'account'] as const;
export type Table = (typeof tables)[number];

/** Named reads, each answering a JSON array; parameters in order. */
export const queries = [
  'accounts', // ()
  'platforms_after', // (after_id, limit)
  'sites_of_platform', // (platform_id, limit)
  'deployments_of_site', // (site_id, before_id, limit), newest first
  'batches_of_dispatch_key', // (dispatch_key)
  'journal_of', // (aggregate, after_seq, limit): {"seq","at_ms","event"}, oldest first
  'effects_due', // (now_ms, limit): {"key","seq","due_at_ms","attempts"}
  'effect', // (effect_key): the same
] as const;
export type Query = (typeof queries)[number];
