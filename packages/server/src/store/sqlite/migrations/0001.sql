-- Streams, their logs and what is derived from them. Times ending in _at and `time` are unix milliseconds,
-- wire times (create_time, join_time, …) unix seconds.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;

CREATE TABLE account (
  number INTEGER PRIMARY KEY,
  app INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  nick TEXT NOT NULL,
  face_url TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (app, user_id)
) STRICT;

-- Whatever has an order of its own. `head` is the last log sequence; `trim_at` says when the trimmer looks next.
CREATE TABLE stream (
  id INTEGER PRIMARY KEY,
  app INTEGER NOT NULL,
  kind TEXT NOT NULL,
  head INTEGER NOT NULL DEFAULT 0,
  last_time INTEGER NOT NULL DEFAULT 0,
  trim_at INTEGER
) STRICT;
CREATE INDEX stream_of_app ON stream (app, id);
CREATE INDEX stream_to_trim ON stream (trim_at) WHERE trim_at IS NOT NULL;

CREATE TABLE chat_group (
  stream_id INTEGER PRIMARY KEY REFERENCES stream,
  app INTEGER NOT NULL,
  group_id TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  introduction TEXT NOT NULL,
  notification TEXT NOT NULL,
  face_url TEXT NOT NULL,
  owner TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  info_seq INTEGER NOT NULL,
  last_info_time INTEGER NOT NULL,
  last_msg_time INTEGER NOT NULL,
  next_msg_seq INTEGER NOT NULL,
  member_num INTEGER NOT NULL,
  next_ordinal INTEGER NOT NULL,
  max_member_num INTEGER NOT NULL,
  apply_join_option TEXT NOT NULL,
  invite_join_option TEXT NOT NULL,
  mute_all INTEGER NOT NULL,
  support_topic INTEGER NOT NULL,
  active INTEGER NOT NULL,
  app_defined_data TEXT NOT NULL,
  destroyed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX group_by_id ON chat_group (app, group_id) WHERE destroyed_at IS NULL;
CREATE INDEX group_of_app ON chat_group (app, stream_id) WHERE destroyed_at IS NULL;
CREATE INDEX group_by_type ON chat_group (app, type, stream_id) WHERE destroyed_at IS NULL;

-- Members of a disbanded group go a page at a time.
CREATE INDEX group_to_purge ON chat_group (destroyed_at) WHERE destroyed_at IS NOT NULL AND member_num > 0;

-- How many live groups an app has, by type: quotas and totals without a scan.
CREATE TABLE group_count (
  app INTEGER NOT NULL,
  type TEXT NOT NULL,
  groups INTEGER NOT NULL,
  PRIMARY KEY (app, type)
) WITHOUT ROWID, STRICT;

-- `ordinal` grows in join order within a group.
CREATE TABLE member (
  stream_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  app INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  role TEXT NOT NULL,
  join_time INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  msg_flag TEXT NOT NULL,
  last_send_time INTEGER NOT NULL,
  name_card TEXT NOT NULL,
  app_defined_data TEXT NOT NULL,
  PRIMARY KEY (stream_id, user_id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX member_in_order ON member (stream_id, ordinal);
CREATE INDEX member_of_user ON member (app, user_id, stream_id);

-- A mute outlasts the membership: who leaves and returns stays muted (tencent-rest-group C1.13).
CREATE TABLE mute (
  stream_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (stream_id, user_id)
) WITHOUT ROWID, STRICT;

-- What happened, immutable. `payload` is NULL while the message row holds the body: a body is stored once.
-- `audience` names the endpoints that wanted the event when it was committed; 0 = nobody.
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
  PRIMARY KEY (stream_id, log_seq)
) WITHOUT ROWID, STRICT;

-- What history shows now.
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
) WITHOUT ROWID, STRICT;

CREATE TABLE endpoint (
  id INTEGER PRIMARY KEY,
  app INTEGER NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  pause_reason TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  settings TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX endpoint_by_name ON endpoint (app, name) WHERE deleted_at IS NULL;

-- Sets of endpoints, interned: `endpoints` is a JSON array of ids in ascending order.
CREATE TABLE audience (id INTEGER PRIMARY KEY, endpoints TEXT NOT NULL UNIQUE) STRICT;

-- One row per lane that is behind, none for one that has caught up. `acked` and `retries` are JSON, NULL when empty.
CREATE TABLE lane (
  endpoint_id INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  acked TEXT,
  retries TEXT,
  PRIMARY KEY (endpoint_id, stream_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX lane_due ON lane (endpoint_id, due_at);
CREATE INDEX lane_of_stream ON lane (stream_id);

-- Ranges of the log that a lane sends again before it goes on. `forced` skips the subscription (dead letters).
CREATE TABLE replay (
  id INTEGER PRIMARY KEY,
  endpoint_id INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  next_seq INTEGER NOT NULL,
  through_seq INTEGER NOT NULL,
  forced INTEGER NOT NULL
) STRICT;
CREATE INDEX replay_of_lane ON replay (endpoint_id, stream_id, id);
CREATE INDEX replay_of_stream ON replay (stream_id);

-- Work over many streams, done a page at a time; `position` is the last stream done.
CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  endpoint_id INTEGER NOT NULL,
  spec TEXT NOT NULL,
  position INTEGER NOT NULL,
  last_stream INTEGER NOT NULL,
  streams_done INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX job_open ON job (id) WHERE finished_at IS NULL;

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  endpoint_id INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  log_seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  status INTEGER,
  detail TEXT NOT NULL,
  answer TEXT,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_of_event ON attempt (endpoint_id, stream_id, log_seq, id);
CREATE INDEX attempt_by_time ON attempt (last_at);

CREATE TABLE delivered (
  endpoint_id INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  through_seq INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (endpoint_id, stream_id, from_seq, first_at)
) WITHOUT ROWID, STRICT;
CREATE INDEX delivered_by_time ON delivered (last_at);

-- An open dead letter pins its log row.
CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY,
  endpoint_id INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  log_seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_attempt_at INTEGER NOT NULL,
  at INTEGER NOT NULL,
  replayed_at INTEGER
) STRICT;
CREATE INDEX dead_letter_open ON dead_letter (endpoint_id, id) WHERE replayed_at IS NULL;
CREATE INDEX dead_letter_pins ON dead_letter (stream_id, log_seq) WHERE replayed_at IS NULL;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
