import type { Clock } from '../../base/clock.ts';
import { StoreError } from '../errors.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { GuardFailed } from './guards.ts';
import { type Address, type Backend, Link } from './link.ts';
import { type Call, call, type Row, statement } from './statement.ts';

/** So long a command waits for a database that is away; after that it fails, and others fail at once until it is back. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 100;
/** Another process may be trying, too, in the moment in which nobody has the lock. */
const LOCK_WAIT_MS = 3_000;

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
const LEAVE = statement('DELETE FROM process WHERE id = $1');
/** Waits for a transaction of this process that the server may still be busy with. */
const MYSELF = statement(
  `WITH mine AS (SELECT batch FROM process WHERE id = $1 FOR UPDATE)
   SELECT (SELECT batch FROM mine) AS batch, generation FROM writer`,
);
const STANDBY = call(statement('SELECT pg_is_in_recovery() AS standby'));
const CONNECTED = statement('UPDATE process SET pid = $2, since = $3, written_at = now() WHERE id = $1');
const FENCE = statement(
  `WITH moved AS (UPDATE process SET batch = $2::int8 + 1, written_at = now() WHERE id = $1 AND batch = $2 RETURNING 1)
   SELECT CASE WHEN count(*) = 1 THEN 0 ELSE refuse('process') END FROM moved`,
);

export interface SessionOptions {
  readonly address: Address;
  readonly clock: Clock;
  /** Keeps every other process away from the database. */
  readonly alone: boolean;
  readonly generation: number;
  /** A new connection: nothing that was remembered of the database counts any more. */
  load(link: Link): Promise<void>;
}

/** Enters this process among those that write; its generation, which is higher than that of any that was started before. */
export async function register(link: Link, backend: Backend): Promise<number> {
  const [, [row] = []] = await link.transact([FORGET, call(REGISTER, backend.pid, backend.since)]);
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

  /** One fenced transaction in one round trip; rows of each statement. Throws GuardFailed. */
  async write(link: Link, calls: readonly Call[]): Promise<Row[][]> {
    return this.#fenced(link, async () => {
      const rows = await link.transact([call(FENCE, this.generation, this.#batch), ...calls]);
      return rows.slice(1);
    });
  }

  /** One fenced transaction that has to look at what it did before it goes on. */
  async transaction<T>(
    link: Link,
    work: (run: (...calls: Call[]) => Promise<Row[][]>) => Promise<T>,
  ): Promise<T> {
    return this.#fenced(link, () =>
      link.transaction(async (run) => {
        await run(call(FENCE, this.generation, this.#batch));
        return work(run);
      }),
    );
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

  async close(): Promise<void> {
    if (this.#link !== undefined && this.#link.lost === undefined)
      await this.#link.run([call(LEAVE, this.generation)]).catch(() => {});
    this.#link?.close();
  }

  async #fenced<T>(link: Link, write: () => Promise<T>): Promise<T> {
    this.#pending = true;
    try {
      const result = await write();
      this.#pending = false;
      this.#batch += 1;
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
      await this.#look(link);
      const backend = await link.backend();
      await link.run([call(CONNECTED, this.generation, backend.pid, backend.since)]);
      this.#backend = backend;
      await load(link);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** Is the row of this process still as its last transaction left it? */
  async #look(link: Link): Promise<void> {
    const [[row] = []] = await link.run([call(MYSELF, this.generation)]);
    this.#check(Number(row?.generation), row?.batch == null ? undefined : Number(row.batch));
  }

  #check(newest: number, batch: number | undefined): void {
    if (newest < this.generation || (batch !== undefined && batch < this.#batch))
      this.#fatal = new StoreError(
        'corrupt',
        `the database has lost what it had acknowledged (transaction ${batch ?? 0} of ${this.#batch}): it was restored, or a standby took ` +
          'over that was behind; use synchronous replication, and start Confab again',
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

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(PAUSE_MS, resolve));
}
