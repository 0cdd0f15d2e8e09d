-- A dead letter is closed (`replayed_at`) by being sent again, or by somebody who has dealt with it otherwise.
ALTER TABLE dead_letter ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;
