-- How many members had left the group when a receipt's counts were last right: until somebody else leaves they are. -1: not known.
ALTER TABLE receipt ADD COLUMN departures bigint NOT NULL DEFAULT -1;

-- How far members have read in a topic, as in `member` for groups. No row: what `read_floor` says, or nothing.
CREATE TABLE topic_mark (
  stream_id bigint NOT NULL,
  user_id text NOT NULL,
  read_seq bigint NOT NULL,
  read_floor bigint NOT NULL,
  PRIMARY KEY (stream_id, user_id)
);
