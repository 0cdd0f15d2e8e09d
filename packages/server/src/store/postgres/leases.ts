import { type Lease, LONGEST_LEASE_MS } from '../../domain/lease.ts';
import type { Beat, Joined, NodeIdentity, NodeRole, NodeRow } from '../cluster.ts';
import { int8s } from './arrays.ts';
import { call, type Row, rowAs, statement } from './statement.ts';

/** A node that was not seen for so long and holds nothing is forgotten. */
const FORGET = "interval '1 day'";
/** Also what somebody has written by hand ends. */
const LIVES = (row: string) =>
  `(${row}.until > clock_timestamp() AND ${row}.until <= clock_timestamp() + interval '${LONGEST_LEASE_MS} ms') IS TRUE`;
/** Milliseconds from now, a day at most: `infinity` is no number. */
const IN_MS = (until: string) =>
  `ceil(extract(epoch FROM least(greatest(${until}, clock_timestamp() - interval '1 day'), clock_timestamp() + interval '1 day')
     - clock_timestamp()) * 1000)::int8`;
const LEASE_ENDS = (ms: string) => `clock_timestamp() + ${ms}::int8 * interval '1 ms'`;

const JOIN = statement(
  `INSERT INTO node (id, generation, name, version, role, dispatches, started_at, seen_at, until)
   VALUES ($1, nextval('fence'), $2, $3, $4, false, $5, clock_timestamp(), ${LEASE_ENDS('$6')})
   ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, name = excluded.name, version = excluded.version,
     role = excluded.role, dispatches = false, started_at = excluded.started_at, seen_at = excluded.seen_at, until = excluded.until
   WHERE NOT ${LIVES('node')} RETURNING generation`,
);
const REMAINING = statement(`SELECT ${IN_MS('until')} AS ms FROM node WHERE id = $1`);
const FORGET_NODES = statement(
  `DELETE FROM node n WHERE seen_at < clock_timestamp() - ${FORGET}
     AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.node_id = n.id AND l.node_generation = n.generation)`,
);

const SEEN = statement(
  `UPDATE node SET seen_at = clock_timestamp(), until = ${LEASE_ENDS('$3')}, dispatches = $4
   WHERE id = $1 AND generation = $2 RETURNING 1`,
);
/** Only of a node that is still itself: one that was superseded prolongs nothing. */
const RENEW = statement(
  `UPDATE lease SET until = ${LEASE_ENDS('$3')} WHERE node_id = $1 AND node_generation = $2
     AND EXISTS (SELECT 1 FROM node WHERE id = $1 AND generation = $2)`,
);
/** Somebody has deleted rows by hand. */
const MEND = statement(
  `INSERT INTO lease (partition, generation) SELECT n, 0 FROM generate_series(0, $1::int8 - 1) AS n
   WHERE (SELECT count(*) FROM lease WHERE partition BETWEEN 0 AND $1::int8 - 1) < $1::int8 ON CONFLICT DO NOTHING`,
);
const LEASES = statement(
  `SELECT partition, generation, node_id = $1 AND node_generation = $2 AS own,
     node_id IS NOT NULL AND ${LIVES('lease')} AS held, ${IN_MS('until')} AS ms FROM lease WHERE partition BETWEEN 0 AND $3::int8 - 1`,
);
const LIVE = statement(`SELECT id, dispatches FROM node WHERE ${LIVES('node')} ORDER BY id`);
const COMPATIBLE = statement("SELECT value FROM confab_meta WHERE key = 'compatible_with'");

/** Rows that somebody writes to at the moment are left alone: nobody ever waits for a lease. */
const TAKE = statement(
  `WITH free AS (
     SELECT partition FROM lease WHERE partition = ANY ($1::int8[]) AND (node_id IS NULL OR NOT ${LIVES('lease')})
     ORDER BY partition FOR UPDATE SKIP LOCKED
   )
   UPDATE lease l SET node_id = $2, node_generation = $3, generation = nextval('fence'), until = ${LEASE_ENDS('$4')}
   FROM free WHERE l.partition = free.partition AND EXISTS (SELECT 1 FROM node WHERE id = $2 AND generation = $3)
   RETURNING l.partition, l.generation`,
);
const RELEASE = statement(
  `UPDATE lease l SET node_id = NULL, node_generation = NULL, until = NULL
   FROM unnest($1::int8[], $2::int8[]) AS x (partition, generation)
   WHERE l.partition = x.partition AND l.generation = x.generation AND l.node_id = $3 AND l.node_generation = $4`,
);
const RELEASE_ALL = statement(
  'UPDATE lease SET node_id = NULL, node_generation = NULL, until = NULL WHERE node_id = $1 AND node_generation = $2',
);
const LEAVE = statement('DELETE FROM node WHERE id = $1 AND generation = $2');

const NODES = statement(
  `SELECT n.id, n.name, n.version, n.role, n.started_at, (extract(epoch FROM n.seen_at) * 1000)::int8 AS seen_at, ${LIVES('n')} AS alive,
     (SELECT count(*) FROM lease l WHERE l.node_id = n.id AND l.node_generation = n.generation) AS partitions
   FROM node n ORDER BY n.started_at, n.id LIMIT 1000`,
);

/** Runs statements in one transaction and one round trip. */
export type Transact = (calls: ReturnType<typeof call>[]) => Promise<Row[][]>;

/** This process as the table `node` knows it. */
export interface Membership {
  readonly id: string;
  readonly generation: number;
  readonly leaseMs: number;
}

export async function join(
  run: Transact,
  { id, name, version, role, startedAt }: NodeIdentity,
  leaseMs: number,
): Promise<Joined & { readonly generation?: number }> {
  const [, [row] = [], [left] = []] = await run([
    call(FORGET_NODES),
    call(JOIN, id, name, version, role, startedAt, leaseMs),
    call(REMAINING, id),
  ]);
  if (row !== undefined) return { kind: 'joined', generation: Number(row.generation) };
  return { kind: 'alive', remainingMs: Math.max(0, Number(left?.ms ?? 0)) };
}

/** `knows`: the newest schema version that this process knows. */
export async function beat(
  run: Transact,
  { id, generation, leaseMs }: Membership,
  { dispatches, partitions, knows }: { dispatches: boolean; partitions: number; knows: number },
): Promise<Beat> {
  const [seen = [], , , leases = [], nodes = [], [compatible] = []] = await run([
    call(SEEN, id, generation, leaseMs, dispatches),
    call(RENEW, id, generation, leaseMs),
    call(MEND, partitions),
    call(LEASES, id, generation, partitions),
    call(LIVE),
    call(COMPATIBLE),
  ]);
  if (seen.length === 0) return { kind: 'superseded' };
  if (Number(compatible?.value ?? 0) > knows) return { kind: 'outdated' };
  const rows = leases.map((row) =>
    rowAs<{ partition: number; generation: number; own: boolean | null; held: boolean; ms: number }>(row),
  );
  const ends = rows.flatMap(({ own, held, ms }) => (held && own !== true ? [ms] : []));
  return {
    kind: 'beat',
    own: rows
      .filter(({ own }) => own === true)
      .map(({ partition, generation }) => ({ partition, generation })),
    free: rows.filter(({ held }) => !held).map(({ partition }) => partition),
    ...(ends.length > 0 && { nextEndMs: Math.min(...ends) }),
    dispatching: nodes.filter((node) => node.dispatches === true).map((node) => String(node.id)),
    live: nodes.length,
  };
}

export async function take(
  run: Transact,
  { id, generation, leaseMs }: Membership,
  partitions: readonly number[],
): Promise<Lease[]> {
  const [rows = []] = await run([call(TAKE, int8s(partitions), id, generation, leaseMs)]);
  return rows.map((row) => ({ partition: Number(row.partition), generation: Number(row.generation) }));
}

export async function release(
  run: Transact,
  { id, generation }: Membership,
  leases: readonly Lease[],
): Promise<void> {
  const partitions = int8s(leases.map(({ partition }) => partition));
  const generations = int8s(leases.map((lease) => lease.generation));
  await run([call(RELEASE, partitions, generations, id, generation)]);
}

export async function leave(run: Transact, { id, generation }: Membership): Promise<void> {
  await run([call(RELEASE_ALL, id, generation), call(LEAVE, id, generation)]);
}

export async function listNodes(run: Transact): Promise<NodeRow[]> {
  const [rows = []] = await run([call(NODES)]);
  return rows.map((row) => ({
    id: String(row.id),
    name: String(row.name),
    version: String(row.version),
    role: row.role as NodeRole,
    startedAt: Number(row.started_at),
    seenAt: Number(row.seen_at),
    alive: row.alive === true,
    partitions: Number(row.partitions),
  }));
}
