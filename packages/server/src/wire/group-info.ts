import type { CustomField, GroupBaseInfo, MemberInfo } from '@confab-im/protocol';
import type { Group, Member } from '../domain/group.ts';
import { GROUP_TYPE_TRAITS } from '../domain/group-types.ts';

/** Which fields an answer has; undefined: all. */
export type FieldFilter = ReadonlySet<string> | undefined;

/** Asking by the old name or the new one gives both (tencent-rest A.8). */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['MuteAllMember', 'ShutUpAllMember'],
  ['ShutUpAllMember', 'MuteAllMember'],
  ['MuteUntil', 'ShutUpUntil'],
  ['ShutUpUntil', 'MuteUntil'],
  ['Account', 'Member_Account'],
]);

export function fieldFilter(names: readonly string[] | undefined): FieldFilter {
  return names && new Set(names.flatMap((name) => [name, SYNONYMS.get(name) ?? name]));
}

function pick<T extends object>(fields: T, filter: FieldFilter): Partial<T> {
  if (filter === undefined) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => filter.has(name))) as Partial<T>;
}

/** Fields that not every group has. */
type OfSome = 'SupportTopic' | 'EnablePermission' | 'DefaultPermission' | 'HistoryMsgBeforeJoin';

/** The base fields of a group, `GroupId` always among them. */
export function encodeGroup(
  group: Group,
  filter: FieldFilter,
): Partial<GroupBaseInfo> & { readonly GroupId: string } {
  const mute = group.muteAll ? 'On' : 'Off';
  const fields: Omit<GroupBaseInfo, 'GroupId' | OfSome> & Partial<Pick<GroupBaseInfo, OfSome>> = {
    Type: group.type,
    Name: group.name,
    Appid: group.app,
    Introduction: group.introduction,
    Notification: group.notification,
    FaceUrl: group.faceUrl,
    Owner_Account: group.owner,
    CreateTime: group.createTime,
    InfoSeq: group.infoSeq,
    LastInfoTime: group.lastInfoTime,
    LastMsgTime: group.lastMsgTime,
    NextMsgSeq: group.nextMsgSeq,
    MemberNum: group.memberNum,
    MaxMemberNum: group.maxMemberNum,
    ApplyJoinOption: group.applyJoinOption,
    InviteJoinOption: group.inviteJoinOption,
    MuteAllMember: mute,
    ShutUpAllMember: mute,
    ...(GROUP_TYPE_TRAITS[group.type].historyStored && {
      HistoryMsgBeforeJoin: group.historyBeforeJoin ? 'On' : 'Off',
    }),
    ...(GROUP_TYPE_TRAITS[group.type].topics && { SupportTopic: group.supportTopic ? 1 : 0 }),
    ...(group.supportTopic && {
      EnablePermission: group.enablePermission ? 1 : 0,
      DefaultPermission: group.defaultPermission,
    }),
  };
  return { GroupId: group.groupId, ...pick(fields, filter) };
}

/** The fields of a member, `Member_Account` always among them; `keys`: which custom fields, undefined for all. */
export function encodeMember(
  member: Member,
  filter: FieldFilter,
  keys: readonly string[] | undefined,
): Partial<MemberInfo> & { readonly Member_Account: string } {
  const fields: Omit<MemberInfo, 'Member_Account'> = {
    Role: member.role,
    JoinTime: member.joinTime,
    MsgSeq: member.readSeq,
    MsgFlag: member.msgFlag,
    LastSendMsgTime: member.lastSendMsgTime,
    NameCard: member.nameCard,
    MuteUntil: member.muteUntil,
    ShutUpUntil: member.muteUntil,
    AppMemberDefinedData: customFields(member.appDefinedData, keys),
  };
  // Naming custom fields asks for them, whatever the other filter says.
  const wanted = filter && keys ? new Set([...filter, 'AppMemberDefinedData']) : filter;
  return { Member_Account: member.userId, ...pick(fields, wanted) };
}

export function customFields(
  fields: readonly CustomField[],
  keys: readonly string[] | undefined,
): readonly CustomField[] {
  return keys === undefined ? fields : fields.filter(({ Key }) => keys.includes(Key));
}
