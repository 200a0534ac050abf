-- Upkeep: what was given up, what the instance does for itself, when a promise is sent again.

-- Effects whose message was given up. Rows are the core's own JSON, as everywhere.
CREATE TABLE dead_letter (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

-- The instance's own work. `schema` says which migrations there are: each later one raises it.
CREATE TABLE upkeep (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;
INSERT INTO upkeep (id, "row") VALUES ('schema', '{"level":6}');

-- The format that the event was written in; 1 for events from before formats were written down.
ALTER TABLE journal ADD COLUMN format INTEGER NOT NULL DEFAULT 1;

-- A promise that is not kept is sent again from `again_at_ms` on, or as soon as it is overdue.
ALTER TABLE outbox ADD COLUMN again_at_ms INTEGER;
ALTER TABLE outbox ADD COLUMN send_at_ms INTEGER
  GENERATED ALWAYS AS (coalesce(again_at_ms, due_at_ms)) VIRTUAL;
CREATE INDEX outbox_send ON outbox (send_at_ms) WHERE due_at_ms IS NOT NULL;
