-- Several nodes on one database. Numbers of generations are never given twice: what is fenced by one stays fenced.
CREATE SEQUENCE fence;

-- Each process that works on this database; `until` is by the database's clock.
CREATE TABLE node (
  id text PRIMARY KEY,
  generation bigint NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  role text NOT NULL,
  dispatches boolean NOT NULL,
  started_at bigint NOT NULL,
  seen_at timestamptz NOT NULL,
  until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Who works on the lanes of the streams whose id modulo the number of partitions is this one.
CREATE TABLE lease (
  partition bigint PRIMARY KEY,
  node_id text,
  node_generation bigint,
  generation bigint NOT NULL,
  until timestamptz
) WITH (fillfactor = 50);
INSERT INTO lease (partition, generation) SELECT n, 0 FROM generate_series(0, 63) AS n;
INSERT INTO confab_meta VALUES ('partitions', '64');
