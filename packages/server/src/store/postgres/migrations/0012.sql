-- Of a delivered range, what was not sent because the receiver had it by its own account: from, through, when it last said so, and how often.
ALTER TABLE delivered ADD COLUMN passed_from bigint, ADD COLUMN passed_through bigint, ADD COLUMN passed_at bigint,
  ADD COLUMN passes bigint NOT NULL DEFAULT 0;

-- Groups and topics that are no more, whose log is still asked about.
CREATE INDEX group_gone ON chat_group (app, group_id) WHERE destroyed_at IS NOT NULL;
CREATE INDEX topic_gone ON chat_group (app, topic_of) WHERE destroyed_at IS NOT NULL AND topic_of IS NOT NULL;

-- The newest of one endpoint, whatever the others have.
CREATE INDEX attempt_of_endpoint ON attempt (endpoint_id, id);
CREATE INDEX dead_letter_of_endpoint ON dead_letter (endpoint_id, id);
-- Those of one event, open or not.
CREATE INDEX dead_letter_of_event ON dead_letter (stream_id, log_seq);
