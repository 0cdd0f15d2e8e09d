import Type from 'typebox';

/** The command of the webhook after a group message is sent. Source: tencent-webhooks C.2. */
export const TENCENT_AFTER_SEND = 'Group.CallbackAfterSendMsg';

/**
 * The published generations of this webhook (tencent-webhooks 0.2). Each adds fields to the one before: G2 OnlineOnlyFlag,
 * G3 CloudCustomData, G4 EventTime and TopicId, G5 MsgId and GroupAtInfo. Their names compare in order of time.
 */
export const TENCENT_REVISIONS = ['G1', 'G2', 'G3', 'G4', 'G5'] as const;
export type TencentRevision = (typeof TENCENT_REVISIONS)[number];

const U32_MAX = 4294967295;
const U32 = { minimum: 0, maximum: U32_MAX };

const Element = Type.Object({
  MsgType: Type.String({ minLength: 1, description: 'Kind of element, such as TIMTextElem' }),
  MsgContent: Type.Record(Type.String(), Type.Unknown(), { description: 'Content, by kind' }),
});

const At = Type.Object({
  GroupAtAllFlag: Type.Integer({ description: '1 = everybody, 0 = one member' }),
  GroupAt_Account: Type.Optional(Type.String({ description: 'UserID of the member, with flag 0' })),
});

/**
 * The body of the webhook as a receiver meets it: every generation, unknown fields allowed, later fields optional. Random and
 * Operator_Account are in every published form but were missing in real traffic of 2016 and 2018. Source: tencent-webhooks
 * C.2, F-1.
 */
export const TencentAfterSendBody = Type.Object(
  {
    CallbackCommand: Type.Literal(TENCENT_AFTER_SEND, { description: 'Webhook command' }),
    GroupId: Type.String({ minLength: 1, description: 'Group; for a message in a topic, its community' }),
    Type: Type.String({ description: 'Group type: Private, Public, ChatRoom, AVChatRoom, Community' }),
    From_Account: Type.String({ description: 'UserID of the sender' }),
    Operator_Account: Type.Optional(
      Type.String({
        description: 'UserID that made the request; another than the sender when an admin sends',
      }),
    ),
    Random: Type.Optional(Type.Integer({ ...U32, description: 'Random number of the send request' })),
    MsgSeq: Type.Integer({ ...U32, description: 'Number in the group, or in the topic; larger is later' }),
    MsgTime: Type.Integer({ minimum: 0, description: 'Time of sending, unix seconds' }),
    OnlineOnlyFlag: Type.Optional(
      Type.Integer({ description: 'Since G2. 1 = for online members only, else 0; in an AVChatRoom 0' }),
    ),
    MsgBody: Type.Array(Element, { description: 'Elements of the message, in order' }),
    CloudCustomData: Type.Optional(Type.String({ description: 'Since G3. Custom data of the sender' })),
    TopicId: Type.Optional(Type.String({ description: 'Since G4. Topic, for a message in a topic' })),
    EventTime: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,15}$' })], {
        description:
          'Since G4. Time of the event, unix milliseconds; a number, as text in the published samples',
      }),
    ),
    MsgId: Type.Optional(Type.String({ description: 'Since G5. Client-side message id' })),
    GroupAtInfo: Type.Optional(Type.Array(At, { description: 'Since G5. Who is mentioned, at most 30' })),
  },
  { description: 'Group.CallbackAfterSendMsg: a group message has been sent' },
);
export type TencentAfterSendBody = Type.Static<typeof TencentAfterSendBody>;
