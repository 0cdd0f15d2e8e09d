-- Small values of a group that are read and written whole, as JSON: `attributes`, `counters`.
CREATE TABLE group_value (
  stream_id bigint NOT NULL,
  name text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (stream_id, name)
);
