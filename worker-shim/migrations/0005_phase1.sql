-- Imports of repositories and the migrations of their sites. Rows are the core's own JSON; all of
-- them are found by their ids.

CREATE TABLE import (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

-- The lines of an import's report: the import's id, a slash and the line's number.
CREATE TABLE import_item (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;

-- The id is the site's.
CREATE TABLE migration (
  id TEXT PRIMARY KEY NOT NULL,
  "row" TEXT NOT NULL CHECK (json_valid("row"))
) STRICT;
