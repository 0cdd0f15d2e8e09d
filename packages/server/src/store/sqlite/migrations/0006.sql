-- Small values of a group that are read and written whole, as JSON: `attributes`, `counters`.
CREATE TABLE group_value (
  stream_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (stream_id, name)
) WITHOUT ROWID, STRICT;
