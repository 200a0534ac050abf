-- Builds at fleet scale: sites in queues, batches that are open, budgets.

ALTER TABLE site ADD COLUMN queue TEXT
  GENERATED ALWAYS AS (json_extract("row", '$.queued.queue')) VIRTUAL;
ALTER TABLE site ADD COLUMN queued_ms INTEGER
  GENERATED ALWAYS AS (json_extract("row", '$.queued.due_ms')) VIRTUAL;
CREATE INDEX site_by_queue ON site (queue, queued_ms, id) WHERE queue IS NOT NULL;
CREATE INDEX site_by_queued ON site (queued_ms) WHERE queued_ms IS NOT NULL;

-- The batch of a deployment that is not uploaded.
ALTER TABLE site ADD COLUMN building_in TEXT GENERATED ALWAYS AS (
  iif(json_extract("row", '$.active.uploaded_ms') IS NULL,
    json_extract("row", '$.active.batch_id'), NULL)) VIRTUAL;
CREATE INDEX site_by_batch ON site (building_in, id) WHERE building_in IS NOT NULL;

ALTER TABLE batch ADD COLUMN open_in TEXT
  GENERATED ALWAYS AS (json_extract("row", '$.open.account')) VIRTUAL;
CREATE INDEX batch_open ON batch (open_in, id) WHERE open_in IS NOT NULL;

-- Batches that are open already, so that the cron looks after their runs, too.
UPDATE batch SET "row" = json_set("row", '$.open', json_patch('{}', json_object(
  'id', id,
  'account', json_extract("row", '$.account'),
  'state', json_extract("row", '$.state'),
  'interactive', json('false'),
  'shards', 1,
  'floor_ms', json_extract("row", '$.floor_ms'),
  'run_id', json_extract("row", '$.run_id'),
  'dispatch_key', json_extract("row", '$.dispatch_key'))))
WHERE json_extract("row", '$.state') <> 'closed' AND json_extract("row", '$.open') IS NULL;

-- How much of a budget is given away. Not the core's rows: two of them are never decided from one
-- state, each spending is one statement.
CREATE TABLE ledger (
  id TEXT PRIMARY KEY NOT NULL,
  paced_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  stopped_ms INTEGER NOT NULL
) STRICT;

UPDATE upkeep SET "row" = '{"level":7}' WHERE id = 'schema';
