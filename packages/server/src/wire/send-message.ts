import {
  canonicalJson,
  checkMsgBody,
  type GroupAt,
  type MsgPriority,
  type SendGroupMsgRequest,
  type SendGroupMsgResponse,
} from '@confab-im/protocol';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { decodeTopic } from './topic.ts';

/** A message whose shape is right; the rest is for the rules. Source: tencent-rest-message C2.1. */
export interface MessageToSend {
  readonly groupId: string;
  readonly topicId?: string;
  readonly sender?: string;
  readonly random: number;
  readonly priority: MsgPriority;
  readonly onlineOnly: boolean;
  readonly msgBodyJson: string;
  readonly cloudCustomData?: string;
  readonly at?: readonly GroupAt[];
  readonly to?: readonly string[];
  readonly noUnread: boolean;
  readonly noLastMsg: boolean;
  readonly forbidBeforeWebhook: boolean;
  readonly forbidAfterWebhook: boolean;
  readonly offlinePushInfoJson?: string;
  readonly supportMessageExtension: boolean;
  readonly needReadReceipt: boolean;
}

export function decodeSendMessage(request: SendGroupMsgRequest): MessageToSend | Refusal {
  const body = checkMsgBody(request.MsgBody);
  if (!body.ok) return refuse('INVALID_PARAMETERS', body.problems[0]?.message ?? 'MsgBody: is malformed');
  const onlineOnly = (request.OnlineOnlyFlag ?? request.MsgOnlineOnlyFlag ?? 0) > 0;
  const control = request.SendMsgControl ?? [];
  if (onlineOnly && control.length > 0) {
    return refuse(
      'INVALID_PARAMETERS',
      'SendMsgControl: does not go together with OnlineOnlyFlag; send one of them',
    );
  }
  const at = decodeMentions(request.GroupAtInfo);
  if (at !== undefined && isRefusal(at)) return at;
  const push = request.OfflinePushInfo === undefined ? undefined : pushInfoJson(request.OfflinePushInfo);
  if (typeof push === 'object') return push;
  return {
    groupId: request.GroupId,
    ...decodeTopic(request.TopicId),
    ...(request.From_Account !== undefined && { sender: request.From_Account }),
    random: request.Random,
    priority: request.MsgPriority ?? 'Normal',
    onlineOnly,
    msgBodyJson: canonicalJson(body.value),
    ...(request.CloudCustomData !== undefined && { cloudCustomData: request.CloudCustomData }),
    ...(at !== undefined && { at }),
    ...(request.To_Account?.length && { to: request.To_Account }),
    noUnread: control.includes('NoUnread'),
    noLastMsg: control.includes('NoLastMsg'),
    forbidBeforeWebhook: request.ForbidCallbackControl?.includes('ForbidBeforeSendMsgCallback') ?? false,
    forbidAfterWebhook: request.ForbidCallbackControl?.includes('ForbidAfterSendMsgCallback') ?? false,
    ...(push !== undefined && { offlinePushInfoJson: push }),
    supportMessageExtension: (request.SupportMessageExtension ?? 0) > 0,
    needReadReceipt: (request.NeedReadReceipt ?? request.IsNeedReadReceipt ?? 0) > 0,
  };
}

/** An absent `GroupAtAllFlag` is the 0 that Go clients leave out (tencent-rest A.7). */
function decodeMentions(info: SendGroupMsgRequest['GroupAtInfo']): readonly GroupAt[] | undefined | Refusal {
  if (info === undefined || info.length === 0) return undefined;
  const mentions: GroupAt[] = [];
  for (const [i, { GroupAtAllFlag = 0, GroupAt_Account }] of info.entries()) {
    if (GroupAtAllFlag > 0) {
      mentions.push({ all: true });
    } else if (GroupAt_Account) {
      mentions.push({ all: false, userId: GroupAt_Account });
    } else {
      const detail = `GroupAtInfo[${i}].GroupAt_Account: is missing; name the member, or set GroupAtAllFlag to 1`;
      return refuse('INVALID_PARAMETERS', detail);
    }
  }
  return mentions;
}

function pushInfoJson(info: object): string | Refusal {
  try {
    return canonicalJson(info);
  } catch (error) {
    if (error instanceof RangeError) {
      return refuse('OFFLINE_PUSH_INFO_INVALID', 'OfflinePushInfo: is nested too deeply; send it flat');
    }
    throw error;
  }
}

/**
 * A repeated message is answered like the first one (tencent-rest G.1 no. 2), one over the frequency cap with its reason (no. 40).
 * One that a before-webhook dropped in silence is answered as sent, with the number 0 of a message that is in no history.
 */
export function encodeSent(
  result:
    | { readonly kind: 'sent' | 'duplicate'; readonly msgSeq: number; readonly msgTime: number }
    | { readonly kind: 'dropped' | 'swallowed'; readonly msgTime: number },
): SendGroupMsgResponse {
  switch (result.kind) {
    case 'dropped':
      return { MsgTime: result.msgTime, MsgSeq: 0, MsgDropReason: 'MsgFreqCtrl' };
    case 'swallowed':
      return { MsgTime: result.msgTime, MsgSeq: 0 };
    default:
      return { MsgTime: result.msgTime, MsgSeq: result.msgSeq };
  }
}
