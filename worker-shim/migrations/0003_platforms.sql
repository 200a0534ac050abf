-- Lists of platforms by what their sites are. A row that has `deleted_ms` is the memory of what is
-- gone: it counts its events and is in no list.

ALTER TABLE platform ADD COLUMN deleted_ms INTEGER
  GENERATED ALWAYS AS (json_extract("row", '$.deleted_ms')) VIRTUAL;
CREATE INDEX platform_present ON platform (id) WHERE deleted_ms IS NULL;

ALTER TABLE site ADD COLUMN environment TEXT
  GENERATED ALWAYS AS (json_extract("row", '$.environment')) VIRTUAL;
ALTER TABLE site ADD COLUMN state TEXT
  GENERATED ALWAYS AS (json_extract("row", '$.state')) VIRTUAL;
ALTER TABLE site ADD COLUMN deleted_ms INTEGER
  GENERATED ALWAYS AS (json_extract("row", '$.deleted_ms')) VIRTUAL;
CREATE INDEX site_by_environment ON site (environment, platform_id) WHERE deleted_ms IS NULL;
CREATE INDEX site_by_state ON site (state, platform_id) WHERE deleted_ms IS NULL;
CREATE INDEX site_by_state_in ON site (state, environment, platform_id) WHERE deleted_ms IS NULL;
