-- What a group's profile has besides: whether who joins sees earlier messages (NULL: as its type has it), and the permission groups of
-- a Community with topics (tencent-rest-group C1.0).
ALTER TABLE chat_group ADD COLUMN history_before_join INTEGER;
ALTER TABLE chat_group ADD COLUMN enable_permission INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat_group ADD COLUMN default_permission INTEGER NOT NULL DEFAULT 0;

-- Users who may not send, nor come back, until the ban ends: `until` in unix seconds (tencent-rest-group C1.16).
CREATE TABLE ban (
  stream_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  until INTEGER NOT NULL,
  description TEXT NOT NULL,
  PRIMARY KEY (stream_id, user_id)
) WITHOUT ROWID, STRICT;
