-- Orgs that publish a site of their own, what they published, and sealed values. Rows are the
-- core's own JSON, as everywhere, but for `sealed`: what is in there is the shell's.

-- The id is the slug. Of two orgs that are there, none has the id of the other. A row that has
-- `deleted_ms` is the memory of what is gone.
CREATE TABLE org (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  org_id TEXT GENERATED ALWAYS AS (json_extract("row", '$.org_id')) VIRTUAL,
  deleted_ms INTEGER GENERATED ALWAYS AS (json_extract("row", '$.deleted_ms')) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX org_by_org_id ON org (org_id) WHERE deleted_ms IS NULL;
CREATE INDEX org_present ON org (id) WHERE deleted_ms IS NULL;

CREATE TABLE publication (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  org TEXT GENERATED ALWAYS AS (json_extract("row", '$.slug')) VIRTUAL
) STRICT;
CREATE INDEX publication_by_org ON publication (org, id);

-- Values that nobody can read without a key that is not in the database: {"key","nonce","box"}.
CREATE TABLE sealed (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row")),
  "key" TEXT GENERATED ALWAYS AS (json_extract("row", '$.key')) VIRTUAL
) STRICT;
CREATE INDEX sealed_by_key ON sealed ("key", id);

UPDATE upkeep SET "row" = '{"level":9}' WHERE id = 'schema';
