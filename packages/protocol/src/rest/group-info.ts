import Type from 'typebox';
import { GROUP_TYPES } from '../event.ts';
import { type Answered, count, list, oneOrZero, onOrOff, seconds, text } from './answer.ts';
import { MSG_FLAGS, names, optional } from './fields.ts';

/** Fields of a group by which `GroupBaseInfoFilter` asks, old spelling included. Source: tencent-rest-group C1.0. */
export const GroupBaseInfo = Type.Object({
  GroupId: text('The group'),
  Type: Type.Enum([...GROUP_TYPES], { description: 'Group type' }),
  Name: text('Name'),
  Introduction: text('Introduction'),
  Notification: text('Notice'),
  FaceUrl: text('URL of the avatar'),
  Owner_Account: text('Owner; empty when the group has none'),
  CreateTime: seconds('When it was created'),
  InfoSeq: count('Grows with each change of the profile'),
  LastInfoTime: seconds('Latest change of the profile'),
  LastMsgTime: seconds('Latest message; 0 before the first'),
  NextMsgSeq: count('MsgSeq of the next message'),
  MemberNum: count('Members'),
  MaxMemberNum: count('Most members'),
  ApplyJoinOption: Type.Enum(['FreeAccess', 'NeedPermission', 'DisableApply']),
  InviteJoinOption: Type.Enum(['FreeAccess', 'NeedPermission', 'DisableInvite']),
  MuteAllMember: onOrOff('On: only the owner, admins and app admins may send'),
  ShutUpAllMember: onOrOff('Old name of MuteAllMember'),
  HistoryMsgBeforeJoin: onOrOff('On: who joins sees what was sent before; of types that keep history'),
  SupportTopic: oneOrZero('Has topics; of a Community'),
  EnablePermission: oneOrZero('Has permission groups; of a Community with topics'),
  DefaultPermission: count('Bit mask of members who are in no permission group; of a Community with topics'),
  Appid: Type.Integer({ description: 'The app' }),
});
export type GroupBaseInfo = Answered<typeof GroupBaseInfo>;

/** A group in an answer: its id, and what was asked for. */
export const ListedGroup = Type.Object({
  ...Type.Partial(GroupBaseInfo).properties,
  GroupId: GroupBaseInfo.properties.GroupId,
});

export const CustomFields = list(Type.Object({ Key: text('Key'), Value: text('Value') }), 'Custom fields');

/** Fields of a member by which `MemberInfoFilter` and `SelfInfoFilter` ask. Source: tencent-rest-group C1.0. */
export const MemberInfo = Type.Object({
  Member_Account: text('The member'),
  Role: Type.Enum(['Owner', 'Admin', 'Member']),
  JoinTime: seconds('When he joined'),
  MsgSeq: count('Highest MsgSeq that he has read'),
  MsgFlag: Type.Enum(MSG_FLAGS, { description: 'How he is told of messages' }),
  LastSendMsgTime: seconds('His latest message; 0: none'),
  NameCard: text('Name in this group'),
  MuteUntil: seconds('End of his mute; 0: not muted'),
  ShutUpUntil: seconds('Old name of MuteUntil'),
  AppMemberDefinedData: CustomFields,
});
export type MemberInfo = Answered<typeof MemberInfo>;

/** A member in an answer: his id, and what was asked for. */
export const ListedMember = Type.Object({
  ...Type.Partial(MemberInfo).properties,
  Member_Account: MemberInfo.properties.Member_Account,
});

export const ResponseFilter = Type.Object({
  GroupBaseInfoFilter: optional(names('Fields of the group')),
  MemberInfoFilter: optional(names('Fields of its members; Account stands for Member_Account')),
  AppDefinedDataFilter_Group: optional(names('Keys of custom fields of the group')),
  AppDefinedDataFilter_GroupMember: optional(names('Keys of custom fields of members')),
});
export type ResponseFilter = Type.Static<typeof ResponseFilter>;
