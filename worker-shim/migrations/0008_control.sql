-- The whole fleet: one row, with what holds it. Rows are the core's own JSON, as everywhere.

CREATE TABLE fleet (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

UPDATE upkeep SET "row" = '{"level":8}' WHERE id = 'schema';
