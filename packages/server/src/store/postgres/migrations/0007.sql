-- Messages that asked for receipts. `targets`: JSON list of who was to read it, NULL for all who were members then.
CREATE TABLE receipt (
  stream_id bigint NOT NULL,
  msg_seq bigint NOT NULL,
  sender text NOT NULL,
  before_ordinal bigint NOT NULL,
  recipients bigint NOT NULL,
  read_num bigint NOT NULL,
  targets text,
  PRIMARY KEY (stream_id, msg_seq)
) WITH (fillfactor = 70);

-- Who has read it: a bit for each member by `ordinal`, 1,024 to a row, as hexadecimal text with the lowest bit first.
CREATE TABLE receipt_bits (
  stream_id bigint NOT NULL,
  msg_seq bigint NOT NULL,
  chunk bigint NOT NULL,
  bits text NOT NULL,
  PRIMARY KEY (stream_id, msg_seq, chunk)
) WITH (fillfactor = 70);

-- Key-value pairs of messages, and of each message that has had some the numbers they take.
CREATE TABLE extension (
  stream_id bigint NOT NULL,
  msg_seq bigint NOT NULL,
  key text NOT NULL,
  value bytea NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (stream_id, msg_seq, key)
);
CREATE INDEX extension_in_order ON extension (stream_id, msg_seq, seq);
CREATE TABLE extension_state (
  stream_id bigint NOT NULL,
  msg_seq bigint NOT NULL,
  latest_seq bigint NOT NULL,
  clear_seq bigint NOT NULL,
  minute bigint NOT NULL,
  writes bigint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (stream_id, msg_seq)
) WITH (fillfactor = 70);

-- The last broadcast of an app: its number, and when it was.
CREATE TABLE broadcast (app bigint PRIMARY KEY, seq bigint NOT NULL, at bigint NOT NULL) WITH (fillfactor = 50);
