import {
  ERRORS,
  type GetGroupMsgReceiptDetailRequest,
  type GetGroupMsgReceiptDetailResponse,
  type GetGroupMsgReceiptRequest,
  type GetGroupMsgReceiptResponse,
  type GroupMsgReceiptRequest,
  type SetUnreadMsgNumRequest,
} from '@confab-im/protocol';
import { type ReceiptState, unreadNum } from '../domain/receipts.ts';
import type { Refusal } from '../domain/refusal.ts';
import { decodeTopic, topicRefusal } from './topic.ts';

export interface ReceiptsWanted {
  readonly groupId: string;
  /** As asked for, repetitions included. */
  readonly msgSeqs: readonly number[];
}

export function decodeReceipts(request: GetGroupMsgReceiptRequest): ReceiptsWanted | Refusal {
  const msgSeqs = request.MsgSeqList.map(({ MsgSeq }) => MsgSeq);
  return topicRefusal(request.TopicId) ?? { groupId: request.GroupId, msgSeqs };
}

export function encodeReceipts(
  { msgSeqs }: ReceiptsWanted,
  receipts: readonly (ReceiptState & { readonly msgSeq: number })[],
): GetGroupMsgReceiptResponse {
  const found = new Map(receipts.map((receipt) => [receipt.msgSeq, receipt]));
  return {
    GroupMsgReceiptList: msgSeqs.map((MsgSeq) => {
      const receipt = found.get(MsgSeq);
      return receipt === undefined
        ? { Code: ERRORS.RECEIPT_NOT_FOUND.code, MsgSeq, ReadNum: 0, UnreadNum: 0 }
        : { Code: 0, MsgSeq, ReadNum: receipt.readNum, UnreadNum: unreadNum(receipt) };
    }),
  };
}

/** More members than these are never in one answer (tencent-rest-message C2.10). */
const MAX_MEMBERS = 200;

export interface ReceiptMembersWanted {
  readonly groupId: string;
  readonly msgSeq: number;
  readonly read: boolean;
  readonly after: number;
  readonly limit: number;
}

export function decodeReceiptDetail(
  request: GetGroupMsgReceiptDetailRequest,
): ReceiptMembersWanted | Refusal {
  const { GroupId, MsgSeq, Filter, Flag, Cursor, Count, Num, TopicId } = request;
  return (
    topicRefusal(TopicId) ?? {
      groupId: GroupId,
      msgSeq: MsgSeq,
      read: (Filter ?? Flag ?? 0) === 0,
      after: Number(Cursor ?? 0),
      limit: Math.min(Count ?? Num ?? MAX_MEMBERS, MAX_MEMBERS),
    }
  );
}

export function encodeReceiptDetail(
  { msgSeq, read }: ReceiptMembersWanted,
  { userIds, next }: { readonly userIds: readonly string[]; readonly next: number },
): GetGroupMsgReceiptDetailResponse {
  const done = next === 0 ? 1 : 0;
  return {
    MsgSeq: msgSeq,
    Cursor: next === 0 ? '' : String(next),
    IsFinish: done,
    IsFinished: done,
    ...(read
      ? { ReadList: userIds.map((Read_Account) => ({ Read_Account })) }
      : { UnreadList: userIds.map((Unread_Account) => ({ Unread_Account })) }),
  };
}

export function decodeReceiptReport(
  request: GroupMsgReceiptRequest,
): { readonly groupId: string; readonly reader: string; readonly msgSeqs: readonly number[] } | Refusal {
  const msgSeqs = request.MsgSeqList.map(({ MsgSeq }) => MsgSeq);
  return topicRefusal(request.TopicId) ?? { groupId: request.GroupId, reader: request.From_Account, msgSeqs };
}

export function decodeUnread(request: SetUnreadMsgNumRequest): Unread {
  const { GroupId, Member_Account, UnreadMsgNum, TopicId } = request;
  return { groupId: GroupId, ...decodeTopic(TopicId), userId: Member_Account, unread: UnreadMsgNum };
}

export interface Unread {
  readonly groupId: string;
  readonly topicId?: string;
  readonly userId: string;
  readonly unread: number;
}
