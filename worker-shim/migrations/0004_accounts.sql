-- Places of sites in accounts: where a site is on its way, and why it rests.

ALTER TABLE site ADD COLUMN place TEXT GENERATED ALWAYS AS
  (json_extract("row", '$.state') || ':' || json_extract("row", '$.account')) VIRTUAL;
CREATE INDEX site_by_place ON site (place, id);

ALTER TABLE site ADD COLUMN blocked_by TEXT GENERATED ALWAYS AS
  (json_extract("row", '$.blocked.code')) VIRTUAL;
CREATE INDEX site_by_blocked_by ON site (blocked_by, id) WHERE blocked_by IS NOT NULL;

-- Sites whose project may have been made already stay where they are.
UPDATE site SET "row" = json_set("row", '$.attempted', json('true'))
WHERE EXISTS (
  SELECT 1 FROM journal WHERE aggregate = 'site:' || site.id
    AND json_extract(event, '$.type') = 'project_create_started');

-- Accounts that were registered before they had places: their sites are counted, once.
INSERT INTO journal (aggregate, seq, at_ms, cause_id, commit_number, author, event)
SELECT 'account:' || account.id, json_extract(account."row", '$.seq') + 1, registered.at_ms,
  'migration 0004', 1, 'system',
  json_object('type', 'places_counted', 'sites',
    (SELECT count(*) FROM site WHERE json_extract(site."row", '$.account') = account.id))
FROM account JOIN journal AS registered
  ON registered.aggregate = 'account:' || account.id AND registered.seq = 1;

UPDATE account SET "row" = json_set("row",
  '$.seq', json_extract("row", '$.seq') + 1,
  '$.state', 'open',
  '$.sites', (SELECT count(*) FROM site WHERE json_extract(site."row", '$.account') = account.id),
  '$.registered_ms', (
    SELECT at_ms FROM journal WHERE aggregate = 'account:' || account.id AND seq = 1));
