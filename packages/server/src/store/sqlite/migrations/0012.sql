-- How many members had left the group when a receipt's counts were last right: until somebody else leaves they are. -1: not known.
ALTER TABLE receipt ADD COLUMN departures INTEGER NOT NULL DEFAULT -1;

-- How far members have read in a topic, as in `member` for groups. No row: what `read_floor` says, or nothing.
CREATE TABLE topic_mark (
  stream_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  read_seq INTEGER NOT NULL,
  read_floor INTEGER NOT NULL,
  PRIMARY KEY (stream_id, user_id)
) WITHOUT ROWID, STRICT;
