import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../../base/clock.ts';
import { databaseName } from '../../base/database-url.ts';
import { partitionOf } from '../../domain/lease.ts';
import { DEFAULT_RULES, type Rules } from '../../domain/rules.ts';
import { StoreError } from '../errors.ts';
import { UNFINISHED, UNFINISHED_MESSAGE } from '../move-side.ts';
import { createSealer, type Sealer } from '../sqlite/sealer.ts';
import type { Store } from '../store.ts';
import { type ClusterParts, PostgresCluster } from './cluster.ts';
import { PostgresCore } from './core.ts';
import { postgresErrorOf } from './failure.ts';
import { type Address, Link } from './link.ts';
import { Pool } from './pool.ts';
import { checkNotRolledBack } from './rolled-back.ts';
import { register, Session } from './session.ts';
import { call, statement } from './statement.ts';
import { postgresStore } from './store.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations/', import.meta.url));
/** Another Confab process that is just ending gets this long. */
const LOCK_WAIT_MS = 2_000;
/** `server_version_num` of PostgreSQL 15. */
const OLDEST = 150_000;

const SERVER = call(
  statement(
    `SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS standby,
       current_schema() AS schema, to_regclass('confab_meta') IS NOT NULL AS ours,
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = (SELECT oid FROM pg_namespace
         WHERE nspname = current_schema()) AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
         AS taken`,
  ),
);
const META = call(statement('SELECT key, value FROM confab_meta'));
const PUT_META = statement(
  'INSERT INTO confab_meta VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
);
const SETTINGS = call(statement('SELECT id, app, name, settings, deleted_at FROM endpoint ORDER BY id'));
const RESEAL = statement('UPDATE endpoint SET settings = $2 WHERE id = $1');
const EMPTY_DELETED = call(
  statement(
    `UPDATE endpoint e SET settings = '{}' WHERE deleted_at IS NOT NULL AND settings <> '{}'
       AND NOT EXISTS (SELECT 1 FROM job j WHERE j.endpoint_id = e.id AND j.finished_at IS NULL)`,
  ),
);

export interface PostgresOptions extends Address {
  readonly rules?: Rules;
  /** What the settings of endpoints are encrypted with; see `createSealer`. */
  readonly secretsKeys?: readonly string[];
  readonly clock?: Clock;
  /** Keeps every other Confab process away from the database; true unless told otherwise. */
  readonly alone?: boolean;
  onCommit?(commands: number, durationMs: number): void;
  onDeath?(error: StoreError): void;
}

/**
 * Opens the store in the database of the URL, or makes its tables in an empty schema (the first one of the search path). Throws StoreError: unreachable, denied, read-only, locked, not-a-database, newer-version,
 * secrets-locked, full, corrupt.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { url, rules = DEFAULT_RULES, secretsKeys = [], clock = systemClock() } = options;
  try {
    return await open(options, rules, createSealer(secretsKeys), clock);
  } catch (cause) {
    const { code, message } = postgresErrorOf(cause);
    throw new StoreError(code, `${databaseName(url)}: ${message}`, { cause });
  }
}

async function open(options: PostgresOptions, rules: Rules, sealer: Sealer, clock: Clock): Promise<Store> {
  const { alone = true } = options;
  const link = await Link.open(options);
  try {
    await checkServer(link);
    await link.lock(alone, LOCK_WAIT_MS);
    const installId = await link.oneByOne(() => prepare(link, sealer));
    const backend = await link.backend();
    const generation = await register(link, backend);
    const core = new PostgresCore(rules, sealer);
    const session = new Session(
      { address: options, clock, alone, generation, load: core.load },
      link,
      backend,
    );
    core.start(session);
    await core.load(link, { config: 0, accounts: 0 });
    const parts = await clusterOf(link);
    core.tables.lanes.owns = (streamId) =>
      core.tables.leases.worksOn(partitionOf(streamId, parts.partitions));
    const cluster = new PostgresCluster({ address: options, ...parts, onLost: () => session.doubt() });
    const pool = new Pool(options);
    return postgresStore({ ...options, core, pool, cluster, installId, severalNodes: !alone, clock });
  } catch (error) {
    link.close();
    throw error;
  }
}

/** Brings tables and settings up to this version; the installation's id. */
async function prepare(link: Link, sealer: Sealer): Promise<string> {
  await migrate(link);
  const installId = await identify(link);
  await reseal(link, sealer);
  return installId;
}

/** A foreign database is left exactly as it is. */
export async function checkServer(link: Link): Promise<void> {
  const [[server] = []] = await link.run([SERVER]);
  if (Number(server?.version) < OLDEST)
    throw new StoreError('not-a-database', 'this PostgreSQL is too old; Confab needs 15 or newer');
  if (server?.standby === true)
    throw new StoreError('read-only', 'the database is a read-only standby; connect to the primary');
  if (server?.schema === null)
    throw new StoreError(
      'not-a-database',
      'no schema of the search path exists; create one and let the user own it',
    );
  if (server?.ours !== true && server?.taken === true)
    throw new StoreError(
      'not-a-database',
      `the schema "${server.schema}" holds tables of another program; give Confab a database or a schema of its own`,
    );
}

interface Migration {
  readonly version: number;
  readonly sql: string;
  /** The oldest version that can work on the database after it, where the file says so (`-- compatible_with 12`). */
  readonly compatibleWith?: number;
}

function migrations(): Migration[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => /^\d{4}\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(MIGRATIONS + name, 'utf8');
      const oldest = /^-- compatible_with (\d+)$/m.exec(sql)?.[1];
      const version = Number(name.slice(0, 4));
      return { version, sql, ...(oldest !== undefined && { compatibleWith: Number(oldest) }) };
    });
}

/** The version that this Confab makes. */
export function newestVersion(): number {
  return migrations().at(-1)?.version ?? 0;
}

/**
 * Applies the missing migrations, each in a transaction of its own. A database that a newer version has brought up is worked on all the
 * same, unless that says otherwise: nodes are upgraded one after the other.
 */
export async function migrate(link: Link): Promise<void> {
  const known = migrations();
  const [[server] = []] = await link.run([SERVER]);
  const settings = server?.ours === true ? await meta(link) : undefined;
  const version = settings === undefined ? 0 : checkVersion(settings);
  for (const { version: next, sql, compatibleWith } of known.filter((one) => one.version > version)) {
    const told = compatibleWith === undefined ? '' : `, ('compatible_with', '${compatibleWith}')`;
    await link.script(
      `BEGIN; ${sql}; INSERT INTO confab_meta VALUES ('schema_version', '${next}')${told}
       ON CONFLICT (key) DO UPDATE SET value = excluded.value; COMMIT`,
    );
  }
}

/** The schema's version; throws StoreError when this Confab may not work on it. */
export function checkVersion(settings: ReadonlyMap<string, string>): number {
  const version = Number(settings.get('schema_version'));
  const newest = newestVersion();
  if (!Number.isInteger(version))
    throw new StoreError('not-a-database', 'the table confab_meta is not one of Confab');
  const oldest = Number(settings.get('compatible_with') ?? 0);
  if (version > newest && !(oldest <= newest))
    throw new StoreError(
      'newer-version',
      `the database has schema version ${version} and needs a Confab that knows ${oldest}, this one knows ${newest}; run the newer Confab`,
    );
  return version;
}

async function clusterOf(link: Link): Promise<Pick<ClusterParts, 'partitions' | 'schemaVersion'>> {
  const partitions = Number((await meta(link)).get('partitions'));
  return { partitions, schemaVersion: newestVersion() };
}

/** The installation's id, made once. */
async function identify(link: Link): Promise<string> {
  const settings = await meta(link);
  if (settings.has(UNFINISHED)) throw new StoreError('unfinished', UNFINISHED_MESSAGE);
  checkNotRolledBack(settings);
  const known = settings.get('install_id');
  if (known !== undefined) return known;
  const installId = randomBytes(4).toString('hex');
  await link.run([call(PUT_META, 'install_id', installId)]);
  return installId;
}

export async function meta(link: Link): Promise<Map<string, string>> {
  const [rows = []] = await link.run([META]);
  return new Map(rows.map((row) => [row.key as string, row.value as string]));
}

/** Brings the settings of all endpoints under the first key; see `resealAll` of the SQLite store. */
async function reseal(link: Link, sealer: Sealer): Promise<void> {
  const [rows = []] = await link.run([SETTINGS]);
  const stale = rows.flatMap((row) => {
    if (row.deleted_at !== null) return [];
    const owner = { app: row.app as number, name: row.name as string };
    const { text, current } = sealer.open(row.settings as string, owner);
    return current ? [] : [call(RESEAL, row.id as number, sealer.seal(text, owner))];
  });
  await link.transact([...stale, EMPTY_DELETED]);
}
