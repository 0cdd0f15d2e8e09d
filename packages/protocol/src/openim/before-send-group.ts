import Type from 'typebox';
import { OPENIM_MESSAGE_FIELDS } from './message-fields.ts';

/** The command of the webhook before a group message is sent. Source: openim A.8. */
export const OPENIM_BEFORE_SEND_GROUP = 'callbackBeforeSendGroupMsgCommand';

/** The command of the webhook that may change a message; asked after the one before sending. Source: openim A.8. */
export const OPENIM_BEFORE_MODIFY = 'callbackBeforeMsgModifyCommand';

/** The body as a receiver meets it; `seq` is 0, for no number is known yet. Source: openim A.9. */
export const OpenImBeforeSendBody = Type.Object(
  {
    callbackCommand: Type.Literal(OPENIM_BEFORE_SEND_GROUP, { description: 'Webhook command' }),
    ...OPENIM_MESSAGE_FIELDS,
    groupID: Type.Optional(Type.String({ description: 'Group' })),
    recvID: Type.Optional(Type.String({ description: 'Group, on the documentation page' })),
  },
  { description: 'callbackBeforeSendGroupMsgCommand: a group message is about to be sent' },
);
export type OpenImBeforeSendBody = Type.Static<typeof OpenImBeforeSendBody>;

/** The same without the group, which this event does not tell; `sessionType` says that there is one. Source: openim A.9. */
export const OpenImBeforeModifyBody = Type.Object(
  {
    callbackCommand: Type.Literal(OPENIM_BEFORE_MODIFY, { description: 'Webhook command' }),
    ...OPENIM_MESSAGE_FIELDS,
    sessionType: Type.Literal(3, { description: '3 = group; single chats are not read' }),
  },
  { description: 'callbackBeforeMsgModifyCommand: a message may be changed before it is sent' },
);
export type OpenImBeforeModifyBody = Type.Static<typeof OpenImBeforeModifyBody>;
