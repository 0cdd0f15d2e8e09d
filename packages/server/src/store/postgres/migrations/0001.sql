-- The same tables as over SQLite, but for two things: what a send changes of its group stands in `stream`, a narrow row, and not in
-- `chat_group`; and what clients wrote into messages is bytea, which keeps every byte (text has no U+0000).
-- Times ending in _at and `time` are unix milliseconds, wire times (create_time, join_time, ...) unix seconds.

CREATE TABLE confab_meta (key text PRIMARY KEY, value text NOT NULL);

-- Who may write: each transaction moves `batch` on by one, and only if `generation` and `batch` are still its own.
CREATE TABLE writer (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  generation bigint NOT NULL,
  batch bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO writer VALUES (true, 0, 0);

CREATE TABLE account (
  number bigint PRIMARY KEY,
  app bigint NOT NULL,
  user_id text NOT NULL,
  nick text NOT NULL,
  face_url text NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (app, user_id)
);

-- Whatever has an order of its own. `head` is the last log sequence; `trim_at` says when the trimmer looks next.
CREATE TABLE stream (
  id bigint PRIMARY KEY,
  app bigint NOT NULL,
  kind text NOT NULL,
  head bigint NOT NULL,
  last_time bigint NOT NULL,
  trim_at bigint,
  next_msg_seq bigint NOT NULL,
  last_msg_time bigint NOT NULL,
  active boolean NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX stream_of_app ON stream (app, id);
CREATE INDEX stream_to_trim ON stream (trim_at) WHERE trim_at IS NOT NULL;

CREATE TABLE chat_group (
  stream_id bigint PRIMARY KEY,
  app bigint NOT NULL,
  group_id text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  introduction text NOT NULL,
  notification text NOT NULL,
  face_url text NOT NULL,
  owner text NOT NULL,
  create_time bigint NOT NULL,
  info_seq bigint NOT NULL,
  last_info_time bigint NOT NULL,
  member_num bigint NOT NULL,
  next_ordinal bigint NOT NULL,
  max_member_num bigint NOT NULL,
  apply_join_option text NOT NULL,
  invite_join_option text NOT NULL,
  mute_all boolean NOT NULL,
  support_topic boolean NOT NULL,
  app_defined_data text NOT NULL,
  destroyed_at bigint
);
CREATE UNIQUE INDEX group_by_id ON chat_group (app, group_id) WHERE destroyed_at IS NULL;
-- `app + 0`: before its first ANALYZE a table's planner takes any index that begins with `app` for as good as the one above, and the
-- search for one group would walk through all of its app.
CREATE INDEX group_of_app ON chat_group ((app + 0), stream_id) WHERE destroyed_at IS NULL;
CREATE INDEX group_by_type ON chat_group ((app + 0), type, stream_id) WHERE destroyed_at IS NULL;
CREATE INDEX group_to_purge ON chat_group (destroyed_at) WHERE destroyed_at IS NOT NULL AND member_num > 0;

CREATE TABLE group_count (
  app bigint NOT NULL,
  type text NOT NULL,
  groups bigint NOT NULL,
  PRIMARY KEY (app, type)
) WITH (fillfactor = 50);

CREATE TABLE member (
  stream_id bigint NOT NULL,
  user_id text NOT NULL,
  app bigint NOT NULL,
  ordinal bigint NOT NULL,
  role text NOT NULL,
  join_time bigint NOT NULL,
  read_seq bigint NOT NULL,
  msg_flag text NOT NULL,
  last_send_time bigint NOT NULL,
  name_card text NOT NULL,
  app_defined_data text NOT NULL,
  PRIMARY KEY (stream_id, user_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX member_in_order ON member (stream_id, ordinal);
CREATE INDEX member_of_user ON member (app, user_id, stream_id);

-- A mute outlasts the membership.
CREATE TABLE mute (
  stream_id bigint NOT NULL,
  user_id text NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (stream_id, user_id)
);

CREATE TABLE log (
  stream_id bigint NOT NULL,
  log_seq bigint NOT NULL,
  kind text NOT NULL,
  time bigint NOT NULL,
  audience bigint NOT NULL,
  msg_seq bigint,
  random bigint,
  origin bytea,
  payload bytea,
  links text,
  PRIMARY KEY (stream_id, log_seq)
);

CREATE TABLE message (
  stream_id bigint NOT NULL,
  msg_seq bigint NOT NULL,
  log_seq bigint NOT NULL,
  time bigint NOT NULL,
  sender text NOT NULL,
  operator text NOT NULL,
  random bigint NOT NULL,
  priority text NOT NULL,
  state text NOT NULL,
  tip boolean NOT NULL,
  body bytea NOT NULL,
  cloud_custom_data bytea,
  extra bytea,
  PRIMARY KEY (stream_id, msg_seq)
);

CREATE TABLE endpoint (
  id bigint PRIMARY KEY,
  app bigint NOT NULL,
  name text NOT NULL,
  source text NOT NULL,
  pause_reason text,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  deleted_at bigint,
  settings text NOT NULL
);
CREATE UNIQUE INDEX endpoint_by_name ON endpoint (app, name) WHERE deleted_at IS NULL;

-- Sets of endpoints, interned, in ascending order.
CREATE TABLE audience (id bigint PRIMARY KEY, endpoints bigint[] NOT NULL UNIQUE);

-- Rows come and go with every burst of messages, so dead ones are cleared away early.
CREATE TABLE lane (
  endpoint_id bigint NOT NULL,
  stream_id bigint NOT NULL,
  cursor bigint NOT NULL,
  due_at bigint NOT NULL,
  acked text,
  retries text,
  PRIMARY KEY (endpoint_id, stream_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX lane_due ON lane (endpoint_id, due_at);
CREATE INDEX lane_of_stream ON lane (stream_id);

CREATE TABLE chain (
  endpoint_id bigint NOT NULL,
  stream_id bigint NOT NULL,
  last bigint NOT NULL,
  prev bigint NOT NULL,
  PRIMARY KEY (endpoint_id, stream_id)
) WITH (fillfactor = 70);

CREATE TABLE replay (
  id bigint PRIMARY KEY,
  endpoint_id bigint NOT NULL,
  stream_id bigint NOT NULL,
  next_seq bigint NOT NULL,
  through_seq bigint NOT NULL,
  forced boolean NOT NULL
);
CREATE INDEX replay_of_lane ON replay (endpoint_id, stream_id, id);
CREATE INDEX replay_of_stream ON replay (stream_id);

CREATE TABLE job (
  id bigint PRIMARY KEY,
  kind text NOT NULL,
  endpoint_id bigint NOT NULL,
  spec text NOT NULL,
  position bigint NOT NULL,
  last_stream bigint NOT NULL,
  streams_done bigint NOT NULL,
  created_at bigint NOT NULL,
  finished_at bigint
);
CREATE INDEX job_open ON job (id) WHERE finished_at IS NULL;

CREATE TABLE attempt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  endpoint_id bigint NOT NULL,
  stream_id bigint NOT NULL,
  log_seq bigint NOT NULL,
  attempt bigint NOT NULL,
  at bigint NOT NULL,
  duration_ms bigint NOT NULL,
  verdict text NOT NULL,
  status bigint,
  detail text NOT NULL,
  answer text,
  count bigint NOT NULL,
  last_at bigint NOT NULL
);
CREATE INDEX attempt_of_event ON attempt (endpoint_id, stream_id, log_seq, id);
CREATE INDEX attempt_by_time ON attempt (last_at);

CREATE TABLE delivered (
  endpoint_id bigint NOT NULL,
  stream_id bigint NOT NULL,
  from_seq bigint NOT NULL,
  through_seq bigint NOT NULL,
  count bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  PRIMARY KEY (endpoint_id, stream_id, from_seq, first_at)
) WITH (fillfactor = 70);
CREATE INDEX delivered_by_begin ON delivered (first_at);

CREATE TABLE dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  endpoint_id bigint NOT NULL,
  stream_id bigint NOT NULL,
  log_seq bigint NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  attempts bigint NOT NULL,
  first_attempt_at bigint NOT NULL,
  at bigint NOT NULL,
  replayed_at bigint,
  dismissed boolean NOT NULL DEFAULT false
);
CREATE INDEX dead_letter_open ON dead_letter (endpoint_id, id) WHERE replayed_at IS NULL;
CREATE INDEX dead_letter_pins ON dead_letter (stream_id, log_seq) WHERE replayed_at IS NULL;

CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  actor text NOT NULL,
  role text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  detail text NOT NULL
);

-- First log sequence whose time is at least `wanted`: time never goes back within a stream. `head + 1` when there is none.
CREATE FUNCTION log_from_time(stream bigint, wanted bigint, head bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 1;
  high bigint := head + 1;
  middle bigint;
  found_seq bigint;
  found_time bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT l.log_seq, l.time INTO found_seq, found_time FROM log l
      WHERE l.stream_id = stream AND l.log_seq >= middle ORDER BY l.log_seq LIMIT 1;
    IF NOT FOUND OR found_time >= wanted THEN high := middle; ELSE low := found_seq + 1; END IF;
  END LOOP;
  RETURN low;
END $$;

-- Log sequence of the first message whose MsgSeq is at least `wanted`; `head + 1` when there is none.
CREATE FUNCTION log_from_msg_seq(stream bigint, wanted bigint, head bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 1;
  high bigint := head + 1;
  middle bigint;
  found_seq bigint;
  found_msg bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT l.log_seq, l.msg_seq INTO found_seq, found_msg FROM log l
      WHERE l.stream_id = stream AND l.log_seq >= middle AND l.msg_seq > 0 ORDER BY l.log_seq LIMIT 1;
    IF NOT FOUND OR found_msg >= wanted THEN high := middle; ELSE low := found_seq + 1; END IF;
  END LOOP;
  SELECT l.log_seq INTO found_seq FROM log l
    WHERE l.stream_id = stream AND l.log_seq >= low AND l.msg_seq > 0 ORDER BY l.log_seq LIMIT 1;
  RETURN coalesce(found_seq, head + 1);
END $$;
