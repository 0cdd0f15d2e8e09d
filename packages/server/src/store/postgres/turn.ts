import { StoreError } from '../errors.ts';
import { Contention } from './contention.ts';
import { isPassing, postgresErrorOf } from './failure.ts';
import { GuardFailed } from './guards.ts';
import type { LanesTold } from './lanes.ts';
import type { Link } from './link.ts';
import { type Seen, type Session, seenIn } from './session.ts';
import type { Call, Row } from './statement.ts';
import { lockStreams, streamRows, streamsNow } from './streams.ts';
import { discard, keep, LOAD_COMMON, loaded, type PostgresTables, recounted } from './tables.ts';

/** Rounds of questions that one turn asks. A decision needs a handful; one that walks through a log, a round for each page of it. */
const ROUNDS = 4_000;
/** A write that failed for a passing reason is tried so often. */
const TRIES = 5;
/** So often a batch is decided anew because others have changed what it was decided on. Once the streams are locked that is rare. */
const RACES = 50;

/** `freely`: others may write meanwhile, and what was decided on is checked when it is written. */
type Way =
  | { readonly kind: 'freely' }
  /** These streams are locked before anything is decided. */
  | { readonly kind: 'locked'; readonly streams: ReadonlySet<number> }
  /** Nobody else writes. */
  | { readonly kind: 'alone' };

interface Done<T> {
  readonly result: T;
  readonly told: LanesTold;
  /** What the pass has changed in memory is void: the memory was made anew since. */
  readonly isVoid: boolean;
}

type Inside = Exclude<Way, { kind: 'freely' }>;

type Run = (calls: readonly Call[]) => Promise<Row[][]>;

/** Streams that a batch is about, as far as can be told before it is decided. */
type About = () => ReadonlySet<number>;

const FREELY: Way = { kind: 'freely' };
const NOTHING_TOLD: LanesTold = { standing: new Set(), kept: new Set() };

/**
 * One turn: decides until nothing is unknown, writes, remembers. What was remembered may be out of date, for other processes write, too:
 * the transaction checks it, and if it was, nothing is written and the batch is decided anew, with its streams locked first. So a group
 * that everybody writes to makes progress with every try (docs/decisions/0025).
 */
export class Turn {
  readonly #tables: PostgresTables;
  readonly #contention = new Contention();
  #session: Session | undefined;
  /** No other process was registered when `seen` was: then nobody needs the locks of streams. */
  #isAlone = false;
  /** What is remembered of endpoints, replays and accounts is as of this. */
  #seen: Seen = { config: 0, accounts: 0 };

  constructor(tables: PostgresTables) {
    this.#tables = tables;
  }

  start(session: Session): void {
    this.#session = session;
  }

  get session(): Session {
    if (this.#session === undefined) throw new StoreError('closed', 'the store is not open');
    return this.#session;
  }

  /** Nothing that was remembered before counts: a new connection. */
  async load(link: Link, seen: Seen): Promise<void> {
    const [others, ...rows] = await link.run([this.session.others, ...LOAD_COMMON]);
    loaded(this.#tables, rows);
    this.#isAlone = Number(others?.[0]?.n) === 0;
    this.#seen = seen;
  }

  /**
   * `reads`: the pass is not expected to write, and what it was decided on is checked with its questions. `about`: streams to be locked
   * first if others write to one of them. After a lost connection the
   * fence tells whether the write was committed; if not, everything is decided anew, for what was remembered is void.
   */
  async take<T>(pass: () => T, reads: boolean, about?: About): Promise<Done<T>> {
    const { session } = this;
    const tables = this.#tables;
    let way = this.#wayOf(about);
    let tries = 0;
    for (let races = 0; ; ) {
      try {
        const link = await session.ready();
        const done: Done<T> | Way =
          way.kind === 'freely' ? await this.#freely(link, pass, reads) : await this.#inside(link, pass, way);
        if ('result' in done) {
          if (!done.isVoid) await this.#remember(link);
          return done;
        }
        way = done;
      } catch (cause) {
        const error = postgresErrorOf(cause);
        if (cause instanceof GuardFailed && session.fatal === undefined && races < RACES) {
          races += 1;
          tables.guards.failed(cause.guard);
          way = this.#locked(way);
          continue;
        }
        tries += 1;
        if (session.fatal !== undefined || !isPassing(error) || tries >= TRIES) throw error;
      } finally {
        discard(tables);
        tables.questions.clear();
      }
    }
  }

  /** In one round trip when nothing is unknown. */
  async #freely<T>(link: Link, pass: () => T, reads: boolean): Promise<Done<T> | Way> {
    const { common, guards, groups, lanes, writes } = this.#tables;
    const result = await this.#decideChecked((calls) => link.run(calls), pass, reads);
    if (common.alone) return { kind: 'alone' };
    if (writes.empty) return { result, told: NOTHING_TOLD, isVoid: false };
    const before = [...guards.calls(), ...groups.streamCalls()];
    const calls = [...before, ...writes.calls()];
    const uncertain = lanes.told(undefined);
    const locks = this.#isAlone ? [] : this.#streams();
    const rows = await this.#sent(link, () => this.session.write(link, this.#seen, locks, calls));
    if (rows === undefined) return { result, told: uncertain, isVoid: true };
    return { result, told: lanes.told(rows.slice(before.length)), isVoid: false };
  }

  /** In a transaction that has locked what is decided on. */
  async #inside<T>(link: Link, pass: () => T, way: Inside): Promise<Done<T> | Way> {
    const { lanes, recentSends } = this.#tables;
    const first =
      way.kind === 'alone'
        ? []
        : [lockStreams(way.streams), streamsNow([...way.streams]), recentSends.news(way.streams)];
    let uncertain = NOTHING_TOLD;
    let decided: { readonly result: T } | Way = way;
    let before = 0;
    const rows = await this.#sent(link, () =>
      this.session.transaction(
        link,
        { alone: way.kind === 'alone', first },
        async (transaction, seen, found) => {
          await this.#catchUp(transaction.run, seen);
          this.#learn(found);
          decided = await this.#decideLocked(transaction.run, pass, way);
          if (!('result' in decided)) return [];
          const { groups, guards, writes, common } = this.#tables;
          const guarded = [...guards.calls(), ...groups.streamCalls()];
          before = guarded.length;
          uncertain = lanes.told(undefined);
          const told = this.session.tellOthers(common.changed);
          return transaction.finish([...guarded, ...writes.calls(), ...told]);
        },
      ),
    );
    if (!('result' in decided)) return decided;
    const { result } = decided as { readonly result: T };
    if (rows === undefined) return { result, told: uncertain, isVoid: true };
    return { result, told: lanes.told(rows.slice(before)), isVoid: false };
  }

  /** `found`: the answers of what goes with the beginning of a transaction that has locked its streams. */
  #learn([, now = [], sends = []]: readonly Row[][]): void {
    const { groups, recentSends } = this.#tables;
    const streams = streamRows(now);
    const news = groups.refresh(streams);
    for (const { id } of streams) this.#contention.locked(id, news.has(id));
    recentSends.learn(sends, streams);
  }

  /** Streams that turn up only while it is decided are locked then; those that would be out of order, with all others in another try. */
  async #decideLocked<T>(run: Run, pass: () => T, way: Inside): Promise<{ readonly result: T } | Way> {
    const { common, groups, questions } = this.#tables;
    const locked = new Set(way.kind === 'alone' ? [] : way.streams);
    for (;;) {
      const result = await this.#decide(run, pass);
      if (common.alone && way.kind !== 'alone') return { kind: 'alone' };
      const fresh = [...this.#streams()].filter((id) => !locked.has(id));
      if (fresh.length === 0) return { result };
      if (way.kind !== 'alone' && Math.min(...fresh) < Math.max(...locked, 0)) return this.#locked(way);
      for (const id of fresh) locked.add(id);
      const [, found = []] = await run([lockStreams(fresh), streamsNow(fresh)]);
      const now = streamRows(found);
      if (now.every((row) => groups.isAsFound(row))) return { result };
      groups.refresh(now);
      questions.clear();
    }
  }

  /** What writes nothing is not checked when it is written: so it is checked here. */
  async #decideChecked<T>(run: Run, pass: () => T, reads: boolean): Promise<T> {
    const { groups, questions, writes } = this.#tables;
    let isCurrent = false;
    const withCheck: Run = async (calls) => {
      if (!reads || isCurrent) return run(calls);
      const [seen = [], ...rows] = await run([this.session.seen, ...calls]);
      isCurrent = true;
      await this.#catchUp(run, seenIn(seen[0]));
      return rows;
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const result = await this.#decide(withCheck, pass);
      const { relied } = groups;
      if (!writes.empty || (isCurrent && relied.length === 0)) return result;
      const [seen = [], found = []] = await run([this.session.seen, streamsNow(relied)]);
      const now = streamRows(found);
      const isSame = this.#isSeen(seenIn(seen[0])) && now.every((row) => groups.isAsFound(row));
      if (isSame) return result;
      await this.#catchUp(run, seenIn(seen[0]));
      groups.refresh(now);
      questions.clear();
    }
    throw new StoreError('busy', 'others change all the time what this is decided on; try again');
  }

  async #decide<T>(run: Run, pass: () => T): Promise<T> {
    const tables = this.#tables;
    for (let round = 0; round < ROUNDS; round += 1) {
      discard(tables);
      try {
        const result = pass();
        if (!tables.questions.open) return result;
      } catch (error) {
        if (!tables.questions.open) throw error;
      }
      await tables.questions.answer(run);
    }
    throw new StoreError('internal', `the store asked ${ROUNDS} times and could not decide`);
  }

  /** Rows of a transaction; undefined when it was committed, but its answer is lost. */
  async #sent(link: Link, send: () => Promise<Row[][]>): Promise<Row[][] | undefined> {
    try {
      return await send();
    } catch (error) {
      if (this.session.fatal !== undefined || link.lost === undefined) throw error;
      if (await this.session.wasCommitted()) return undefined;
      throw error;
    }
  }

  async #remember(link: Link): Promise<void> {
    const tables = this.#tables;
    const recount = tables.endpoints.changed || tables.replays.changed;
    keep(tables);
    if (!recount) return;
    try {
      recounted(tables, await link.run(LOAD_COMMON));
    } catch {
      // The connection is lost with it: the next one loads everything.
    }
  }

  #wayOf(about: About | undefined): Way {
    if (about === undefined || this.#isAlone || this.#contention.none) return FREELY;
    const streams = about();
    return this.#contention.isAmong(streams) ? { kind: 'locked', streams } : FREELY;
  }

  #isSeen({ config, accounts }: Seen): boolean {
    return config === this.#seen.config && accounts === this.#seen.accounts;
  }

  /** Others have changed what all remember: it is read again. */
  async #catchUp(run: Run, seen: Seen): Promise<void> {
    const tables = this.#tables;
    if (seen.accounts !== this.#seen.accounts) tables.accounts.forget();
    if (seen.config !== this.#seen.config) {
      discard(tables);
      const [others, ...rows] = await run([this.session.others, ...LOAD_COMMON]);
      recounted(tables, rows);
      this.#isAlone = Number(others?.[0]?.n) === 0;
    }
    this.#seen = seen;
  }

  /** Others were faster: now the streams are locked first. */
  #locked(way: Way): Way {
    if (way.kind === 'alone') return way;
    const known = way.kind === 'locked' ? way.streams : [];
    return { kind: 'locked', streams: new Set([...known, ...this.#streams()]) };
  }

  /** Streams that this pass writes to, or was decided on. */
  #streams(): Set<number> {
    const { groups, lanes } = this.#tables;
    const streams = new Set(lanes.streams);
    for (const streamId of groups.relied) streams.add(streamId);
    return streams;
  }
}
