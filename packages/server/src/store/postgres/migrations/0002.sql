-- Each process that writes to this database. Its transactions move `batch` on, so that after a lost connection the row tells whether
-- the one under way was committed, whatever others have written meanwhile. `pid` and `since` are its connection as the server knows it.
CREATE TABLE process (
  id bigint PRIMARY KEY,
  batch bigint NOT NULL,
  pid bigint NOT NULL,
  since text NOT NULL,
  written_at timestamptz NOT NULL
) WITH (fillfactor = 10);

-- What has to hold for a transaction did not: rolls it back, and names what it was.
CREATE FUNCTION refuse(guard text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'CF001', MESSAGE = guard;
END $$;
