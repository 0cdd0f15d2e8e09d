import Type from 'typebox';
import { GROUP_MESSAGE_FIELDS, U32 } from './group-message-fields.ts';

/** The command of the webhook after a group message is sent. Source: tencent-webhooks C.2. */
export const TENCENT_AFTER_SEND = 'Group.CallbackAfterSendMsg';

/**
 * The published generations of this webhook (tencent-webhooks 0.2). Each adds fields to the one before: G2 OnlineOnlyFlag,
 * G3 CloudCustomData, G4 EventTime and TopicId, G5 MsgId and GroupAtInfo. Their names compare in order of time.
 */
export const TENCENT_REVISIONS = ['G1', 'G2', 'G3', 'G4', 'G5'] as const;
export type TencentRevision = (typeof TENCENT_REVISIONS)[number];

const At = Type.Object({
  GroupAtAllFlag: Type.Integer({ description: '1 = everybody, 0 = one member' }),
  GroupAt_Account: Type.Optional(Type.String({ description: 'UserID of the member, with flag 0' })),
});

/**
 * The body of the webhook as a receiver meets it: every generation, unknown fields allowed, later fields optional. Source:
 * tencent-webhooks C.2, F-1.
 */
export const TencentAfterSendBody = Type.Object(
  {
    CallbackCommand: Type.Literal(TENCENT_AFTER_SEND, { description: 'Webhook command' }),
    ...GROUP_MESSAGE_FIELDS,
    MsgSeq: Type.Integer({ ...U32, description: 'Number in the group, or in the topic; larger is later' }),
    MsgTime: Type.Integer({ minimum: 0, description: 'Time of sending, unix seconds' }),
    CloudCustomData: Type.Optional(Type.String({ description: 'Since G3. Custom data of the sender' })),
    GroupAtInfo: Type.Optional(Type.Array(At, { description: 'Since G5. Who is mentioned, at most 30' })),
  },
  { description: 'Group.CallbackAfterSendMsg: a group message has been sent' },
);
export type TencentAfterSendBody = Type.Static<typeof TencentAfterSendBody>;
