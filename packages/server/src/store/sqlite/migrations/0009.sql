-- Messages that asked for receipts. `targets`: JSON list of who was to read it, NULL for all who were members then.
CREATE TABLE receipt (
  stream_id INTEGER NOT NULL,
  msg_seq INTEGER NOT NULL,
  sender TEXT NOT NULL,
  before_ordinal INTEGER NOT NULL,
  recipients INTEGER NOT NULL,
  read_num INTEGER NOT NULL,
  targets TEXT,
  PRIMARY KEY (stream_id, msg_seq)
) WITHOUT ROWID, STRICT;

-- Who has read it: a bit for each member by `ordinal`, 1,024 to a row, as hexadecimal text with the lowest bit first.
CREATE TABLE receipt_bits (
  stream_id INTEGER NOT NULL,
  msg_seq INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  bits TEXT NOT NULL,
  PRIMARY KEY (stream_id, msg_seq, chunk)
) WITHOUT ROWID, STRICT;

-- Key-value pairs of messages, and of each message that has had some the numbers they take.
CREATE TABLE extension (
  stream_id INTEGER NOT NULL,
  msg_seq INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (stream_id, msg_seq, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX extension_in_order ON extension (stream_id, msg_seq, seq);
CREATE TABLE extension_state (
  stream_id INTEGER NOT NULL,
  msg_seq INTEGER NOT NULL,
  latest_seq INTEGER NOT NULL,
  clear_seq INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  writes INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (stream_id, msg_seq)
) WITHOUT ROWID, STRICT;

-- The last broadcast of an app: its number, and when it was.
CREATE TABLE broadcast (app INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
