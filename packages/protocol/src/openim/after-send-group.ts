import Type from 'typebox';

/** The command of the webhook after a group message is sent; also the last segment of its URL. Source: openim A.8. */
export const OPENIM_AFTER_SEND_GROUP = 'callbackAfterSendGroupMsgCommand';

/**
 * The published forms (openim A.1, A.12): the documentation page, the released server 3.8, the development line. `page` adds
 * `recvID` and `?contenttype=json`, `3.8` has no query and `seq` 0, `main` has `?key=`.
 */
export const OPENIM_REVISIONS = ['page', '3.8', 'main'] as const;
export type OpenImRevision = (typeof OPENIM_REVISIONS)[number];

/** Session type of a group. Source: openim A.13. */
export const OPENIM_GROUP_SESSION = 3;

/** The user id that stands for everybody in `atUserList`. Source: openim A.13. */
export const OPENIM_AT_ALL = 'AtAllTag';

/**
 * The body as a receiver meets it, of every form; the group stands in `groupID`, on the documentation page in `recvID`. The
 * server writes every field; what a reader can do without is optional here. Source: openim A.9, A.12.
 */
export const OpenImAfterSendBody = Type.Object(
  {
    sendID: Type.String({ description: 'User ID of the sender' }),
    callbackCommand: Type.Literal(OPENIM_AFTER_SEND_GROUP, { description: 'Webhook command' }),
    serverMsgID: Type.String({ minLength: 1, description: 'Message ID made by the server' }),
    clientMsgID: Type.Optional(Type.String({ description: 'Message ID made by the client or API server' })),
    operationID: Type.Optional(Type.String({ description: 'Trace ID of the causing call' })),
    senderPlatformID: Type.Optional(Type.Integer({ description: 'Platform of the sender, 0 if not told' })),
    senderNickname: Type.Optional(Type.String({ description: 'As supplied by the sender' })),
    sessionType: Type.Optional(Type.Integer({ description: '3 = group; the page prints others' })),
    msgFrom: Type.Optional(Type.Integer({ description: '100 = user, 200 = system or REST' })),
    contentType: Type.Integer({ description: 'Kind of message, such as 101 for text' }),
    status: Type.Optional(Type.Integer({ description: '1 from client SDKs, 0 from REST' })),
    sendTime: Type.Integer({ minimum: 0, description: 'Time of sending, unix milliseconds' }),
    createTime: Type.Optional(Type.Integer({ minimum: 0, description: 'Time of making, unix milliseconds' })),
    content: Type.String({ description: 'The message element as JSON text; plain text on the page' }),
    seq: Type.Optional(Type.Integer({ minimum: 0, description: 'Number in the group; 0 = not told' })),
    atUserList: Type.Optional(
      Type.Union([Type.Array(Type.String()), Type.Null()], {
        description: 'User IDs mentioned, AtAllTag for everybody; null when nobody is',
      }),
    ),
    faceURL: Type.Optional(Type.String({ description: 'Avatar of the sender' })),
    ex: Type.Optional(Type.String({ description: 'Free extension text' })),
    groupID: Type.Optional(Type.String({ description: 'Group' })),
    recvID: Type.Optional(Type.String({ description: 'Group, on the documentation page' })),
  },
  { description: 'callbackAfterSendGroupMsgCommand: a group message has been sent' },
);
export type OpenImAfterSendBody = Type.Static<typeof OpenImAfterSendBody>;
