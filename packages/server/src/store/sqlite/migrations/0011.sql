-- A topic is a row like a group's, with a stream of its own: `group_id` is then the topic's id, and `topic_of` that of its community.
ALTER TABLE chat_group ADD COLUMN topic_of TEXT;
CREATE INDEX topic_of_group ON chat_group (app, topic_of, stream_id) WHERE destroyed_at IS NULL AND topic_of IS NOT NULL;
