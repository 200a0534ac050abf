-- The whole state. Rows are the core's own JSON; generated columns exist only where a read needs an
-- index. `journal` is lock, audit trail and replay fixture in one: of two writers that decided from
-- the same state the second violates UNIQUE (aggregate, seq), and its whole batch is undone.

CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  aggregate TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  -- The run that wrote it and the number of the commit in that run.
  cause_id TEXT NOT NULL,
  commit_number INTEGER NOT NULL,
  event TEXT NOT NULL CHECK (json_valid(event)),
  UNIQUE (aggregate, seq)
) STRICT;
CREATE INDEX journal_by_cause ON journal (cause_id, commit_number);

CREATE TABLE platform (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

CREATE TABLE config_version (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

CREATE TABLE site (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  platform_id TEXT GENERATED ALWAYS AS (json_extract("row", '$.platform_id')) VIRTUAL
) STRICT;
CREATE INDEX site_by_platform ON site (platform_id, id);

CREATE TABLE deployment (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  site TEXT GENERATED ALWAYS AS (json_extract("row", '$.site')) VIRTUAL
) STRICT;
CREATE INDEX deployment_by_site ON deployment (site, id);

CREATE TABLE batch (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  dispatch_key TEXT GENERATED ALWAYS AS (json_extract("row", '$.dispatch_key')) VIRTUAL
) STRICT;
CREATE INDEX batch_by_dispatch_key ON batch (dispatch_key, id);

CREATE TABLE operation (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

CREATE TABLE account (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

-- Immutable texts; the id determines the content.
CREATE TABLE document (
  id TEXT PRIMARY KEY NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- Promises to act later; without a due time a promise is settled.
CREATE TABLE outbox (
  effect_key TEXT PRIMARY KEY NOT NULL,
  seq INTEGER NOT NULL,
  due_at_ms INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at_ms) WHERE due_at_ms IS NOT NULL;
