import Type from 'typebox';
import type { MsgElement } from '../event.ts';
import { flag, groupId, optional, topicId, uint32 } from './fields.ts';

/** More messages than these are never in one answer; a greater number asked for counts as this one (tencent-rest G.2). */
export const MAX_HISTORY_MESSAGES = 20;

/** `group_open_http_svc/group_msg_get_simple`. Source: tencent-rest-message C2.6. */
export const GroupMsgGetSimpleRequest = Type.Object({
  GroupId: groupId(),
  ReqMsgNumber: Type.Integer({
    minimum: 1,
    description: `Most messages; at most ${MAX_HISTORY_MESSAGES} come`,
  }),
  ReqMsgSeq: optional(uint32('Highest MsgSeq wanted; 0 or absent: the newest')),
  WithRecalledMsg: optional(flag('Recalled messages are told from deleted ones')),
  TopicId: topicId,
});
export type GroupMsgGetSimpleRequest = Type.Static<typeof GroupMsgGetSimpleRequest>;

export interface HistoryMessage {
  readonly From_Account: string;
  /** 0 a message, 1 a hole (deleted, expired), 2 recalled. */
  readonly IsPlaceMsg: 0 | 1 | 2;
  /** 1 high, 2 normal, 3 low, 4 lowest. */
  readonly MsgPriority: number;
  readonly MsgRandom: number;
  readonly MsgSeq: number;
  /** Unix seconds. */
  readonly MsgTimeStamp: number;
  /** Empty unless `IsPlaceMsg` is 0. */
  readonly MsgBody: readonly MsgElement[];
  /** 1 for tips of the system, otherwise absent. */
  readonly IsSystemMsg?: 1;
  readonly CloudCustomData?: string;
}

export interface GroupMsgGetSimpleResponse {
  readonly GroupId: string;
  /** 1: everything asked for is here, 0: cut, 2: cut and everything has expired. */
  readonly IsFinished: 0 | 1 | 2;
  /** Newest first. */
  readonly RspMsgList: readonly HistoryMessage[];
}
