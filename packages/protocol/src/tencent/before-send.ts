import Type from 'typebox';
import { GROUP_MESSAGE_FIELDS } from './group-message-fields.ts';

/** The command of the webhook before a group message is sent. Source: tencent-webhooks C.1. */
export const TENCENT_BEFORE_SEND = 'Group.CallbackBeforeSendMsg';

/**
 * The body of the webhook as a receiver meets it: every generation, unknown fields allowed, later fields optional. There is no
 * MsgSeq and no MsgTime, for neither is known yet. Source: tencent-webhooks C.1.
 */
export const TencentBeforeSendBody = Type.Object(
  {
    CallbackCommand: Type.Literal(TENCENT_BEFORE_SEND, { description: 'Webhook command' }),
    ...GROUP_MESSAGE_FIELDS,
    CloudCustomData: Type.Optional(Type.String({ description: 'Since G4. Custom data of the sender' })),
  },
  { description: 'Group.CallbackBeforeSendMsg: a group message is about to be sent' },
);
export type TencentBeforeSendBody = Type.Static<typeof TencentBeforeSendBody>;
