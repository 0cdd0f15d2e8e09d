import type { GroupMessageSent, MsgElement } from '@confab-im/protocol';
import { excerpt, printable } from './printable.ts';
import { formatTime } from './time.ts';

/** Longest text of a message on its line. */
const TEXT_WIDTH = 76;
/** A UserID has up to 32 bytes (tencent-rest A.6); longer than `administrator` is rare among people. */
const SENDER_WIDTH = 13;

/** One recorded message: when, which group, and the columns of `messageColumns`. */
export function recordedLine(
  event: GroupMessageSent,
  info: { readonly recordedAt: number; readonly delayMs?: number },
  timeZone: string,
): string {
  return `${formatTime(info.recordedAt, timeZone)}  ${printable(event.groupId)}${messageColumns(event, info.delayMs)}`;
}

/** Another event that was recorded: when, which group, what. */
export function eventLine(
  event: { readonly groupId: string; readonly kind: string },
  { recordedAt }: { readonly recordedAt: number },
  timeZone: string,
): string {
  return `${formatTime(recordedAt, timeZone)}  ${printable(event.groupId)}  ${event.kind}`;
}

export const MESSAGE_COLUMNS = `  ${'MsgSeq'}  ${'from'.padEnd(SENDER_WIDTH)}  ${'delay'.padStart(8)}  message`;

/** Number, sender, delay from the event to its record, and the message in short: the columns of `MESSAGE_COLUMNS`. */
export function messageColumns(event: GroupMessageSent, delayMs: number | undefined): string {
  const delay = delayMs === undefined ? '-' : `${Math.round(delayMs)} ms`;
  const sender = excerpt(event.sender, SENDER_WIDTH).padEnd(SENDER_WIDTH);
  const text = excerpt(summary(event.msgBody), TEXT_WIDTH);
  return `  ${String(event.msgSeq).padStart(6)}  ${sender}  ${delay.padStart(8)}  ${text}`;
}

/** A message in one line: texts as they are, other elements by their type and what they say of themselves. */
export function summary(elements: readonly MsgElement[]): string {
  return elements
    .map(({ MsgType, MsgContent }) => {
      if (typeof MsgContent.Text === 'string') return MsgContent.Text.trim();
      const name = MsgType.replace(/^TIM(.*)Elem$/, '$1').toLowerCase();
      const words = [MsgContent.Desc, MsgContent.FileName].find((value) => typeof value === 'string');
      return words === undefined ? `[${name}]` : `[${name}: ${words}]`;
    })
    .join(' ');
}
