import Type from 'typebox';

const U32_MAX = 4294967295;
export const U32 = { minimum: 0, maximum: U32_MAX };

export const Element = Type.Object({
  MsgType: Type.String({ minLength: 1, description: 'Kind of element, such as TIMTextElem' }),
  MsgContent: Type.Record(Type.String(), Type.Unknown(), { description: 'Content, by kind' }),
});

/** Written as a number, published samples have it as text. Source: tencent-webhooks F-1. */
export const EventTime = Type.Optional(
  Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,15}$' })], {
    description: 'Since G4. Time of the event, unix milliseconds; a number, as text in the published samples',
  }),
);

/**
 * What the webhooks before and after a group message have in common. Random and Operator_Account are in every published form
 * but were missing in real traffic of 2016 and 2018. Source: tencent-webhooks C.1, C.2, F-1.
 */
export const GROUP_MESSAGE_FIELDS = {
  GroupId: Type.String({ minLength: 1, description: 'Group; for a message in a topic, its community' }),
  Type: Type.String({ description: 'Group type: Private, Public, ChatRoom, AVChatRoom, Community' }),
  From_Account: Type.String({ description: 'UserID of the sender' }),
  Operator_Account: Type.Optional(
    Type.String({
      description: 'UserID that made the request; another than the sender when an admin sends',
    }),
  ),
  Random: Type.Optional(Type.Integer({ ...U32, description: 'Random number of the send request' })),
  OnlineOnlyFlag: Type.Optional(
    Type.Integer({ description: 'Since G2. 1 = for online members only, else 0; in an AVChatRoom 0' }),
  ),
  MsgBody: Type.Array(Element, { description: 'Elements of the message, in order' }),
  TopicId: Type.Optional(Type.String({ description: 'Since G4. Topic, for a message in a topic' })),
  EventTime,
  MsgId: Type.Optional(Type.String({ description: 'Since G5. Client-side message id' })),
};
