import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Who has read a message, as one bit for each member by the number in which he joined: exact, and 128 bytes for a thousand members
 * instead of a row for each (docs/decisions/0027). In pieces, so that a report rewrites little however large the group is.
 */
export const CHUNK_BITS = 1_024;
const NIBBLE = 4;

/** A message that asked for receipts. */
export interface ReceiptState {
  readonly sender: string;
  /** Members who joined with this number or a later one came after the message. */
  readonly beforeOrdinal: number;
  /** Who was to read it, and who of these has: of those who were members when it was last counted. */
  readonly recipients: number;
  readonly readNum: number;
  /** How many had left the group then; -1: not known. */
  readonly departures: number;
  /** Targeted message: only these were to read it. */
  readonly targets?: readonly string[];
}

export interface Place {
  readonly chunk: number;
  readonly bit: number;
}

export function placeOf(ordinal: number): Place {
  return { chunk: Math.floor(ordinal / CHUNK_BITS), bit: ordinal % CHUNK_BITS };
}

/** Bits as text, four to a character, the lowest first; what is not there is not set. */
export function hasBit(bits: string, bit: number): boolean {
  const at = Math.floor(bit / NIBBLE);
  return (Number.parseInt(bits[at] ?? '0', 16) & (1 << (bit % NIBBLE))) !== 0;
}

export function withBit(bits: string, bit: number): string {
  const at = Math.floor(bit / NIBBLE);
  const padded = bits.padEnd(at + 1, '0');
  const nibble = Number.parseInt(padded[at] ?? '0', 16) | (1 << (bit % NIBBLE));
  return padded.slice(0, at) + nibble.toString(16) + padded.slice(at + 1);
}

/** Was this member to read the message? */
export function isRecipient(state: ReceiptState, userId: string, ordinal: number): boolean {
  if (userId === state.sender || ordinal >= state.beforeOrdinal) return false;
  return state.targets === undefined || state.targets.includes(userId);
}

/** A member by the number in which he joined. */
export interface OrdinalMember {
  readonly user_id: string;
  readonly ordinal: number;
}

/** How many have left a group: of the numbers that it has given away, one for each that joined, those that no member has. */
export function departuresOf({ nextOrdinal, memberNum }: { nextOrdinal: number; memberNum: number }): number {
  return nextOrdinal - 1 - memberNum;
}

/**
 * The receipt of those who are members still, as the lists of readers show them. `members` and `bitsOf` are asked only when somebody has
 * left since it was counted.
 */
export function countedNow<State extends ReceiptState>(
  receipt: State,
  departures: number,
  present: {
    readonly members: () => readonly OrdinalMember[];
    readonly bitsOf: (chunk: number) => string;
  },
): State {
  if (receipt.departures === departures) return receipt;
  const bits = new Map<number, string>();
  let recipients = 0;
  let readNum = 0;
  for (const { user_id, ordinal } of present.members()) {
    if (!isRecipient(receipt, user_id, ordinal)) continue;
    recipients += 1;
    const { chunk, bit } = placeOf(ordinal);
    const known = bits.get(chunk) ?? present.bitsOf(chunk);
    bits.set(chunk, known);
    if (hasBit(known, bit)) readNum += 1;
  }
  return { ...receipt, recipients, readNum, departures };
}

export function unreadNum({ recipients, readNum }: ReceiptState): number {
  return recipients - readNum;
}

export function receiptTypeRefusal({ groupId, type }: Group): Refusal | undefined {
  return GROUP_TYPE_TRAITS[type].readReceipts
    ? undefined
    : refuse('PERMISSION_DENIED', `group "${groupId}" is of type ${type}, which has no read receipts`);
}
