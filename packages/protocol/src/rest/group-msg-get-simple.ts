import Type from 'typebox';
import { StoredElement } from '../elements.ts';
import { type Answered, count, list, seconds, text } from './answer.ts';
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

export const HistoryMessage = Type.Object({
  From_Account: text('Sender; empty in a hole'),
  IsPlaceMsg: Type.Enum([0, 1, 2], {
    description: '0 a message, 1 a hole (deleted, expired), 2 recalled',
  }),
  MsgPriority: Type.Enum([1, 2, 3, 4], { description: '1 high, 2 normal, 3 low, 4 lowest' }),
  MsgRandom: count('Random number of the message'),
  MsgSeq: count('Number of the message in the group'),
  MsgTimeStamp: seconds('When it was sent'),
  MsgBody: list(StoredElement, 'Elements; empty unless IsPlaceMsg is 0'),
  IsSystemMsg: optional(Type.Enum([1], { description: 'A tip of the system; otherwise absent' })),
  CloudCustomData: optional(text('Custom data of the message')),
});
export type HistoryMessage = Answered<typeof HistoryMessage>;

export const GroupMsgGetSimpleResponse = Type.Object({
  GroupId: text('The group'),
  IsFinished: Type.Enum([0, 1, 2], {
    description: '1: everything asked for is here, 0: cut, 2: cut and everything has expired',
  }),
  RspMsgList: list(HistoryMessage, 'Newest first'),
});
export type GroupMsgGetSimpleResponse = Answered<typeof GroupMsgGetSimpleResponse>;
