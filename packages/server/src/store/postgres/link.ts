import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { PEM_PARAMETERS } from '../../base/database-url.ts';
import { StoreError } from '../errors.ts';
import { leavesConnection, postgresErrorOf } from './failure.ts';
import { guardFailure } from './guards.ts';
import { type Call, call, type Row, statement } from './statement.ts';

/** A server that does not take a connection, or is silent in the middle of a statement, for this long is gone. */
const CONNECT_MS = 5_000;
const SILENT_MS = 20_000;
/** A peer that vanished without a word is noticed within half a minute, here and at the server. */
const KEEPALIVE_MS = 10_000;

/** "Cfab"; the second half of the key is the schema, so that several installations may share a database. */
const LOCK = 0x43666162;
const STARTING = LOCK + 1;
const LOCK_NOT_AVAILABLE = '55P03';
const SCHEMA = '(SELECT oid::int8 % 2147483647 FROM pg_namespace WHERE nspname = current_schema())::int4';

/** Statements are planned once, and not for each batch: that took longer than to run them. */
const PLAN_ONCE = 'SET plan_cache_mode = force_generic_plan';
/** A plan made for small tables may be a bad one for large ones: all are made anew after 1, 2, 4, 8 … transactions, and then after each so many. */
const PLANS_LAST = 4_096;
const DISCARD_PLANS = call(statement('DISCARD PLANS'));

const BEGIN = call(statement('BEGIN'));
const COMMIT = call(statement('COMMIT'));
const ROLLBACK = call(statement('ROLLBACK'));

/** int8 and numeric as numbers: what is counted here stays far below 2^53. bytea is UTF-8 text. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid: number) {
    switch (oid) {
      case 16:
        return (value: string) => value === 't';
      case 17:
        return (value: string) => Buffer.from(value.slice(2), 'hex').toString('utf8');
      case 20:
      case 21:
      case 23:
      case 26:
      case 1700:
        return Number;
      default:
        return String;
    }
  },
};

export interface Address {
  readonly url: string;
  /** A database that says nothing for so long is gone. */
  readonly silentMs?: number;
}

/** Throws StoreError: a PEM file that cannot be read. */
export function clientConfig({ url, silentMs = SILENT_MS }: Address): pg.ClientConfig {
  checkPemFiles(url);
  return {
    connectionString: url,
    application_name: 'confab',
    connectionTimeoutMillis: Math.min(CONNECT_MS, silentMs),
    query_timeout: silentMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    types: TYPES,
  };
}

/** The driver reads them too, and would say which file is missing, but not what for. */
function checkPemFiles(url: string): void {
  const { searchParams } = new URL(url);
  for (const name of PEM_PARAMETERS) {
    const path = searchParams.get(name);
    if (!path) continue;
    try {
      readFileSync(path);
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code;
      const message = `${name} in the store URL names ${path}, which cannot be read (${why}); check the path and its permissions`;
      throw new StoreError('denied', message, { cause });
    }
  }
}

/** For what the server's own settings might say otherwise. A process that is paused in a transaction keeps locks that others wait for. */
export const SESSION = `SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET bytea_output = 'hex';
  SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
  SET idle_in_transaction_session_timeout = '5s'; SET jit = off; SET default_transaction_isolation = 'read committed';
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;

const MYSELF = call(
  statement('SELECT pid, backend_start::text AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()'),
);
const TERMINATE = statement(
  'SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2',
);

/** A transaction of several round trips. */
export interface Transaction {
  run(calls: readonly Call[]): Promise<Row[][]>;
  /** The last of them, and the commit. */
  finish(calls: readonly Call[]): Promise<Row[][]>;
}

/** One connection as the server knows it. */
export interface Backend {
  readonly pid: number;
  readonly since: string;
}

/**
 * One connection. Statements go out together and are answered in their order, in one round trip. After a failure the connection is not
 * used again, for nobody knows what the server has made of it; unless the failure is one of those that only roll a transaction back.
 */
export class Link {
  readonly #client: pg.Client;
  #lost: StoreError | undefined;
  #transactions = 0;

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on('error', (error) => {
      this.#lost ??= postgresErrorOf(error);
    });
    client.on('end', () => {
      this.#lost ??= new StoreError('unreachable', 'the connection to the database was lost');
    });
  }

  /** Throws StoreError. */
  static async open(address: Address): Promise<Link> {
    const link = new Link(new pg.Client({ ...clientConfig(address), pipeline: true }));
    try {
      await link.#client.connect();
      await link.#client.query(`${SESSION}; ${PLAN_ONCE}`);
      return link;
    } catch (error) {
      link.close();
      throw postgresErrorOf(error);
    }
  }

  /** Why it can no longer be used. */
  get lost(): StoreError | undefined {
    return this.#lost;
  }

  /** Runs the statements, each for itself; rows of each. */
  async run(calls: readonly Call[]): Promise<Row[][]> {
    return (await this.#send(calls)).map(({ rows }) => rows);
  }

  /** All or nothing, in one round trip; rows of each. */
  async transact(calls: readonly Call[]): Promise<Row[][]> {
    const before = this.#plansAreOld() ? [DISCARD_PLANS, BEGIN] : [BEGIN];
    const results = await this.#send([...before, ...calls, COMMIT]);
    if (results.at(-1)?.command !== 'COMMIT') throw this.#fail(new Error('the transaction was rolled back'));
    return results.slice(before.length, -1).map(({ rows }) => rows);
  }

  /** A transaction that has to look at what it did before it goes on. One that `work` does not finish is rolled back. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const begin = this.#plansAreOld() ? [DISCARD_PLANS, BEGIN] : [BEGIN];
    let begun = false;
    let finished = false;
    const run = async (calls: readonly Call[], end: readonly Call[] = []): Promise<Row[][]> => {
      const before = begun ? [] : begin;
      begun = true;
      const results = await this.#send([...before, ...calls, ...end]);
      if (end.length > 0 && results.at(-1)?.command !== 'COMMIT')
        throw this.#fail(new Error('the transaction was rolled back'));
      finished = end.length > 0;
      return results.slice(before.length, before.length + calls.length).map(({ rows }) => rows);
    };
    try {
      const result = await work({ run: (calls) => run(calls), finish: (calls) => run(calls, [COMMIT]) });
      if (!finished) await this.run([ROLLBACK]);
      return result;
    } catch (error) {
      if (this.#lost === undefined) await this.run([ROLLBACK]);
      throw leavesConnection(error) ? error : this.#fail(error);
    }
  }

  /** Several statements without parameters, as one text. */
  async script(text: string): Promise<void> {
    try {
      await this.#client.query(text);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Told of what others send to this channel, as long as the connection lasts. */
  async listen(channel: string, told: (payload: string) => void): Promise<void> {
    this.#client.on('notification', (message) => {
      if (message.channel === channel && message.payload !== undefined) told(message.payload);
    });
    await this.script(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  async backend(): Promise<Backend> {
    const [[row] = []] = await this.run([MYSELF]);
    return { pid: row?.pid as number, since: row?.since as string };
  }

  /** Ends a connection of ours that the server may still believe alive: it would keep the lock. */
  async terminate({ pid, since }: Backend): Promise<void> {
    await this.run([call(TERMINATE, pid, since)]);
  }

  /**
   * Takes the lock of this schema, which goes with the connection: `alone` keeps every other Confab process away, otherwise only those
   * that want to be alone.
   */
  async lock(alone: boolean, waitMs: number): Promise<void> {
    const take = alone ? 'pg_advisory_lock' : 'pg_advisory_lock_shared';
    try {
      await this.#client.query(`SET lock_timeout = ${waitMs}`);
      await this.#client.query(`SELECT ${take}(${LOCK}, ${SCHEMA}); SET lock_timeout = 0`);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
      const taken = 'another Confab process has this database open; stop it first';
      throw this.#fail(isTaken ? new StoreError('locked', taken, { cause: error }) : error);
    }
  }

  /** One process at a time does this to a schema. */
  async oneByOne<T>(work: () => Promise<T>): Promise<T> {
    await this.script(`SELECT pg_advisory_lock(${STARTING}, ${SCHEMA})`);
    const result = await work();
    await this.script(`SELECT pg_advisory_unlock(${STARTING}, ${SCHEMA})`);
    return result;
  }

  /** Whatever is under way fails, whether the server still hears of it or not. */
  abandon(why: string): void {
    this.#fail(new StoreError('unreachable', why));
  }

  /** Says goodbye, but waits for no answer. */
  close(): void {
    this.#lost ??= new StoreError('closed', 'the store is closed');
    this.#client.end().catch(() => {});
  }

  async #send(calls: readonly Call[]): Promise<pg.QueryResult[]> {
    if (this.#lost !== undefined) throw this.#lost;
    // One packet instead of one for each statement.
    this.#stream.cork();
    const sent = calls.map(({ statement: { name, text }, values }) =>
      this.#client.query({ name, text, values: [...values] }),
    );
    this.#stream.uncork();
    const settled = await Promise.allSettled(sent);
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw this.#failure(failed.reason);
    return settled.map((one) => (one as PromiseFulfilledResult<pg.QueryResult>).value);
  }

  #plansAreOld(): boolean {
    this.#transactions += 1;
    const isPowerOfTwo = (this.#transactions & (this.#transactions - 1)) === 0;
    return this.#transactions < PLANS_LAST ? isPowerOfTwo : this.#transactions % PLANS_LAST === 0;
  }

  /** The socket; another one once TLS has been agreed on. */
  get #stream(): Duplex {
    return this.#client.connection.stream;
  }

  #failure(error: unknown): StoreError {
    const known = guardFailure(error) ?? postgresErrorOf(error);
    return leavesConnection(known) ? known : this.#fail(known);
  }

  #fail(error: unknown): StoreError {
    const failure = postgresErrorOf(error);
    this.#lost ??= failure;
    this.#stream.destroy();
    return failure;
  }
}
