import type { GroupMessageSent } from '@confab-im/protocol';
import { messageColumns } from '../text/recorded-line.ts';
import { type Column, renderTable } from '../text/table.ts';

/** What one run of the demonstration has seen recorded: prints each line as it comes and counts. */
export interface Journal {
  /** One webhook was recorded; `delayMs` is from the event to its row in the inbox. */
  recorded(event: GroupMessageSent, delayMs: number | undefined): void;
  /** Resolves when the message with this number of this group has been recorded. */
  until(groupId: string, msgSeq: number): Promise<void>;
  /** A small table of this run. */
  statistics(): string;
}

interface Tally {
  readonly sender: string;
  messages: number;
}

/** @param print Gets one line at a time. */
export function createJournal(print: (line: string) => void): Journal {
  const tallies = new Map<string, Tally>();
  const delays: number[] = [];
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();

  return {
    recorded(event, delayMs) {
      const tally = tallies.get(event.sender) ?? { sender: event.sender, messages: 0 };
      tally.messages += 1;
      tallies.set(event.sender, tally);
      if (delayMs !== undefined) delays.push(delayMs);
      print(messageColumns(event, delayMs));
      const key = keyOf(event.groupId, event.msgSeq);
      seen.add(key);
      waiting.get(key)?.();
    },
    until(groupId, msgSeq) {
      const key = keyOf(groupId, msgSeq);
      return seen.has(key) ? Promise.resolve() : new Promise((resolve) => waiting.set(key, resolve));
    },
    statistics: () => renderStatistics([...tallies.values()], delays),
  };
}

const COLUMNS: readonly Column<Tally>[] = [
  { title: 'sender', cell: ({ sender }) => sender },
  { title: 'messages', cell: ({ messages }) => messages },
];

function renderStatistics(tallies: readonly Tally[], delays: readonly number[]): string {
  const sorted = [...delays].sort((a, b) => a - b);
  const table = renderTable(
    COLUMNS,
    [...tallies].sort((a, b) => b.messages - a.messages),
    'No webhooks in this run.',
  );
  if (sorted.length === 0) return table;
  return `${table}\ndelay from commit to recorded: p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms\n`;
}

function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function keyOf(groupId: string, msgSeq: number): string {
  return JSON.stringify([groupId, msgSeq]);
}
