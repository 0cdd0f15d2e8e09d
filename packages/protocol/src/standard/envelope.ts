import Type, { type TProperties } from 'typebox';
import { MSG_PRIORITIES } from '../event.ts';
import { Element } from './element.ts';

/** Type of a group message that has been sent. Source: Standard Webhooks 1.0.0, "Payload structure", for the form of types. */
export const STANDARD_MESSAGE_SENT = 'group.message.sent';
/** Type of what stands in a lane for an event that was skipped. */
export const STANDARD_TOMBSTONE = 'tombstone';
/** Type of a body that carries several envelopes of one lane. */
export const STANDARD_BATCH = 'batch';

/** Mirrors the `endpoint` of the body: tells this dialect from the others before anything is parsed. Not signed itself. */
export const ENDPOINT_HEADER = 'confab-endpoint';

/** Most envelopes in one batch. */
export const STANDARD_BATCH_MAX_EVENTS = 100;
/** Most bytes of a batch; a sender keeps to it, and receivers take that much. */
export const STANDARD_BATCH_MAX_BYTES = 262_144;

/** What may name an endpoint: it stands in a header as it is. */
const ENDPOINT = { pattern: '^[A-Za-z0-9._~-]{1,128}$', description: 'Endpoint this was sent to' };

const U32 = { minimum: 0, maximum: 4294967295 };
const COUNT = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** What every envelope has, whatever its type. The sequences are signed with the body, so a gap that they show is real. */
const HEAD = {
  id: Type.String({
    pattern: '^[!-\\-/-~]{1,255}$',
    description: 'The event, for ever: its `webhook-id` when sent alone',
  }),
  endpoint: Type.String(ENDPOINT),
  app: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'SDKAppID' }),
  stream: Type.Integer({
    ...COUNT,
    description:
      'What `seq` counts in; another one when a group id is used again after the group was destroyed',
  }),
  groupId: Type.String({ minLength: 1, description: 'Group; for an event in a topic, its community' }),
  topicId: Type.Optional(Type.String({ description: 'Topic, for an event in a topic' })),
  groupType: Type.String({ description: 'Private, Public, ChatRoom, AVChatRoom, Community' }),
  seq: Type.Integer({ ...COUNT, minimum: 1, description: 'Number of the event in the log of its stream' }),
  prev: Type.Integer({ ...COUNT, description: '`seq` of the event before it on this lane; 0 = the first' }),
  msgSeq: Type.Integer({ ...U32, description: 'Number in the group, or in the topic; 0 = none' }),
  eventTime: Type.Integer({ ...COUNT, description: 'Time of the event, unix milliseconds' }),
  replay: Type.Optional(
    Type.Literal(true, { description: 'Sent again on request, outside the order of the lane' }),
  ),
};

const At = Type.Object({
  all: Type.Boolean({ description: 'Everybody, or one member' }),
  userId: Type.Optional(Type.String({ description: 'UserID of the member' })),
});

/** The `data` of a group message: every field of the event. */
export const StandardMessageData = Type.Object({
  sender: Type.String({ description: 'UserID of the sender' }),
  senderNickname: Type.String(),
  senderFaceUrl: Type.String(),
  operator: Type.String({ description: 'UserID that made the request' }),
  random: Type.Integer({ ...U32, description: 'Random number of the send request' }),
  msgTime: Type.Integer({ ...COUNT, description: 'Time of sending, unix seconds' }),
  onlineOnly: Type.Boolean({ description: 'For members who are online, never stored' }),
  priority: Type.Optional(Type.Enum([...MSG_PRIORITIES])),
  msgBody: Type.Array(Element, { description: 'Elements of the message, in order' }),
  cloudCustomData: Type.Optional(Type.String({ description: 'Custom data of the sender' })),
  at: Type.Optional(Type.Array(At, { description: 'Who is mentioned' })),
  msgId: Type.Optional(Type.String({ description: 'MsgId of the Tencent dialect' })),
  serverMsgId: Type.String({ description: 'serverMsgID of the OpenIM dialect' }),
  clientMsgId: Type.String({ description: 'clientMsgID of the OpenIM dialect' }),
  operationId: Type.String({ description: 'Trace ID of the causing request' }),
  clientIp: Type.String({ description: 'Address of the user or REST caller' }),
  platform: Type.String({ description: 'OptPlatform of the Tencent dialect' }),
});
export type StandardMessageData = Type.Static<typeof StandardMessageData>;

const envelope = <P extends TProperties>(rest: P) => Type.Object({ ...rest, ...HEAD });

/** `group.message.sent`: a group message has been sent. */
export const StandardMessage = envelope({
  type: Type.Literal(STANDARD_MESSAGE_SENT),
  data: StandardMessageData,
});
export type StandardMessage = Type.Static<typeof StandardMessage>;

/** `tombstone`: an event was skipped, and its number in the lane is accounted for. */
export const StandardTombstone = envelope({
  type: Type.Literal(STANDARD_TOMBSTONE),
  data: Type.Object({
    skipped: Type.String({ description: 'Type of the skipped event' }),
    reason: Type.String({ description: 'Why, for people' }),
  }),
});
export type StandardTombstone = Type.Static<typeof StandardTombstone>;

/** An envelope of any type: what a receiver can rely on in one that it does not know. */
export const StandardEnvelope = envelope({
  type: Type.String({ pattern: '^[A-Za-z0-9_]+(?:\\.[A-Za-z0-9_]+)*$', maxLength: 128 }),
  data: Type.Unknown(),
});
export type StandardEnvelope = Type.Static<typeof StandardEnvelope>;

/** `batch`: envelopes of one lane, each following the one before it. */
export const StandardBatch = Type.Object({
  type: Type.Literal(STANDARD_BATCH),
  endpoint: Type.String(ENDPOINT),
  events: Type.Array(StandardEnvelope, { minItems: 1, maxItems: STANDARD_BATCH_MAX_EVENTS }),
});
export type StandardBatch = Type.Static<typeof StandardBatch>;
