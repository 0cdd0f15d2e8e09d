import type { MsgPriority } from '@confab-im/protocol';

/** A stored message, as far as history shows it. */
export interface PlacedMessage {
  readonly msgSeq: number;
  /** Unix seconds. */
  readonly msgTime: number;
  readonly sender: string;
  readonly random: number;
  readonly priority: MsgPriority;
  readonly state: 'normal' | 'recalled' | 'deleted';
  readonly tip: boolean;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
}

/** One number of a group's history: its message, or only the number where none is kept any more. */
export type HistoryEntry = PlacedMessage | { readonly msgSeq: number; readonly state: 'hole' };

export interface HistoryRange {
  /** Highest and lowest number, both inclusive; empty when `from < to`. */
  readonly from: number;
  readonly to: number;
}

/** The numbers a page shows: `limit` of them downwards from `fromMsgSeq` (0: from the newest), none below 1. */
export function historyRange(
  group: { readonly nextMsgSeq: number },
  fromMsgSeq: number,
  limit: number,
): HistoryRange {
  const newest = group.nextMsgSeq - 1;
  const from = fromMsgSeq === 0 ? newest : Math.min(fromMsgSeq, newest);
  return { from, to: Math.max(1, from - limit + 1) };
}

/** Every number of the range, newest first; numbers without a message are holes (tencent-rest-message C2.6). */
export function withHoles(
  messages: readonly PlacedMessage[],
  { from, to }: HistoryRange,
): readonly HistoryEntry[] {
  const bySeq = new Map(messages.map((message) => [message.msgSeq, message]));
  const entries: HistoryEntry[] = [];
  for (let msgSeq = from; msgSeq >= to; msgSeq--) {
    entries.push(bySeq.get(msgSeq) ?? { msgSeq, state: 'hole' });
  }
  return entries;
}
