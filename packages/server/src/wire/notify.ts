import {
  canonicalJson,
  checkMsgBody,
  type SendBroadcastMsgRequest,
  type SendGroupSystemNotificationRequest,
} from '@confab-im/protocol';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { decodeTopic } from './topic.ts';

export interface NotificationWanted {
  readonly groupId: string;
  readonly topicId?: string;
  readonly content: string;
  readonly to?: readonly string[];
}

export function decodeNotification(request: SendGroupSystemNotificationRequest): NotificationWanted {
  const { GroupId, TopicId, Content, ToMembers_Account } = request;
  return {
    groupId: GroupId,
    ...decodeTopic(TopicId),
    content: Content,
    ...(ToMembers_Account?.length && { to: ToMembers_Account }),
  };
}

export interface BroadcastWanted {
  readonly sender?: string;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
}

export function decodeBroadcast(request: SendBroadcastMsgRequest): BroadcastWanted | Refusal {
  const body = checkMsgBody(request.MsgBody);
  if (!body.ok) return refuse('INVALID_PARAMETERS', body.problems[0]?.message ?? 'MsgBody: is malformed');
  return {
    ...(request.From_Account !== undefined && { sender: request.From_Account }),
    msgBodyJson: canonicalJson(body.value),
    ...(request.CloudCustomData !== undefined && { cloudCustomData: request.CloudCustomData }),
  };
}
