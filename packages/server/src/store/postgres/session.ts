import type { Clock } from '../../base/clock.ts';
import { StoreError } from '../errors.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { type Address, type Backend, Link } from './link.ts';
import { type Call, call, type Row, statement } from './statement.ts';

/** So long a command waits for a database that is away; after that it fails, and others fail at once until it is back. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 100;
/** Another process may be trying, too, in the moment in which nobody has the lock. */
const LOCK_WAIT_MS = 3_000;

const WRITER = call(statement('SELECT generation, batch, pg_is_in_recovery() AS standby FROM writer'));
/** A division by zero, which rolls the transaction back, if somebody else has written since. */
const FENCE = statement(
  `WITH moved AS (UPDATE writer SET batch = $2::int8 + 1 WHERE generation = $1 AND batch = $2 RETURNING 1)
   SELECT 1 / count(*) AS own FROM moved`,
);

export interface SessionOptions {
  readonly address: Address;
  readonly clock: Clock;
  readonly generation: number;
  readonly batch: number;
  /** A new connection: nothing that was remembered of the database counts any more. */
  load(link: Link): Promise<void>;
}

/**
 * The one connection that writes. Each transaction is fenced: it moves a number on, and is rolled back if that number is not the one
 * that the last transaction of this process has left. So nothing is written twice, by nobody else in between, and after a lost
 * connection the number tells whether the transaction under way was committed.
 */
export class Session {
  readonly generation: number;
  readonly #options: SessionOptions;
  #link: Link | undefined;
  /** The connection that has the lock, or had it. */
  #backend: Backend | undefined;
  /** Of the last transaction that is known to be committed. */
  #batch: number;
  /** A transaction was sent, and its answer has not come. */
  #pending = false;
  #downSince: number | undefined;
  #trouble: StoreError | undefined;
  #fatal: StoreError | undefined;

  constructor(options: SessionOptions, link: Link, backend: Backend) {
    this.#options = options;
    this.generation = options.generation;
    this.#batch = options.batch;
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

  /** One fenced transaction in one round trip; rows of each statement. */
  async write(link: Link, calls: readonly Call[]): Promise<Row[][]> {
    return this.#fenced(async () => {
      const rows = await link.transact([call(FENCE, this.generation, this.#batch), ...calls]);
      return rows.slice(1);
    });
  }

  /** One fenced transaction that has to look at what it did before it goes on. */
  async transaction<T>(
    link: Link,
    work: (run: (...calls: Call[]) => Promise<Row[][]>) => Promise<T>,
  ): Promise<T> {
    return this.#fenced(() =>
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

  close(): void {
    this.#link?.close();
  }

  async #fenced<T>(write: () => Promise<T>): Promise<T> {
    this.#pending = true;
    try {
      const result = await write();
      this.#pending = false;
      this.#batch += 1;
      return result;
    } catch (cause) {
      const error = postgresErrorOf(cause);
      if (error.code === 'locked') this.#fatal = error;
      throw error;
    }
  }

  async #connect(): Promise<Link> {
    const { address, load } = this.#options;
    const link = await Link.open(address);
    try {
      if (this.#backend !== undefined) await link.terminate(this.#backend);
      await link.lock(LOCK_WAIT_MS);
      const [[writer] = []] = await link.run([WRITER]);
      if (writer?.standby === true)
        throw new StoreError('read-only', 'the database is a read-only standby; connect to the primary');
      this.#check(Number(writer?.generation), Number(writer?.batch));
      this.#backend = await link.backend();
      await load(link);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  #check(generation: number, batch: number): void {
    if (generation !== this.generation) {
      this.#fatal = new StoreError('locked', 'another Confab process has taken over the database');
      throw this.#fatal;
    }
    if (batch > this.#batch + (this.#pending ? 1 : 0)) {
      this.#fatal = new StoreError(
        'locked',
        'another process has written to the database in the name of this one',
      );
      throw this.#fatal;
    }
    if (batch < this.#batch) {
      this.#fatal = new StoreError(
        'corrupt',
        `the database has lost what it had acknowledged (transaction ${batch} of ${this.#batch}): it was restored, or a standby took over ` +
          'that was behind; use synchronous replication, and start Confab again',
      );
      throw this.#fatal;
    }
    this.#batch = batch;
    this.#pending = false;
  }
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(PAUSE_MS, resolve));
}
