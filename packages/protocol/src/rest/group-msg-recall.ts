import Type from 'typebox';
import { type Answered, codeOf, count, list } from './answer.ts';
import { boundedText, groupId, optional, topicId, uint32 } from './fields.ts';

/** `group_open_http_svc/group_msg_recall`. Source: tencent-rest-message C2.8. */
export const GroupMsgRecallRequest = Type.Object({
  GroupId: groupId(),
  MsgSeqList: Type.Array(Type.Object({ MsgSeq: uint32('The message') }), {
    minItems: 1,
    maxItems: 10,
    description: 'What is recalled',
  }),
  Reason: optional(boundedText(100, 'Why; told to app backends')),
  TopicId: topicId,
});
export type GroupMsgRecallRequest = Type.Static<typeof GroupMsgRecallRequest>;

const RecallResult = Type.Object({
  MsgSeq: count('The message'),
  RetCode: codeOf('0, 10030: there is none, 10032: it stays'),
});

export const GroupMsgRecallResponse = Type.Object({
  RecallRetList: list(RecallResult, 'In the order of the request'),
  Results: list(RecallResult, 'The same again, where the Go SDK looks'),
});
export type GroupMsgRecallResponse = Answered<typeof GroupMsgRecallResponse>;
