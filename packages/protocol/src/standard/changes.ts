import Type, { type TObject } from 'typebox';
import type { GroupChangeKind } from '../group-facts.ts';
import { Element } from './element.ts';

const TEXT = Type.String();
const operator = Type.String({ description: 'UserID that made the request' });
const members = Type.Array(TEXT, { description: 'UserIDs' });
const COUNT = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const count = Type.Integer(COUNT);
const optionalText = Type.Optional(TEXT);
const customData = Type.Optional(
  Type.Array(Type.Object({ Key: TEXT, Value: TEXT }), { description: 'Fields of the app, that were given' }),
);
const profile = {
  name: optionalText,
  introduction: optionalText,
  notification: optionalText,
  faceUrl: optionalText,
  customData,
};
const reason = Type.Optional(Type.String({ description: 'As the request gave it' }));

/** Where a change was asked for; in the `data` of each. */
const ORIGIN = {
  operationId: Type.String({ description: 'Trace ID of the causing request' }),
  clientIp: Type.String({ description: 'Address of the user or REST caller' }),
  platform: Type.String({ description: 'OptPlatform of the Tencent dialect' }),
};

/** The `data` of every change, by the type of its envelope. Where a topic is concerned, `topicId` stands in the envelope. */
export const STANDARD_CHANGES: { readonly [Kind in GroupChangeKind]: TObject } = {
  'group.created': data({
    operator,
    owner: Type.String({ description: 'Empty: no owner' }),
    name: TEXT,
    members: Type.Array(TEXT, { description: 'Those the request named, without the owner' }),
    admins: Type.Optional(Type.Array(TEXT, { description: 'Those of them that are admins' })),
    introduction: optionalText,
    notification: optionalText,
    faceUrl: optionalText,
    applyJoinOption: Type.Optional(TEXT),
    customData,
  }),
  'group.destroyed': data({
    operator,
    owner: TEXT,
    name: TEXT,
    members: Type.Optional(
      Type.Array(TEXT, { description: 'At the time; not of a Community, nor of more than 6,000' }),
    ),
  }),
  'group.members.joined': data({ operator, joinType: Type.Enum(['Apply', 'Invited']), members, reason }),
  'group.members.left': data({ operator, exitType: Type.Enum(['Kicked', 'Quit']), members, reason }),
  'group.full': data({ memberNum: count, maxMemberNum: count }),
  'group.info.changed': data({ operator, ...profile }),
  'group.owner.changed': data({ operator, oldOwner: TEXT, newOwner: TEXT }),
  'group.member.changed': data({
    operator,
    member: TEXT,
    role: Type.Optional(Type.Enum(['Admin', 'Member'])),
    nameCard: optionalText,
  }),
  'group.attributes.changed': data({
    operator,
    option: Type.Enum(['set', 'modify', 'clear', 'delete']),
    attributes: Type.Array(Type.Object({ key: TEXT, value: TEXT })),
  }),
  'group.message.recalled': data({ operator, msgSeqs: Type.Array(count), reason }),
  'group.message.exception': data({
    operator,
    sender: TEXT,
    random: count,
    onlineOnly: Type.Boolean(),
    msgBody: Type.Array(Element),
    cloudCustomData: optionalText,
    errorCode: Type.Integer({ description: 'As the sender was told' }),
    errorInfo: TEXT,
  }),
  'group.message.receipts': data({
    receipts: Type.Array(
      Type.Object({
        msgSeq: count,
        readNum: Type.Integer({ ...COUNT, description: 'Members who have read it' }),
        unreadNum: Type.Integer({ ...COUNT, description: 'Members who have not' }),
        readers: Type.Array(TEXT, { description: 'Those of this report' }),
      }),
    ),
  }),
  'group.members.presence': data({
    state: Type.Enum(['Online', 'Offline']),
    cause: Type.Enum(['HeartbeatInterrupt', 'HeartbeatRecover', 'Join', 'Quit']),
    members,
  }),
  'group.topic.created': data({
    operator,
    owner: Type.String({ description: 'Of the community' }),
    name: TEXT,
    customData,
  }),
  'group.topics.destroyed': data({ operator, topicIds: Type.Array(TEXT) }),
  'group.topic.changed': data({ operator, ...profile }),
};

function data(fields: Record<string, Parameters<typeof Type.Object>[0][string]>): TObject {
  return Type.Object({ ...fields, ...ORIGIN });
}
