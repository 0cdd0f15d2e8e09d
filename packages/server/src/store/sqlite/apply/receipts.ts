import type { GroupFacts } from '@confab-im/protocol';
import {
  countedNow,
  departuresOf,
  hasBit,
  isRecipient,
  type OrdinalMember,
  placeOf,
  receiptTypeRefusal,
  unreadNum,
  withBit,
} from '../../../domain/receipts.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { SendMessage } from '../../commands.ts';
import type { MessageResults, ReportReceipts } from '../../message-commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';
import { liveGroup } from './live-group.ts';
import { sourceOf } from './send-failure.ts';

/** A message asks for receipts: who is in the group now is to read it. App backends are told so (tencent-webhooks C.5). */
export function openReceipt(
  tables: Tables,
  state: GroupState,
  command: SendMessage,
  at: { readonly msgSeq: number; readonly senderIsMember: boolean },
): void {
  const { group } = state;
  if (receiptTypeRefusal(group) !== undefined) return;
  const targets = command.to && [...new Set(command.to)].filter((userId) => userId !== command.sender);
  const recipients = targets?.length ?? group.memberNum - (at.senderIsMember ? 1 : 0);
  tables.receipts.open(group.streamId, at.msgSeq, {
    sender: command.sender,
    beforeOrdinal: state.nextOrdinal,
    recipients,
    readNum: 0,
    departures: departures(state),
    ...(targets === undefined ? {} : { targets }),
  });
  const receipt = { msgSeq: at.msgSeq, readNum: 0, unreadNum: recipients, readers: [] };
  appendFact(
    tables,
    state,
    'group.message.receipts',
    { now: command.now, from: sourceOf(command) },
    { receipts: [receipt] },
  );
}

export function applyReportReceipts(
  tables: Tables,
  command: ReportReceipts,
): MessageResults['reportReceipts'] {
  const state = liveGroup(tables, command.app, command.groupId);
  if ('kind' in state) return state;
  const { groupId, streamId } = state.group;
  const refusal = receiptTypeRefusal(state.group);
  if (refusal !== undefined) return refusal;
  const { reader } = command;
  const ordinal = tables.receipts.ordinalOf(streamId, reader);
  if (ordinal === undefined) {
    return refuse(
      'PERMISSION_DENIED',
      `"${reader}" is not a member of "${groupId}"; members read its messages`,
    );
  }
  const { chunk, bit } = placeOf(ordinal);
  const left = departures(state);
  const members = membersOf(tables, state);
  const receipts: GroupFacts['group.message.receipts']['receipts'][number][] = [];
  for (const msgSeq of new Set(command.msgSeqs)) {
    const receipt = tables.receipts.get(streamId, msgSeq);
    if (receipt === undefined || !isRecipient(receipt, reader, ordinal)) continue;
    const bits = tables.receipts.bits(streamId, msgSeq, chunk);
    if (hasBit(bits, bit)) continue;
    const bitsOf = (of: number) => tables.receipts.bits(streamId, msgSeq, of);
    const before = countedNow(receipt, left, { members, bitsOf });
    const counts = { ...before, readNum: before.readNum + 1 };
    tables.receipts.read(streamId, msgSeq, { ...counts, chunk, bits: withBit(bits, bit) });
    receipts.push({ msgSeq, readNum: counts.readNum, unreadNum: unreadNum(counts), readers: [reader] });
  }
  if (receipts.length > 0) appendFact(tables, state, 'group.message.receipts', command, { receipts });
  return { kind: 'done', reported: receipts.map(({ msgSeq }) => msgSeq) };
}

export function departures({ nextOrdinal, group: { memberNum } }: GroupState): number {
  return departuresOf({ nextOrdinal, memberNum });
}

/** All members, looked up once and only if they are asked for. */
export function membersOf(
  tables: Tables,
  { nextOrdinal, group: { streamId } }: GroupState,
): () => readonly OrdinalMember[] {
  let known: readonly OrdinalMember[] | undefined;
  return () => {
    known ??= tables.receipts.members(streamId, 0, nextOrdinal);
    return known;
  };
}
