import { BoundedMap } from '../../base/bounded-map.ts';
import type { Send } from '../sqlite/log.ts';
import { markOf, RecentSends } from '../sqlite/recent-sends.ts';
import { int8s } from './arrays.ts';
import { SENDS_SINCE, sendOf, sendsAfter } from './log.ts';
import type { Questions } from './questions.ts';
import type { Memory } from './rows.ts';
import { type Call, call, type Row } from './statement.ts';
import type { StreamRow } from './streams.ts';

/** Sends of one stream that are read when it is first sent to. */
const FROM_LOG = 100_000;
/** Questions are asked for whole minutes, so that the sends of a batch ask the same one. */
const MINUTE = 60_000;
/** Sends of others that are read together with the lock of their stream; where there are more, they are asked for. */
const NEWS = 256;
const SENDS_AFTER = sendsAfter(NEWS);
/** Streams of which it is known how far they are known; about 50 bytes each. */
const STREAMS = 500_000;

interface Added {
  readonly streamId: number;
  readonly mark: number;
  readonly seq: number;
  readonly time: number;
  readonly windowMs: number;
}

/**
 * The index of recent sends over PostgreSQL: the same memory, filled with one question per stream, told of a batch's own sends only
 * when they are durable, and of what other processes have sent when the head of the log shows that there is something.
 */
export class PostgresRecentSends implements Memory {
  readonly #questions: Questions;
  readonly #windowMs: number;
  #read: readonly Send[] = [];
  readonly #kept = new RecentSends({
    fromTime: () => 1,
    sendsSince: () => this.#read,
  });
  /** All sends of a stream up to this log sequence are known. */
  readonly #through = new BoundedMap<number, number>(STREAMS);
  #added: Added[] = [];
  /** Of this pass, by stream and mark. */
  readonly #marks = new Map<string, number>();
  /** The head of each stream as this pass found it, before its own sends. */
  readonly #heads = new Map<number, number>();

  constructor(questions: Questions, windowMs: number) {
    this.#questions = questions;
    this.#windowMs = windowMs;
  }

  find(streamId: number, mark: number, since: number, head: number): number | undefined {
    const own = this.#marks.get(`${streamId}/${mark}`);
    if (own !== undefined) return own;
    const end = this.#heads.get(streamId) ?? head;
    this.#heads.set(streamId, end);
    const isNew = !this.#kept.knows(streamId);
    const through = isNew ? 0 : (this.#through.get(streamId) ?? 0);
    if (through < end) {
      const after = Math.max(through, end - FROM_LOG);
      const sends = this.#questions.ask(SENDS_SINCE, streamId, after, since - (since % MINUTE), end);
      // Void anyway, and the stand-in must not be remembered.
      if (this.#questions.open) return undefined;
      this.#through.set(streamId, end);
      if (isNew) this.#read = sends;
      else for (const send of sends) this.#take(streamId, send);
    }
    const found = this.#kept.find(streamId, mark, since, head);
    this.#read = [];
    return found;
  }

  /** Asks what others have sent to streams that are known so far, for `learn`. */
  news(streams: Iterable<number>): Call {
    const ids: number[] = [];
    const after: number[] = [];
    for (const streamId of streams) {
      const through = this.#kept.knows(streamId) ? this.#through.get(streamId) : undefined;
      if (through === undefined) continue;
      ids.push(streamId);
      after.push(through);
    }
    return call(SENDS_AFTER, int8s(ids), int8s(after));
  }

  /** `streams`: as they were when that was asked, and are still, for they are locked. */
  learn(news: readonly Row[], streams: readonly StreamRow[]): void {
    const of = Map.groupBy(news, (row) => row.stream_id as number);
    for (const { id, head } of streams) {
      const rows = of.get(id) ?? [];
      if (!this.#kept.knows(id) || this.#through.get(id) === undefined || rows.length >= NEWS) continue;
      for (const row of rows) this.#take(id, sendOf(row));
      this.#through.set(id, head);
    }
  }

  add(streamId: number, mark: number, seq: number, time: number, windowMs: number): void {
    this.#marks.set(`${streamId}/${mark}`, seq);
    this.#added.push({ streamId, mark, seq, time, windowMs });
  }

  /** This process has written what lies between: all sends of it are known. */
  advance(streamId: number, from: number, to: number): void {
    if (this.#through.get(streamId) === from) this.#through.set(streamId, to);
  }

  discard(): void {
    this.#added = [];
    this.#marks.clear();
    this.#heads.clear();
  }

  keep(): void {
    for (const { streamId, mark, seq, time, windowMs } of this.#added)
      this.#kept.add(streamId, mark, seq, time, windowMs);
    this.discard();
  }

  forget(): void {
    this.discard();
    this.#kept.forget();
    this.#through.clear();
  }

  #take(streamId: number, { random, digest, log_seq, time }: Send): void {
    this.#kept.add(streamId, markOf(random, digest), log_seq, time, this.#windowMs);
  }
}
