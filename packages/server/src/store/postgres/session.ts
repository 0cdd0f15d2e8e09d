import type { Clock } from '../../base/clock.ts';
import { StoreError } from '../errors.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { GuardFailed } from './guards.ts';
import { type Address, type Backend, Link, type Transaction } from './link.ts';
import { NOTE_ROLLED_BACK } from './rolled-back.ts';
import { type Call, call, type Row, statement } from './statement.ts';
import { lockOf, streamIds } from './streams.ts';

/** So long a command waits for a database that is away; after that it fails, and others fail at once until it is back. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 100;
/** Another process may be trying, too, in the moment in which nobody has the lock. */
const LOCK_WAIT_MS = 3_000;

/** Whoever changes what all processes remember has this row, so that there is one at a time, and none begins meanwhile. */
const FIRST_OF_ALL = call(statement('SELECT 1 FROM writer FOR UPDATE'));
/** Waits for the transactions of all others; theirs wait until this one ends. */
const STOP_OTHERS = call(
  statement('SELECT count(*) FROM (SELECT 1 FROM process ORDER BY id FOR UPDATE) AS p'),
);
const TELL_OTHERS = statement(
  'UPDATE process SET config = config + $2::int8, accounts = accounts + $3::int8 WHERE id <> $1',
);
/** Processes that were not seen for so long, and have no connection, are forgotten. */
const FORGET = call(
  statement(
    `DELETE FROM process p WHERE written_at < now() - interval '1 hour' AND NOT EXISTS (
       SELECT 1 FROM pg_stat_activity a WHERE a.pid = p.pid AND a.backend_start::text = p.since)`,
  ),
);
const REGISTER = statement(
  `WITH next AS (UPDATE writer SET generation = generation + 1 RETURNING generation)
   INSERT INTO process (id, batch, pid, since, written_at) SELECT generation, 0, $1, $2, now() FROM next RETURNING id`,
);
/** Who comes or goes tells the others, for one that is alone locks no streams. */
const TELL_ALL = call(statement('UPDATE process SET config = config + 1'));
const LEAVE = statement('DELETE FROM process WHERE id = $1');
const OTHERS = statement('SELECT count(*) AS n FROM (SELECT 1 FROM process WHERE id <> $1 LIMIT 1) AS p');
/** Waits for a transaction of this process that the server may still be busy with. */
const MYSELF = statement(
  `WITH mine AS (SELECT * FROM process WHERE id = $1 FOR UPDATE)
   SELECT w.generation, m.batch, m.config, m.accounts FROM writer w LEFT JOIN mine m ON true`,
);
const SEEN = statement('SELECT config, accounts FROM process WHERE id = $1');
/** The same where nothing can be locked. */
const STANDBY = call(statement('SELECT pg_is_in_recovery() AS standby'));
const CONNECTED = statement('UPDATE process SET pid = $2, since = $3, written_at = now() WHERE id = $1');
const MOVE = 'UPDATE process SET batch = $2::int8 + 1, written_at = now() WHERE id = $1 AND batch = $2';
const FENCE = statement(
  `WITH moved AS (${MOVE} AND config = $3 AND accounts = $4 RETURNING 1)
   SELECT CASE WHEN count(*) = 1 THEN 0 ELSE refuse('process') END, ${lockOf('$5')} FROM moved`,
);
/** As FENCE, but tells what others have changed. */
const OPEN = statement(
  `WITH moved AS (${MOVE} RETURNING config, accounts)
   SELECT max(config) AS config, max(accounts) AS accounts, CASE WHEN count(*) = 1 THEN 0 ELSE refuse('process') END FROM moved`,
);

/** How often others have told this process that endpoints or replays (config), or accounts, have changed. */
export interface Seen {
  readonly config: number;
  readonly accounts: number;
}

export interface SessionOptions {
  readonly address: Address;
  readonly clock: Clock;
  /** Keeps every other process away from the database. */
  readonly alone: boolean;
  readonly generation: number;
  /** A new connection: nothing that was remembered of the database counts any more. */
  load(link: Link, seen: Seen): Promise<void>;
}

/** Enters this process among those that write; its generation, which is higher than that of any that was started before. */
export async function register(link: Link, backend: Backend): Promise<number> {
  const [, , , [row] = []] = await link.transact([
    FIRST_OF_ALL,
    FORGET,
    TELL_ALL,
    call(REGISTER, backend.pid, backend.since),
  ]);
  return Number(row?.id);
}

/**
 * The one connection that writes. Each transaction is fenced: it moves a number on in the row of this process, and is rolled back if
 * that number is not the one that its last transaction has left. So nothing is written twice, and after a lost connection the number
 * tells whether the transaction under way was committed.
 */
export class Session {
  readonly generation: number;
  readonly #options: SessionOptions;
  #link: Link | undefined;
  /** The connection that wrote last. */
  #backend: Backend | undefined;
  /** Of the last transaction that is known to be committed. */
  #batch = 0;
  /** A transaction was sent, and its answer has not come. */
  #pending = false;
  #downSince: number | undefined;
  #trouble: StoreError | undefined;
  #fatal: StoreError | undefined;

  constructor(options: SessionOptions, link: Link, backend: Backend) {
    this.#options = options;
    this.generation = options.generation;
    this.#link = link;
    this.#backend = backend;
  }

  /** Why it cannot be written at the moment. */
  get trouble(): StoreError | undefined {
    return this.#fatal ?? this.#trouble ?? this.#link?.lost;
  }

  /** Why it can never be written again by this process. */
  get fatal(): StoreError | undefined {
    return this.#fatal;
  }

  /** The connection, made anew if it was lost. Throws StoreError when the database stays away. */
  async ready(): Promise<Link> {
    if (this.#fatal !== undefined) throw this.#fatal;
    if (this.#link !== undefined && this.#link.lost === undefined) return this.#link;
    const { clock } = this.#options;
    const since = this.#downSince ?? clock.monotonic();
    this.#downSince = since;
    for (;;) {
      try {
        this.#link = await this.#connect();
        this.#downSince = undefined;
        this.#trouble = undefined;
        return this.#link;
      } catch (cause) {
        const error = postgresErrorOf(cause);
        this.#trouble = error;
        if (this.#fatal !== undefined || !isPassing(error)) throw error;
        if (clock.monotonic() - since >= PATIENCE_MS) throw error;
        await pause(clock);
      }
    }
  }

  /**
   * One fenced transaction in one round trip, which begins with locking streams; rows of each statement. Throws GuardFailed, also when
   * `seen` is out of date.
   */
  async write(
    link: Link,
    { config, accounts }: Seen,
    streams: Iterable<number>,
    calls: readonly Call[],
  ): Promise<Row[][]> {
    return this.#fenced(link, async () => {
      const fence = call(FENCE, this.generation, this.#batch, config, accounts, streamIds(streams));
      const rows = (await link.transact([fence, ...calls])).slice(1);
      this.#batch += 1;
      return rows;
    });
  }

  /**
   * One fenced transaction of several round trips; if `work` does not finish it, nothing is written. `alone`: no other process writes meanwhile. `first` goes
   * with its beginning.
   */
  async transaction<T>(
    link: Link,
    { alone = false, first = [] }: { readonly alone?: boolean; readonly first?: readonly Call[] },
    work: (transaction: Transaction, seen: Seen, rows: readonly Row[][]) => Promise<T>,
  ): Promise<T> {
    return this.#fenced(link, () =>
      link.transaction(async (transaction) => {
        const before = alone ? [FIRST_OF_ALL, STOP_OTHERS] : [];
        const rows = await transaction.run([...before, call(OPEN, this.generation, this.#batch), ...first]);
        const finish = async (calls: readonly Call[]) => {
          const results = await transaction.finish(calls);
          this.#batch += 1;
          return results;
        };
        const seen = seenIn(rows[before.length]?.[0]);
        return work({ run: transaction.run, finish }, seen, rows.slice(before.length + 1));
      }),
    );
  }

  /** Whether there are others. */
  get others(): Call {
    return call(OTHERS, this.generation);
  }

  /** Tells what others have changed. */
  get seen(): Call {
    return call(SEEN, this.generation);
  }

  /** Tells all others that what they remember has changed. */
  tellOthers({ config, accounts }: { readonly config: boolean; readonly accounts: boolean }): Call[] {
    if (!config && !accounts) return [];
    return [call(TELL_OTHERS, this.generation, config ? 1 : 0, accounts ? 1 : 0)];
  }

  /**
   * After a failed write, before anything else connects: connects again and says whether it was committed all the same. Only a turn of
   * the store connects, and there is one at a time.
   */
  async wasCommitted(): Promise<boolean> {
    const before = this.#batch;
    await this.ready();
    return this.#batch > before;
  }

  /** Another connection to this database was lost: this one may be as dead, and not know it for long. It is made anew. */
  doubt(): void {
    this.#link?.abandon('another connection to the database was lost, and this one is made anew with it');
  }

  async close(): Promise<void> {
    if (this.#link !== undefined && this.#link.lost === undefined)
      await this.#link.transact([FIRST_OF_ALL, call(LEAVE, this.generation), TELL_ALL]).catch(() => {});
    this.#link?.close();
  }

  async #fenced<T>(link: Link, write: () => Promise<T>): Promise<T> {
    this.#pending = true;
    try {
      const result = await write();
      this.#pending = false;
      return result;
    } catch (error) {
      if (link.lost === undefined) this.#pending = false;
      if (error instanceof GuardFailed && error.guard === 'process') await this.#look(link);
      throw error;
    }
  }

  async #connect(): Promise<Link> {
    const { address, alone, load } = this.#options;
    const link = await Link.open(address);
    try {
      if (this.#backend !== undefined) await link.terminate(this.#backend);
      const [[server] = []] = await link.run([STANDBY]);
      if (server?.standby === true)
        throw new StoreError('read-only', 'the database is a read-only standby; connect to the primary');
      await link.lock(alone, LOCK_WAIT_MS);
      const seen = await this.#look(link);
      const backend = await link.backend();
      await link.run([call(CONNECTED, this.generation, backend.pid, backend.since)]);
      this.#backend = backend;
      await load(link, seen);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** Is the row of this process still as its last transaction left it? */
  async #look(link: Link): Promise<Seen> {
    const [[row] = []] = await link.run([call(MYSELF, this.generation)]);
    const batch = row?.batch == null ? undefined : Number(row.batch);
    if (this.#isRolledBack(Number(row?.generation), batch)) await link.run([NOTE_ROLLED_BACK]);
    this.#check(Number(row?.generation), batch);
    return seenIn(row);
  }

  #isRolledBack(newest: number, batch: number | undefined): boolean {
    return newest < this.generation || (batch !== undefined && batch < this.#batch);
  }

  #check(newest: number, batch: number | undefined): void {
    if (this.#isRolledBack(newest, batch))
      this.#fatal = new StoreError(
        'corrupt',
        `the database has lost what it had acknowledged (transaction ${batch ?? 0} of ${this.#batch}): it was restored, or a standby took ` +
          'over that was behind; stop all nodes, run "confab restore --in-place", and start them',
      );
    else if (batch === undefined)
      this.#fatal = new StoreError('locked', 'another Confab process has taken over the database');
    else if (batch > this.#batch + (this.#pending ? 1 : 0))
      this.#fatal = new StoreError(
        'locked',
        'another process has written to the database in the name of this one',
      );
    if (this.#fatal !== undefined) throw this.#fatal;
    this.#batch = batch ?? 0;
    this.#pending = false;
  }
}

export function seenIn(row: Row | undefined): Seen {
  return { config: Number(row?.config ?? 0), accounts: Number(row?.accounts ?? 0) };
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(PAUSE_MS, resolve));
}
