import type { Log, RecentSend } from './log.ts';

/** Sends of one stream by Random, in two generations: when the younger is full or a window old, the older is forgotten. */
interface Recent {
  younger: Map<number, number[]>;
  older: Map<number, number[]>;
  /** Unix ms at which the younger generation began. */
  since: number;
}

/** Remembered per stream, at most twice this: 5 minutes of 333 messages a second. */
const PER_STREAM = 100_000;
/** Remembered in all, about 60 bytes each; the streams least recently sent to are forgotten first and read again from the log. */
const IN_ALL = 500_000;

/**
 * Finds the earlier copies of a send. The log is the truth; this is an index over its last minutes, kept in memory because as
 * a table it would double the pages that a message writes (docs/decisions/0003). It is rebuilt from the log when a stream is
 * first sent to.
 */
export class RecentSends {
  readonly #log: Log;
  readonly #streams = new Map<number, Recent>();
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Earlier sends to this stream with this Random, later than `since` (unix ms); `head` is the stream's last log sequence. */
  find(streamId: number, random: number, since: number, head: number): RecentSend[] {
    const recent = this.#recent(streamId, since, head);
    const seqs = [...(recent.older.get(random) ?? []), ...(recent.younger.get(random) ?? [])];
    return seqs.flatMap((seq) => {
      const row = this.#log.sendAt(streamId, seq);
      return row !== undefined && row.time > since ? [row] : [];
    });
  }

  /** Takes note of a send. `windowMs` is the age at which copies no longer count. */
  add(streamId: number, random: number, seq: number, time: number, windowMs: number): void {
    const recent = this.#streams.get(streamId);
    if (recent === undefined) return;
    if (recent.younger.size >= PER_STREAM || time - recent.since > windowMs) {
      this.#count -= recent.older.size;
      recent.older = recent.younger;
      recent.younger = new Map();
      recent.since = time;
    }
    remember(recent.younger, random, seq);
    this.#count += 1;
    if (this.#count > IN_ALL) this.#forgetOldest(streamId);
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
    const younger = new Map<number, number[]>();
    let began = 0;
    for (const row of this.#log.sendsSince(streamId, Math.max(0, head - PER_STREAM), since)) {
      remember(younger, row.random, row.log_seq);
      if (began === 0) began = row.time;
    }
    const recent: Recent = { younger, older: new Map(), since: began };
    this.#streams.set(streamId, recent);
    this.#count += younger.size;
    return recent;
  }

  #forgetOldest(except: number): void {
    for (const [streamId, recent] of this.#streams) {
      if (this.#count <= IN_ALL) return;
      if (streamId === except) continue;
      this.#streams.delete(streamId);
      this.#count -= recent.younger.size + recent.older.size;
    }
  }
}

function remember(sends: Map<number, number[]>, random: number, seq: number): void {
  const seqs = sends.get(random);
  if (seqs === undefined) sends.set(random, [seq]);
  else seqs.push(seq);
}
