import Type from 'typebox';

/** Session type of a group. Source: openim A.13. */
export const OPENIM_GROUP_SESSION = 3;

/** The user id that stands for everybody in `atUserList`. Source: openim A.13. */
export const OPENIM_AT_ALL = 'AtAllTag';

/**
 * What every message event has. The server writes every field; what a reader can do without is optional here. Source: openim
 * A.9, A.12.
 */
export const OPENIM_MESSAGE_FIELDS = {
  sendID: Type.String({ description: 'User ID of the sender' }),
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
};

const MessageFields = Type.Object(OPENIM_MESSAGE_FIELDS);
export type OpenImMessageFields = Type.Static<typeof MessageFields>;
