import type { Log } from './log.ts';

/** Log sequences of one stream's sends by mark, in two generations: when the younger is full or a window old, the older is forgotten. */
interface Recent {
  younger: Map<number, number>;
  older: Map<number, number>;
  /** Unix ms at which the younger generation began. */
  since: number;
}

/** Remembered per stream, at most twice this: 5 minutes of 333 messages a second. */
const PER_STREAM = 100_000;
/** Remembered in all, about 40 bytes each; beyond that, copies are found among fewer than 5 minutes of sends. */
const IN_ALL = 500_000;

/**
 * 48 bits over everything that counts; `digest` is `messageDigest`. Not the Random alone: a client that sends the same one with
 * every message would have each of them compared with all the others.
 */
export function markOf(random: number, digest: string): number {
  const high = Number.parseInt(digest.slice(0, 4), 16);
  const low = Number.parseInt(digest.slice(4, 12), 16);
  return high * 2 ** 32 + ((low ^ random) >>> 0);
}

/** What of the log is read when a stream is first sent to. */
type RecentLog = Pick<Log, 'fromTime' | 'sendsSince'>;

/**
 * Finds the earlier copy of a send. The log is the truth; this is an index over its last minutes, kept in memory because as
 * a table it would double the pages that a message writes (docs/decisions/0003). It is rebuilt from the log when a stream is
 * first sent to.
 */
export class RecentSends {
  readonly #log: RecentLog;
  readonly #streams = new Map<number, Recent>();
  /** Sends remembered, and one for each stream. */
  #count = 0;

  constructor(log: RecentLog) {
    this.#log = log;
  }

  /** The stream's sends are in memory: `find` will not look into the log. */
  knows(streamId: number): boolean {
    return this.#streams.has(streamId);
  }

  /** Where the last send with this mark stands in the log, if it can be later than `since` (unix ms); `head` is the end of the log. */
  find(streamId: number, mark: number, since: number, head: number): number | undefined {
    const recent = this.#recent(streamId, since, head);
    return recent.younger.get(mark) ?? recent.older.get(mark);
  }

  /** Takes note of a send. `windowMs` is the age at which copies no longer count. */
  add(streamId: number, mark: number, seq: number, time: number, windowMs: number): void {
    const recent = this.#streams.get(streamId);
    if (recent === undefined) return;
    if (recent.younger.size >= PER_STREAM || time - recent.since > windowMs) {
      this.#count -= recent.older.size;
      recent.older = recent.younger;
      recent.younger = new Map();
      recent.since = time;
    }
    if (!recent.younger.has(mark)) this.#count += 1;
    recent.younger.set(mark, seq);
    if (this.#count > IN_ALL) this.#forgetOldest(streamId, time);
  }

  forget(): void {
    this.#streams.clear();
    this.#count = 0;
  }

  #recent(streamId: number, since: number, head: number): Recent {
    const known = this.#streams.get(streamId);
    if (known !== undefined) {
      this.#streams.delete(streamId);
      this.#streams.set(streamId, known);
      return known;
    }
    const recent = this.#fromLog(streamId, since, head);
    this.#streams.set(streamId, recent);
    this.#count += recent.younger.size + 1;
    return recent;
  }

  #fromLog(streamId: number, since: number, head: number): Recent {
    const younger = new Map<number, number>();
    let began = 0;
    const after = Math.max(this.#log.fromTime(streamId, since + 1, head) - 1, head - PER_STREAM);
    for (const send of this.#log.sendsSince(streamId, after, since)) {
      if (began === 0) began = send.time;
      younger.set(markOf(send.random, send.digest), send.log_seq);
    }
    return { younger, older: new Map(), since: began };
  }

  /**
   * Makes room: older generations go first, of the streams least recently sent to. A stream that has been forgotten whole is
   * read again from the log when it is next sent to, so that is done only to streams with nothing left to remember.
   */
  #forgetOldest(except: number, time: number): void {
    for (const [streamId, recent] of this.#streams) {
      if (this.#count <= IN_ALL) return;
      if (recent.older.size + recent.younger.size === 0 && streamId !== except) {
        this.#streams.delete(streamId);
        this.#count -= 1;
        continue;
      }
      this.#count -= recent.older.size;
      recent.older = recent.younger;
      recent.younger = new Map();
      recent.since = time;
    }
  }
}
