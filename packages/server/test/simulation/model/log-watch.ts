import type { DuplicateMessage, SendMessage, SentMessage, Trim } from '../../../src/store/commands.ts';
import type { Violation } from '../violation.ts';

interface Stored extends SentMessage {
  readonly onlineOnly: boolean;
  readonly time: number;
  acknowledged: boolean;
  /** Its row in the log may be gone, by which a repeat would be known. */
  forgotten: boolean;
}

/** Where a message stands in history. */
export interface MessagePlace {
  readonly streamId: number;
  readonly msgSeq: number;
  readonly random: number;
}

/** More than a group of a history has. */
const MSG_SEQS = 1_000_000;

/** The numbers that commits gave out, and what clients were told. */
export class LogWatch {
  readonly #heads = new Map<number, { logSeq: number; msgSeq: number; time: number }>();
  /** By `Random`, which no two sends of a history share: each time that it was stored, which is once within the window of repeats. */
  readonly #sends = new Map<number, Stored[]>();
  readonly #dedupWindowMs: number;

  constructor(dedupWindowMs: number) {
    this.#dedupWindowMs = dedupWindowMs;
  }

  /** Its creation is the group's first event; it takes no `MsgSeq` (design, invariant 2). */
  groupCreated(streamId: number): void {
    this.#heads.set(streamId, { logSeq: 1, msgSeq: 0, time: 0 });
  }

  /** Log sequence of the last event of a stream. */
  headOf(streamId: number): number {
    return this.#heads.get(streamId)?.logSeq ?? 0;
  }

  /** A commit took a message in. */
  sent(command: SendMessage, result: SentMessage): Violation | undefined {
    const head = this.#heads.get(result.streamId);
    if (head === undefined) return { rule: 'dense-numbers', why: `stream ${result.streamId} does not exist` };
    // A stream's time stands still when the clock is put back.
    head.time = Math.max(head.time, command.now);
    const copies = this.#sends.get(command.random) ?? [];
    const first = copies.at(-1);
    if (first !== undefined && !first.forgotten && head.time - first.time < this.#dedupWindowMs) {
      return { rule: 'acknowledged-durable', why: `Random ${command.random} was stored twice` };
    }
    const { random, onlineOnly } = command;
    this.#sends.set(random, [
      ...copies,
      { ...result, onlineOnly, time: head.time, acknowledged: false, forgotten: false },
    ]);
    head.logSeq += 1;
    if (!onlineOnly) head.msgSeq += 1;
    const msgSeq = onlineOnly ? 0 : head.msgSeq;
    if (result.logSeq === head.logSeq && result.msgSeq === msgSeq) return undefined;
    const got = `log sequence ${result.logSeq} and MsgSeq ${result.msgSeq}`;
    return {
      rule: 'dense-numbers',
      why: `stream ${result.streamId}: a message got ${got} in place of ${head.logSeq} and ${msgSeq}`,
    };
  }

  /** What is older than the window by the clock of the node that trims, which may be ahead of the one that took it in. */
  trimmed({ now, replayWindowMs }: Trim): void {
    const before = now - Math.max(replayWindowMs, this.#dedupWindowMs);
    for (const copy of [...this.#sends.values()].flat()) if (copy.time < before) copy.forgotten = true;
  }

  /** The client was told. */
  acknowledged(command: SendMessage, result: SentMessage | DuplicateMessage): Violation | undefined {
    const stored = this.#sends.get(command.random)?.find(({ msgSeq }) => msgSeq === result.msgSeq);
    if (stored === undefined) {
      return {
        rule: 'acknowledged-durable',
        why: `Random ${command.random} was acknowledged as MsgSeq ${result.msgSeq}, not as it was stored`,
      };
    }
    stored.acknowledged = true;
    return undefined;
  }

  /** At the end; `messages` are all that stand in the tables. */
  finish(messages: readonly MessagePlace[]): Violation | undefined {
    const stored = new Map(messages.map((place) => [keyOf(place), place.random]));
    for (const [random, copies] of this.#sends) {
      for (const { streamId, msgSeq, acknowledged, onlineOnly } of copies) {
        if (!acknowledged || onlineOnly || stored.get(keyOf({ streamId, msgSeq })) === random) continue;
        return {
          rule: 'acknowledged-durable',
          why: `MsgSeq ${msgSeq} of stream ${streamId} was acknowledged and is gone`,
        };
      }
    }
    return undefined;
  }
}

function keyOf({ streamId, msgSeq }: Omit<MessagePlace, 'random'>): number {
  return streamId * MSG_SEQS + msgSeq;
}
