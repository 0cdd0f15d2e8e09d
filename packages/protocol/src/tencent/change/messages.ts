import Type from 'typebox';
import { parseJson } from '../../json.ts';
import { Element, U32 } from '../group-message-fields.ts';
import { Members, Operator, ofMembers, tencentChange, toMembers } from './change.ts';

const TopicId = Type.Optional(Type.String({ description: 'Topic, for what happens in a topic' }));
const COUNT = { minimum: 0 };

/** Source: tencent-webhooks C.4. */
export const afterRecallMsg = tencentChange({
  kind: 'group.message.recalled',
  command: 'Group.CallbackAfterRecallMsg',
  description: 'Messages of a group have been recalled',
  eventTime: 'since G4',
  fields: {
    Operator_Account: Operator,
    MsgSeqList: Type.Array(Type.Object({ MsgSeq: Type.Integer(U32) })),
    TopicId,
  },
  write: ({ operator, msgSeqs, topicId }) => ({
    Operator_Account: operator,
    MsgSeqList: msgSeqs.map((msgSeq) => ({ MsgSeq: msgSeq })),
    TopicId: topicId || undefined,
  }),
  read: ({ Operator_Account: operator, MsgSeqList: list, TopicId: topicId }) => ({
    operator,
    msgSeqs: list.map(({ MsgSeq: msgSeq }) => msgSeq),
    ...(topicId && { topicId }),
  }),
});

/** Source: tencent-webhooks C.3. */
export const sendMsgException = tencentChange({
  kind: 'group.message.exception',
  command: 'Group.CallbackSendMsgException',
  description: 'A group message was refused',
  eventTime: 'always',
  fields: {
    From_Account: Type.String({ description: 'UserID of the sender' }),
    Operator_Account: Operator,
    Random: Type.Integer({ ...U32, description: 'Random number of the send request' }),
    OnlineOnlyFlag: Type.Integer({ description: '1 = for online members only, else 0' }),
    MsgBody: Type.Array(Element, { description: 'Elements of the message, in order' }),
    CloudCustomData: Type.Optional(Type.String({ description: 'Custom data of the sender' })),
    ErrorCode: Type.Integer({ description: 'Why: an error code of groups, such as 10023' }),
    ErrorInfo: Type.String({ description: 'Why, in words' }),
    TopicId,
  },
  write: (change) => ({
    From_Account: change.sender,
    Operator_Account: change.operator,
    Random: change.random,
    OnlineOnlyFlag: change.onlineOnly && change.groupType !== 'AVChatRoom' ? 1 : 0,
    MsgBody: parseJson(change.msgBodyJson),
    CloudCustomData: change.cloudCustomData || undefined,
    ErrorCode: change.errorCode,
    ErrorInfo: change.errorInfo,
  }),
  read: (body) => ({
    sender: body.From_Account,
    operator: body.Operator_Account,
    random: body.Random,
    onlineOnly: body.OnlineOnlyFlag === 1,
    msgBody: body.MsgBody,
    ...(body.CloudCustomData && { cloudCustomData: body.CloudCustomData }),
    errorCode: body.ErrorCode,
    errorInfo: body.ErrorInfo,
    ...(body.TopicId && { topicId: body.TopicId }),
  }),
});

const Receipts = Type.Array(
  Type.Object({
    MsgSeq: Type.Integer(U32),
    ReadNum: Type.Integer({ ...COUNT, description: 'Members who have read it' }),
    UnreadNum: Type.Integer({ ...COUNT, description: 'Members who have not' }),
    ReadReceiptMembers: Type.Optional(Members),
  }),
);

/** Source: tencent-webhooks C.5. */
export const afterReadReceipt = tencentChange({
  kind: 'group.message.receipts',
  command: 'Group.CallbackAfterReadReceipt',
  description: 'A message that asks for receipts was sent, or members have read some',
  eventTime: 'always',
  fields: { GroupMsgReceiptList: Receipts },
  write: ({ receipts }) => ({
    GroupMsgReceiptList: receipts.map(({ msgSeq, readNum, unreadNum, readers }) => ({
      MsgSeq: msgSeq,
      ReadNum: readNum,
      UnreadNum: unreadNum,
      ReadReceiptMembers: toMembers(readers),
    })),
  }),
  read: ({ GroupMsgReceiptList: list }) => ({
    receipts: list.map((receipt) => ({
      msgSeq: receipt.MsgSeq,
      readNum: receipt.ReadNum,
      unreadNum: receipt.UnreadNum,
      readers: ofMembers(receipt.ReadReceiptMembers ?? []),
    })),
  }),
});
