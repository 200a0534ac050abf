// Webhooks as GitHub delivers them, and the batches that they are about.
import { createHmac } from 'node:crypto';

/** A body with the headers that belong to it. */
export interface Delivery {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** The database as far as it is used here. */
interface Database {
  prepare(sql: string): { bind(...values: unknown[]): { run(): Promise<unknown> } };
}

// Batches whose runs GitHub has begun; each looks after its run an hour from now. D1 binds every
// number as a real one.
const plant_batches = `
  INSERT INTO batch (id, "row")
  WITH RECURSIVE n (i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
  SELECT printf('bat_01KDVDNBYG%016d', i), json_object(
    'seq', 1, 'id', printf('bat_01KDVDNBYG%016d', i), 'state', 'dispatched', 'account', 'main',
    'environment', 'dev', 'origin', 'dispatched', 'shell_sha', '', 'interactive', json('false'),
    'shards', 1, 'members', json_array(json_object('deployment_id',
      printf('dep_01KDVDNBYG%016d', i), 'site', 'acme/dev', 'shard', 0)),
    'dispatch_key', printf('01KDVDNBYG%016d', i), 'attempt', 1, 'unclear', 0, 'floor_ms', at_ms,
    'run_id', CAST(i AS TEXT), 'run_attempt', 0, 'started_ms', at_ms, 'hinted', json('false'),
    'created_ms', at_ms)
  FROM n, (SELECT CAST(?3 AS INTEGER) AS at_ms)`;
const plant_looks = `
  INSERT INTO outbox (effect_key, seq, due_at_ms)
  WITH RECURSIVE n (i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
  SELECT printf('batch:bat_01KDVDNBYG%016d', i), 1, CAST(?3 AS INTEGER) FROM n`;
const hour_ms = 3_600_000;

/** Plants the batches with these numbers. */
export async function plantBatches(db: Database, first: number, last: number): Promise<void> {
  const now_ms = Date.now();
  await db.prepare(plant_batches).bind(first, last, now_ms).run();
  await db
    .prepare(plant_looks)
    .bind(first, last, now_ms + hour_ms)
    .run();
}

/** The dispatch key of a planted batch. */
export function keyOfBatch(number: number): string {
  return `01KDVDNBYG${String(number).padStart(16, '0')}`;
}

/** What is told of a run. */
export interface ToldRun {
  readonly id: number;
  readonly title: string;
  readonly action: 'requested' | 'in_progress' | 'completed';
}

/** The delivery of an event of the builder's workflow, signed. */
export function deliveryOf({ id, title, action }: ToldRun, secret: string): Delivery {
  const full_name = 'neutrino-io/nno-platform-builder';
  const statuses = { requested: 'queued', in_progress: 'in_progress', completed: 'completed' };
  const body = JSON.stringify({
    action,
    workflow_run: {
      id,
      name: 'Build and Deploy Platform',
      display_title: title,
      event: 'workflow_dispatch',
      status: statuses[action],
      conclusion: action === 'completed' ? 'success' : null,
      html_url: `https://github.com/${full_name}/actions/runs/${id}`,
      run_attempt: 1,
      pull_requests: [],
    },
    workflow: { name: 'Build and Deploy Platform', badge_url: 'https://github.com' },
    repository: { id: 5, full_name, private: true },
    sender: { login: 'slipway[bot]' },
  });
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'workflow_run',
    'x-github-delivery': `72d3162e-cc78-11e3-81ab-${String(id % 1e12).padStart(12, '0')}`,
    'x-hub-signature-256': `sha256=${digest}`,
  };
  return { body, headers };
}
