import Type from 'typebox';
import { type Answered, codeOf, count, list, oneOrZero, text } from './answer.ts';
import { groupId, optional, topicId, uint32, userId } from './fields.ts';

const msgSeqList = (maxItems: number, description: string) =>
  Type.Array(Type.Object({ MsgSeq: uint32('The message') }), { minItems: 1, maxItems, description });

/** `group_open_http_svc/get_group_msg_receipt`. Source: tencent-rest-message C2.9. */
export const GetGroupMsgReceiptRequest = Type.Object({
  GroupId: groupId(),
  MsgSeqList: msgSeqList(100, 'Messages'),
  TopicId: topicId,
});
export type GetGroupMsgReceiptRequest = Type.Static<typeof GetGroupMsgReceiptRequest>;

export const GetGroupMsgReceiptResponse = Type.Object({
  GroupMsgReceiptList: list(
    Type.Object({
      Code: codeOf('0, or 10062: there is no receipt'),
      MsgSeq: count('The message'),
      ReadNum: count('Members who have read it'),
      UnreadNum: count('Members who have not'),
    }),
    'In the order asked for',
  ),
});
export type GetGroupMsgReceiptResponse = Answered<typeof GetGroupMsgReceiptResponse>;

/** `group_open_http_svc/get_group_msg_receipt_detail`; the SDK says `Flag` and `Num`. Source: tencent-rest-message C2.10. */
export const GetGroupMsgReceiptDetailRequest = Type.Object({
  GroupId: groupId(),
  MsgSeq: uint32('The message'),
  Filter: optional(Type.Enum([0, 1], { description: '0: who has read it, 1: who has not' })),
  Flag: optional(Type.Enum([0, 1], { description: 'Other name of Filter' })),
  Cursor: optional(
    Type.String({ pattern: '^[0-9]{0,15}$', description: 'Of the page before; empty at first' }),
  ),
  Count: optional(Type.Integer({ minimum: 1, description: 'Most members; at most 200 come' })),
  Num: optional(Type.Integer({ minimum: 1, description: 'Other name of Count' })),
  TopicId: topicId,
});
export type GetGroupMsgReceiptDetailRequest = Type.Static<typeof GetGroupMsgReceiptDetailRequest>;

export const GetGroupMsgReceiptDetailResponse = Type.Object({
  MsgSeq: count('The message'),
  Cursor: text('To be sent for the next page; empty on the last one'),
  IsFinish: oneOrZero('1: the last page'),
  IsFinished: oneOrZero('Other name of IsFinish'),
  ReadList: optional(list(Type.Object({ Read_Account: text('A member') }), 'Who has read it')),
  UnreadList: optional(list(Type.Object({ Unread_Account: text('A member') }), 'Who has not')),
});
export type GetGroupMsgReceiptDetailResponse = Answered<typeof GetGroupMsgReceiptDetailResponse>;

/** `group_open_http_svc/group_msg_receipt`: a member has read messages. Source: tencent-rest-user D10. */
export const GroupMsgReceiptRequest = Type.Object({
  GroupId: groupId(),
  From_Account: userId('Who has read them'),
  MsgSeqList: msgSeqList(50, 'Messages'),
  TopicId: topicId,
});
export type GroupMsgReceiptRequest = Type.Static<typeof GroupMsgReceiptRequest>;
