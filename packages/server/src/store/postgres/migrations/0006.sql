-- What a group's profile has besides: whether who joins sees earlier messages (NULL: as its type has it), and the permission groups of
-- a Community with topics.
ALTER TABLE chat_group ADD COLUMN history_before_join boolean;
ALTER TABLE chat_group ADD COLUMN enable_permission boolean NOT NULL DEFAULT false;
ALTER TABLE chat_group ADD COLUMN default_permission bigint NOT NULL DEFAULT 0;

-- Users who may not send, nor come back, until the ban ends: `until` in unix seconds.
CREATE TABLE ban (
  stream_id bigint NOT NULL,
  user_id text NOT NULL,
  until bigint NOT NULL,
  description text NOT NULL,
  PRIMARY KEY (stream_id, user_id)
);
