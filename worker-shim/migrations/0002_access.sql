-- Who may call, who did what, and what was answered. Rows are the core's own JSON, as everywhere.

-- Who caused the event; empty for events that were written before this column was.
ALTER TABLE journal ADD COLUMN author TEXT NOT NULL DEFAULT '';

-- Only digests of tokens are ever stored. A token is found by its digest, in one step.
CREATE TABLE token (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  digest TEXT GENERATED ALWAYS AS (json_extract("row", '$.digest')) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX token_by_digest ON token (digest);

-- The digest is the id.
CREATE TABLE build_token (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  created_ms INTEGER GENERATED ALWAYS AS (json_extract("row", '$.created_ms')) VIRTUAL
) STRICT;
CREATE INDEX build_token_by_age ON build_token (created_ms);

-- Replies by caller, operation and Idempotency-Key: of two equal requests one inserts.
CREATE TABLE kept_reply (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  created_ms INTEGER GENERATED ALWAYS AS (json_extract("row", '$.created_ms')) VIRTUAL
) STRICT;
CREATE INDEX kept_reply_by_age ON kept_reply (created_ms);
