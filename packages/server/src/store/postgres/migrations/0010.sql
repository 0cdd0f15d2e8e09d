-- Several processes write to one database. What one of them remembers is checked when it writes.

-- Moved on by others: endpoints and replays (config) or accounts have changed, and what was remembered of them is void.
ALTER TABLE process ADD COLUMN config bigint NOT NULL DEFAULT 0, ADD COLUMN accounts bigint NOT NULL DEFAULT 0;

-- `version` moves with whatever is not a message: members, mutes, settings. `head` moves with every event. `lanes` moves when a lane's row
-- goes that somebody may count on. `rate`: messages of the running second for the frequency cap, as second * 2^20 + count.
ALTER TABLE stream ADD COLUMN version bigint NOT NULL DEFAULT 0, ADD COLUMN lanes bigint NOT NULL DEFAULT 0,
  ADD COLUMN rate bigint NOT NULL DEFAULT 0;

-- Who remembers that the row is there: 0 nobody, else that process; -1 anybody may.
ALTER TABLE lane ADD COLUMN relied_by bigint NOT NULL DEFAULT 0;

-- Ids of rows that decisions refer to before they are written. Processes take them in blocks.
CREATE SEQUENCE stream_ids INCREMENT BY 256;
CREATE SEQUENCE account_numbers INCREMENT BY 256;
CREATE SEQUENCE endpoint_ids;
CREATE SEQUENCE audience_ids;
CREATE SEQUENCE replay_ids INCREMENT BY 64;
CREATE SEQUENCE job_ids;
SELECT setval('stream_ids', (SELECT coalesce(max(id), 0) + 1 FROM stream), false),
  setval('account_numbers', (SELECT coalesce(max(number), 0) + 1 FROM account), false),
  setval('endpoint_ids', (SELECT coalesce(max(id), 0) + 1 FROM endpoint), false),
  setval('audience_ids', (SELECT coalesce(max(id), 0) + 1 FROM audience), false),
  setval('replay_ids', (SELECT coalesce(max(id), 0) + 1 FROM replay), false),
  setval('job_ids', (SELECT coalesce(max(id), 0) + 1 FROM job), false);
