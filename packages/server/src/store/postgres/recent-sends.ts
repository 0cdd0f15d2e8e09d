import type { Send } from '../sqlite/log.ts';
import { RecentSends } from '../sqlite/recent-sends.ts';
import { SENDS_SINCE } from './log.ts';
import type { Questions } from './questions.ts';
import type { Memory } from './rows.ts';

/** Sends of one stream that are read when it is first sent to. */
const FROM_LOG = 100_000;
/** Questions are asked for whole minutes, so that the sends of a batch ask the same one. */
const MINUTE = 60_000;

interface Added {
  readonly streamId: number;
  readonly mark: number;
  readonly seq: number;
  readonly time: number;
  readonly windowMs: number;
}

/**
 * The index of recent sends over PostgreSQL: the same memory, filled with one question per stream, and told of a batch's own sends
 * only when they are durable.
 */
export class PostgresRecentSends implements Memory {
  readonly #questions: Questions;
  #read: readonly Send[] = [];
  readonly #kept = new RecentSends({
    fromTime: () => 1,
    sendsSince: () => this.#read,
  });
  #added: Added[] = [];
  /** Of this pass, by stream and mark. */
  readonly #marks = new Map<string, number>();
  /** The head of each stream as this pass found it, before its own sends. */
  readonly #heads = new Map<number, number>();

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  find(streamId: number, mark: number, since: number, head: number): number | undefined {
    const own = this.#marks.get(`${streamId}/${mark}`);
    if (own !== undefined) return own;
    if (!this.#kept.knows(streamId)) {
      const end = this.#heads.get(streamId) ?? head;
      this.#heads.set(streamId, end);
      const sends = this.#questions.ask(SENDS_SINCE, streamId, end - FROM_LOG, since - (since % MINUTE), end);
      // Void anyway, and the stand-in must not be remembered.
      if (this.#questions.open) return undefined;
      this.#read = sends;
    }
    const found = this.#kept.find(streamId, mark, since, head);
    this.#read = [];
    return found;
  }

  add(streamId: number, mark: number, seq: number, time: number, windowMs: number): void {
    this.#marks.set(`${streamId}/${mark}`, seq);
    this.#added.push({ streamId, mark, seq, time, windowMs });
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
  }
}
