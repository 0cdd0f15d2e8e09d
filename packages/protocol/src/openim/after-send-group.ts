import Type from 'typebox';
import { OPENIM_MESSAGE_FIELDS } from './message-fields.ts';

/** The command of the webhook after a group message is sent; also the last segment of its URL. Source: openim A.8. */
export const OPENIM_AFTER_SEND_GROUP = 'callbackAfterSendGroupMsgCommand';

/**
 * The published forms (openim A.1, A.12): the documentation page, the released server 3.8, the development line. `page` adds
 * `recvID` and `?contenttype=json`, `3.8` has no query and `seq` 0, `main` has `?key=`.
 */
export const OPENIM_REVISIONS = ['page', '3.8', 'main'] as const;
export type OpenImRevision = (typeof OPENIM_REVISIONS)[number];

/**
 * The body as a receiver meets it, of every form; the group stands in `groupID`, on the documentation page in `recvID`. Source:
 * openim A.9, A.12.
 */
export const OpenImAfterSendBody = Type.Object(
  {
    callbackCommand: Type.Literal(OPENIM_AFTER_SEND_GROUP, { description: 'Webhook command' }),
    ...OPENIM_MESSAGE_FIELDS,
    groupID: Type.Optional(Type.String({ description: 'Group' })),
    recvID: Type.Optional(Type.String({ description: 'Group, on the documentation page' })),
  },
  { description: 'callbackAfterSendGroupMsgCommand: a group message has been sent' },
);
export type OpenImAfterSendBody = Type.Static<typeof OpenImAfterSendBody>;
