import Type from 'typebox';
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

export interface RecallResult {
  readonly MsgSeq: number;
  /** 0, or the `ErrorCode` of why not: 10030 there is none, 10032 it stays. */
  readonly RetCode: number;
}

export interface GroupMsgRecallResponse {
  readonly RecallRetList: readonly RecallResult[];
  /** The same again: where the Go SDK looks (tencent-rest A.8). */
  readonly Results: readonly RecallResult[];
}
