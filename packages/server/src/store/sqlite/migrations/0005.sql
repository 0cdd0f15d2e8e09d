-- The log and the messages lie in the order of their commits, found through an index by stream, and no longer in trees ordered by
-- stream: there each message rewrote a page of its own group in both tables, and split one every few messages
-- (docs/decisions/0018).
ALTER TABLE log RENAME TO log_by_stream;
CREATE TABLE log (
  stream_id INTEGER NOT NULL,
  log_seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  time INTEGER NOT NULL,
  audience INTEGER NOT NULL,
  msg_seq INTEGER,
  random INTEGER,
  origin TEXT,
  payload TEXT,
  links TEXT,
  PRIMARY KEY (stream_id, log_seq)
) STRICT;
INSERT INTO log SELECT * FROM log_by_stream ORDER BY time;
DROP TABLE log_by_stream;

ALTER TABLE message RENAME TO message_by_stream;
CREATE TABLE message (
  stream_id INTEGER NOT NULL,
  msg_seq INTEGER NOT NULL,
  log_seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  sender TEXT NOT NULL,
  operator TEXT NOT NULL,
  random INTEGER NOT NULL,
  priority TEXT NOT NULL,
  state TEXT NOT NULL,
  tip INTEGER NOT NULL,
  body TEXT NOT NULL,
  cloud_custom_data TEXT,
  extra TEXT,
  PRIMARY KEY (stream_id, msg_seq)
) STRICT;
INSERT INTO message SELECT * FROM message_by_stream ORDER BY time;
DROP TABLE message_by_stream;
