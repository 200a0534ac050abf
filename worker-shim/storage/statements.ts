// Every SQL statement. Reads answer TEXT in the column `value`, already JSON, so that rows reach
// the core as bytes; a write of many rows is one statement with one JSON parameter. No statement
// knows a value of the domain, and every one finds its rows by an index.
import type { Query, Table } from '../../bindings/generated/operations.ts';

/** Rows by id. (ids: JSON array of text) -> `id`, `value` */
export const rows_by_id: Readonly<Record<Table, string>> = perTable(
  (table) =>
    `SELECT id, "row" AS value FROM ${table} WHERE id IN (SELECT value FROM json_each(?1))`,
);

/** Stores rows, new or changed. (rows: JSON array of {"id","row"}) */
export const rows_write: Readonly<Record<Table, string>> = perTable(
  (table) => `
    INSERT INTO ${table} (id, "row")
    SELECT json_extract(value, '$.id'), json_extract(value, '$.row') FROM json_each(?1) WHERE true
    ON CONFLICT (id) DO UPDATE SET "row" = excluded."row"`,
);

/** Stores rows of which none may be there. (rows: JSON array of {"id","row"}) */
export const rows_insert: Readonly<Record<Table, string>> = perTable(
  (table) => `
    INSERT INTO ${table} (id, "row")
    SELECT json_extract(value, '$.id'), json_extract(value, '$.row') FROM json_each(?1)`,
);

/** Deletes rows. (ids: JSON array of text) */
export const rows_delete: Readonly<Record<Table, string>> = perTable(
  (table) => `DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?1))`,
);

// The part of a statement that turns a journal row into JSON.
const audit_json = `json_object('id', id, 'aggregate', aggregate, 'seq', seq, 'at_ms', at_ms,
  'author', author, 'cause_id', cause_id, 'event', json(event))`;

// The part of a statement that turns an outbox row into JSON.
const effect_json = `json_object(
  'key', effect_key, 'seq', seq, 'due_at_ms', due_at_ms, 'attempts', attempts)`;

/** The named reads, parameters as in the operation list. Each row's `value` is one element. */
export const queries: Readonly<Record<Query, string>> = {
  // No id is empty: the comparison holds for all and walks the primary key in order.
  accounts: `SELECT "row" AS value FROM account WHERE id > '' ORDER BY id`,
  platforms_after: `
    SELECT "row" AS value FROM platform
    WHERE deleted_ms IS NULL AND id > ?1 ORDER BY id LIMIT ?2`,
  platforms_between: `
    SELECT "row" AS value FROM platform
    WHERE deleted_ms IS NULL AND id > ?1 AND id < ?2 ORDER BY id LIMIT ?3`,
  platforms_of_state: platformsOfSites('state = ?4'),
  platforms_of_environment: platformsOfSites('environment = ?4'),
  platforms_of_state_in: platformsOfSites('state = ?4 AND environment = ?5'),
  sites_of_platform: `
    SELECT "row" AS value FROM site WHERE platform_id = ?1 ORDER BY id LIMIT ?2`,
  sites_at_place: `
    SELECT "row" AS value FROM site WHERE place = ?1 ORDER BY id LIMIT ?2`,
  sites_blocked_by: `
    SELECT "row" AS value FROM site WHERE blocked_by = ?1 ORDER BY id LIMIT ?2`,
  // Ids are the platform's, a slash and the number; '0' is the character after the slash. A cursor
  // of another platform never leads beyond this one.
  config_versions_before: `
    SELECT "row" AS value FROM config_version
    WHERE id > ?1 || '/' AND id < iif(?2 = '', ?1 || '0', min(?2, ?1 || '0'))
    ORDER BY id DESC LIMIT ?3`,
  // An empty before_id means "from the newest": every text sorts before a blob.
  deployments_of_site: `
    SELECT "row" AS value FROM deployment
    WHERE site = ?1 AND id < iif(?2 = '', x'', ?2) ORDER BY id DESC LIMIT ?3`,
  batches_of_dispatch_key: `
    SELECT "row" AS value FROM batch WHERE dispatch_key = ?1 ORDER BY id`,
  journal_of: `
    SELECT json_object('seq', seq, 'at_ms', at_ms, 'format', format, 'event', json(event)) AS value
    FROM journal
    WHERE aggregate = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3`,
  effects_due: `
    SELECT ${effect_json} AS value FROM outbox
    WHERE due_at_ms IS NOT NULL AND due_at_ms <= ?1 ORDER BY due_at_ms LIMIT ?2`,
  effect: `SELECT ${effect_json} AS value FROM outbox WHERE effect_key = ?1`,
  tokens_of_digest: `SELECT "row" AS value FROM token WHERE digest = ?1`,
  tokens_after: `SELECT "row" AS value FROM token WHERE id > ?1 ORDER BY id LIMIT ?2`,
  audit_before: `
    SELECT ${audit_json} AS value FROM journal WHERE id < ?1 ORDER BY id DESC LIMIT ?2`,
  audit_after: `
    SELECT ${audit_json} AS value FROM journal WHERE id > ?1 ORDER BY id LIMIT ?2`,
  // Events of one aggregate have ids in the order of their numbers.
  audit_of_before: `
    SELECT ${audit_json} AS value FROM journal
    WHERE aggregate = ?1 AND id < ?2 ORDER BY seq DESC LIMIT ?3`,
  audit_of_after: `
    SELECT ${audit_json} AS value FROM journal
    WHERE aggregate = ?1 AND id > ?2 ORDER BY seq LIMIT ?3`,
  // Ids are the import's, a slash and the number; '0' is the character after the slash.
  import_items_after: `
    SELECT "row" AS value FROM import_item
    WHERE id > max(?2, ?1 || '/') AND id < ?1 || '0' ORDER BY id LIMIT ?3`,
  kept_replies_before: `
    SELECT json_object('id', id) AS value FROM kept_reply
    WHERE created_ms <= ?1 ORDER BY created_ms LIMIT ?2`,
  build_tokens_before: `
    SELECT json_object('id', id) AS value FROM build_token
    WHERE created_ms <= ?1 ORDER BY created_ms LIMIT ?2`,
  effects_overdue: `
    SELECT ${effect_json} AS value FROM outbox
    WHERE due_at_ms IS NOT NULL AND send_at_ms <= ?1 ORDER BY send_at_ms LIMIT ?2`,
  dead_letters_after: `
    SELECT "row" AS value FROM dead_letter WHERE id > ?1 ORDER BY id LIMIT ?2`,
  sites_after: `SELECT "row" AS value FROM site WHERE id > ?1 ORDER BY id LIMIT ?2`,
  config_versions_after: `
    SELECT "row" AS value FROM config_version WHERE id > ?1 ORDER BY id LIMIT ?2`,
  deployments_beyond: `
    SELECT "row" AS value FROM deployment
    WHERE site = ?1 ORDER BY id DESC LIMIT ?3 OFFSET ?2`,
  operations_before: `
    SELECT json_object('id', id) AS value FROM operation WHERE id < ?1 ORDER BY id LIMIT ?2`,
  batches_before: `
    SELECT "row" AS value FROM batch WHERE id < ?1 ORDER BY id LIMIT ?2`,
  sites_queued: `
    SELECT "row" AS value FROM site
    WHERE queue = ?1 AND queued_ms <= ?2 ORDER BY queued_ms, id LIMIT ?3`,
  sites_queued_before: `
    SELECT "row" AS value FROM site
    WHERE queued_ms <= ?1 ORDER BY queued_ms LIMIT ?2`,
  sites_building: `
    SELECT "row" AS value FROM site WHERE building_in = ?1 ORDER BY id LIMIT ?2`,
  building_counts: `
    SELECT json_object('batch_id', building_in, 'sites', count(*)) AS value FROM site
    WHERE building_in > '' GROUP BY building_in`,
  building_count: `
    SELECT json_object('batch_id', ?1, 'sites', count(*)) AS value FROM site
    WHERE building_in = ?1`,
  batches_open: `
    SELECT json_extract("row", '$.open') AS value FROM batch
    WHERE open_in > '' ORDER BY open_in, id LIMIT ?1`,
  batches_waiting: `
    SELECT "row" AS value FROM batch WHERE open_in = ?1 ORDER BY id LIMIT ?2`,
  batches_newest: `
    SELECT "row" AS value FROM batch
    WHERE id < iif(?1 = '', x'', ?1) ORDER BY id DESC LIMIT ?2`,
  ledgers: `
    SELECT json_object('id', id, 'paced_ms', paced_ms, 'last_ms', last_ms,
      'stopped_ms', stopped_ms) AS value
    FROM ledger WHERE id > '' ORDER BY id`,
  journal_after: `
    SELECT json_object('id', id, 'aggregate', aggregate, 'at_ms', at_ms) AS value
    FROM journal WHERE id > ?1 ORDER BY id LIMIT ?2`,
  org_of_id: `
    SELECT "row" AS value FROM org WHERE org_id = ?1 AND deleted_ms IS NULL`,
  orgs_after: `
    SELECT "row" AS value FROM org
    WHERE deleted_ms IS NULL AND id > ?1 ORDER BY id LIMIT ?2`,
  publications_of_org: `
    SELECT "row" AS value FROM publication
    WHERE org = ?1 AND id < iif(?2 = '', x'', ?2) ORDER BY id DESC LIMIT ?3`,
  publications_beyond: `
    SELECT "row" AS value FROM publication
    WHERE org = ?1 ORDER BY id DESC LIMIT ?3 OFFSET ?2`,
};

/**
 * Appends events, unless one's place is taken. (entries, at_ms, cause_id, commit_number, author)
 */
export const journal_append = `
  INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, author, format, event)
  SELECT json_extract(value, '$.aggregate'), json_extract(value, '$.seq'), ?2, ?3, ?4, ?5,
    coalesce(json_extract(value, '$.format'), 1), json_extract(value, '$.event')
  FROM json_each(?1)`;

/**
 * What cuts journals off: the event at `seq` becomes a snapshot, or goes where there is none; what
 * is before it goes, and with a whole journal its settled promise. (cuts: JSON array of
 * {"aggregate","seq","format"?,"event"?})
 */
export const journal_cut: readonly string[] = [
  `UPDATE journal SET event = json_extract(json_each.value, '$.event'),
     format = json_extract(json_each.value, '$.format')
   FROM json_each(?1)
   WHERE aggregate = json_extract(json_each.value, '$.aggregate')
     AND seq = json_extract(json_each.value, '$.seq')
     AND json_extract(json_each.value, '$.event') IS NOT NULL`,
  `DELETE FROM journal WHERE id IN (
     SELECT journal.id FROM json_each(?1) CROSS JOIN journal
     WHERE aggregate = json_extract(json_each.value, '$.aggregate')
       AND seq < json_extract(json_each.value, '$.seq')
         + iif(json_extract(json_each.value, '$.event') IS NULL, 1, 0))`,
  `DELETE FROM outbox WHERE due_at_ms IS NULL AND effect_key IN (
     SELECT json_extract(value, '$.aggregate') FROM json_each(?1)
     WHERE json_extract(value, '$.event') IS NULL)`,
];

/** One row if this commit has happened. (cause_id, commit_number) */
export const commit_exists = `
  SELECT '1' AS value FROM journal WHERE cause_id = ?1 AND commit_number = ?2 LIMIT 1`;

/**
 * Promises and settles effects; an older seq changes nothing. (effects: JSON array of
 * {"key","seq","due_at_ms"?,"again_at_ms"?}) `attempts` counts how often the same seq was written
 * again.
 */
export const outbox_write = `
  INSERT INTO outbox (effect_key, seq, due_at_ms, again_at_ms)
  SELECT json_extract(value, '$.key'), json_extract(value, '$.seq'),
    json_extract(value, '$.due_at_ms'), json_extract(value, '$.again_at_ms')
  FROM json_each(?1) WHERE true
  ON CONFLICT (effect_key) DO UPDATE SET
    seq = excluded.seq,
    due_at_ms = excluded.due_at_ms,
    again_at_ms = excluded.again_at_ms,
    attempts = iif(excluded.seq = outbox.seq, outbox.attempts + 1, 0)
  WHERE excluded.seq >= outbox.seq`;

/**
 * Gives units of a budget away: one row where they were, none where there is no room. `paced_ms` is
 * the time up to which the budget is spent at its pace.
 * (ledger, now_ms, cost_ms, burst_ms, leave_ms, gap_ms)
 */
export const ledger_spend = `
  INSERT INTO ledger (id, paced_ms, last_ms, stopped_ms) VALUES (?1, ?2 - ?4 + ?3, ?2, 0)
  ON CONFLICT (id) DO UPDATE SET paced_ms = max(paced_ms, ?2 - ?4) + ?3, last_ms = ?2
  WHERE max(paced_ms, ?2 - ?4) + ?3 <= ?2 - ?5 AND last_ms + ?6 <= ?2 AND stopped_ms <= ?2
  RETURNING paced_ms`;

/** How long until there is room, in milliseconds. (as of ledger_spend) -> `wait_ms` */
export const ledger_wait = `
  SELECT max(max(paced_ms, ?2 - ?4) + ?3 + ?5 - ?2, last_ms + ?6 - ?2, stopped_ms - ?2) AS wait_ms
  FROM ledger WHERE id = ?1`;

/** Nothing is given away before a time. (ledger, until_ms) */
export const ledger_stop = `
  INSERT INTO ledger (id, paced_ms, last_ms, stopped_ms) VALUES (?1, 0, 0, ?2)
  ON CONFLICT (id) DO UPDATE SET stopped_ms = max(stopped_ms, ?2)`;

/** Sealed values under a key. (key, limit) -> `id`, `value` */
export const sealed_under = `
  SELECT id, "row" AS value FROM sealed WHERE "key" = ?1 ORDER BY id LIMIT ?2`;

/** Replaces a sealed value that is still the same. (id, row, the row before it) -> `id` */
export const sealed_replace = `
  UPDATE sealed SET "row" = ?2 WHERE id = ?1 AND "row" = ?3 RETURNING id`;

/** Documents' texts. (ids: JSON array of text) -> `id`, `value` */
export const documents_by_id = `
  SELECT id, body AS value FROM document WHERE id IN (SELECT value FROM json_each(?1))`;

/** Removes documents. (ids: JSON array of text) */
export const documents_delete = `
  DELETE FROM document WHERE id IN (SELECT value FROM json_each(?1))`;

/** Stores a document unless its id is taken. (id, body) */
export const document_write = `
  INSERT INTO document (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING`;

// The platforms of the sites that are there and match, each once: the index is walked in the order
// of the platforms, and the page ends the walk. (after_id, before_id, limit, ...)
function platformsOfSites(match: string): string {
  return `
    SELECT (SELECT "row" FROM platform WHERE id = platform_id) AS value FROM site
    WHERE deleted_ms IS NULL AND ${match} AND platform_id > ?1 AND platform_id < ?2
    GROUP BY platform_id ORDER BY platform_id LIMIT ?3`;
}

function perTable(statement: (table: Table) => string): Readonly<Record<Table, string>> {
  return {
    platform: statement('platform'),
    config_version: statement('config_version'),
    site: statement('site'),
    deployment: statement('deployment'),
    batch: statement('batch'),
    operation: statement('operation'),
    account: statement('account'),
    token: statement('token'),
    build_token: statement('build_token'),
    import: statement('import'),
    import_item: statement('import_item'),
    migration: statement('migration'),
    kept_reply: statement('kept_reply'),
    dead_letter: statement('dead_letter'),
    upkeep: statement('upkeep'),
    fleet: statement('fleet'),
    org: statement('org'),
    publication: statement('publication'),
    sealed: statement('sealed'),
  };
}
