-- Endpoints of the dialect `standard` tell with each event which one came before it on its lane. That is settled when the event is
-- committed and kept with it, so that it is the same on every attempt and every replay, whatever has been trimmed since.

-- JSON object from endpoint id to that number; NULL where no endpoint asks for it.
ALTER TABLE log ADD COLUMN links TEXT;

-- Per lane of such an endpoint: the last event that was meant for it, and the one before.
CREATE TABLE chain (
  endpoint_id INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  last INTEGER NOT NULL,
  prev INTEGER NOT NULL,
  PRIMARY KEY (endpoint_id, stream_id)
) WITHOUT ROWID, STRICT;
