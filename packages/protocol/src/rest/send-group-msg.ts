import Type from 'typebox';
import { UncheckedElement } from '../elements.ts';
import { type Answered, count, seconds } from './answer.ts';
import { flag, groupId, optional, topicId, uint32, userId } from './fields.ts';
import { OfflinePushInfo } from './offline-push-info.ts';

/**
 * `group_open_http_svc/send_group_msg`. `MsgBody` is checked element by element by `checkMsgBody`, which says more than one
 * schema over all elements could. Source: tencent-rest-message C2.1.
 */
export const SendGroupMsgRequest = Type.Object({
  GroupId: groupId(),
  Random: uint32('With sender and content the key by which a repeated message is recognised'),
  MsgBody: Type.Array(UncheckedElement, { minItems: 1, description: 'Elements' }),
  From_Account: optional(userId('Sender shown; absent: the calling admin')),
  MsgPriority: optional(
    Type.Enum(['High', 'Normal', 'Low', 'Lowest'], { description: 'Normal when absent' }),
  ),
  OnlineOnlyFlag: optional(flag('Only for members who are online, not stored')),
  MsgOnlineOnlyFlag: optional(flag('Other name of OnlineOnlyFlag')),
  SendMsgControl: optional(Type.Array(Type.Enum(['NoLastMsg', 'NoUnread']))),
  ForbidCallbackControl: optional(
    Type.Array(Type.Enum(['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'])),
  ),
  OfflinePushInfo: optional(OfflinePushInfo),
  CloudCustomData: optional(Type.String({ description: 'Stored and delivered with the message' })),
  SupportMessageExtension: optional(flag('Extensions may be added later')),
  NeedReadReceipt: optional(flag('A read receipt is wanted')),
  IsNeedReadReceipt: optional(flag('Other name of NeedReadReceipt')),
  GroupAtInfo: optional(
    Type.Array(
      Type.Object({
        GroupAtAllFlag: optional(flag('1: everybody, 0: the account')),
        GroupAt_Account: optional(Type.String({ description: 'Who is mentioned' })),
      }),
      { maxItems: 30, description: 'Mentions, in the order of the body' },
    ),
  ),
  To_Account: optional(
    Type.Array(userId('The member'), { maxItems: 50, description: 'Only these receive it' }),
  ),
  TopicId: topicId,
});
export type SendGroupMsgRequest = Type.Static<typeof SendGroupMsgRequest>;

export const SendGroupMsgResponse = Type.Object({
  MsgTime: seconds('When it was sent'),
  MsgSeq: count('Number in the group; 0 for one that is in no history'),
  MsgDropReason: optional(
    Type.Enum(['MsgFreqCtrl'], {
      description: 'The group gets more messages than it may, this one was dropped',
    }),
  ),
});
export type SendGroupMsgResponse = Answered<typeof SendGroupMsgResponse>;
