import {
  canonicalJson,
  checkMsgBody,
  type DeleteGroupMsgBySenderRequest,
  ERRORS,
  type GroupMsgRecallRequest,
  type GroupMsgRecallResponse,
  type ModifyGroupMsgRequest,
} from '@confab-im/protocol';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { decodeTopic } from './topic.ts';

export interface RecallWanted {
  readonly groupId: string;
  readonly topicId?: string;
  readonly msgSeqs: readonly number[];
  readonly reason?: string;
}

export function decodeRecall(request: GroupMsgRecallRequest): RecallWanted {
  return {
    groupId: request.GroupId,
    ...decodeTopic(request.TopicId),
    msgSeqs: request.MsgSeqList.map(({ MsgSeq }) => MsgSeq),
    ...(request.Reason && { reason: request.Reason }),
  };
}

export function encodeRecalled(
  messages: readonly { readonly msgSeq: number; readonly refusal?: Refusal }[],
): GroupMsgRecallResponse {
  const list = messages.map(({ msgSeq, refusal }) => ({
    MsgSeq: msgSeq,
    RetCode: refusal === undefined ? 0 : ERRORS[refusal.error].code,
  }));
  return { RecallRetList: list, Results: list };
}

export function decodeRecallOf(request: DeleteGroupMsgBySenderRequest) {
  return {
    groupId: request.GroupId,
    ...decodeTopic(request.TopicId),
    sender: request.Sender_Account,
  };
}

export interface ModificationWanted {
  readonly groupId: string;
  readonly topicId?: string;
  readonly msgSeq: number;
  readonly msgBodyJson?: string;
  readonly cloudCustomData?: string;
}

export function decodeModification(request: ModifyGroupMsgRequest): ModificationWanted | Refusal {
  const { MsgBody, CloudCustomData } = request;
  if (MsgBody === undefined && CloudCustomData === undefined) {
    return refuse(
      'MESSAGE_REQUEST_INVALID',
      'MsgBody: is missing, and so is CloudCustomData; send what is to change',
    );
  }
  const body = MsgBody === undefined ? undefined : checkMsgBody(MsgBody);
  if (body?.ok === false)
    return refuse('MSG_BODY_INVALID', body.problems[0]?.message ?? 'MsgBody: is malformed');
  return {
    groupId: request.GroupId,
    ...decodeTopic(request.TopicId),
    msgSeq: request.MsgSeq,
    ...(body !== undefined && { msgBodyJson: canonicalJson(body.value) }),
    ...(CloudCustomData !== undefined && { cloudCustomData: CloudCustomData }),
  };
}
