-- Everything up to here counts as read for those whose own mark was set before: messages were imported. No row, no such point.
CREATE TABLE read_floor (stream_id bigint PRIMARY KEY, floor bigint NOT NULL) WITH (fillfactor = 50);
-- The group's point when `read_seq` was last set.
ALTER TABLE member ADD COLUMN read_floor bigint NOT NULL DEFAULT 0;
