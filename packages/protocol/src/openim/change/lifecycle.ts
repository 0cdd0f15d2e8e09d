import Type from 'typebox';
import type { GroupFacts } from '../../group-facts.ts';
import {
  Count,
  GroupId,
  NullableCount,
  NullableText,
  NullableTexts,
  openImChange,
  ROLE_LEVELS,
  Text,
} from './change.ts';

/** `groupType` as a number; a defect of the original makes a character of it in other events. Source: openim A.10, A.13. */
export const WORKING_GROUP = 2;

/** Applications: approved by nobody, by an admin, or impossible, which OpenIM knows only as "everyone needs approval". */
export const NEED_VERIFICATION: Readonly<Record<string, number>> = {
  FreeAccess: 2,
  NeedPermission: 0,
  DisableApply: 1,
};

const Member = Type.Object({ userID: Type.String(), roleLevel: Type.Integer() });

/** Who is in a new group from its beginning. */
export const InitMemberList = Type.Optional(Type.Union([Type.Array(Member), Type.Null()]));

/** Owner, admins, members: each once. */
export function initMemberList({
  owner,
  members,
  admins = [],
}: Pick<GroupFacts['group.created'], 'owner' | 'members' | 'admins'>): readonly {
  readonly userID: string;
  readonly roleLevel: number;
}[] {
  const others = members.filter((userId) => userId !== owner && !admins.includes(userId));
  return [
    ...(owner === '' ? [] : [{ userID: owner, roleLevel: ROLE_LEVELS.Owner }]),
    ...admins.map((userID) => ({ userID, roleLevel: ROLE_LEVELS.Admin })),
    ...others.map((userID) => ({ userID, roleLevel: ROLE_LEVELS.Member })),
  ];
}

/** The members beside the owner, each once. */
export function readInitMemberList(
  list: readonly Type.Static<typeof Member>[],
  owner: string,
): Pick<GroupFacts['group.created'], 'members' | 'admins'> {
  const members = list.filter(({ userID }) => userID !== owner);
  const admins = members.filter(({ roleLevel }) => roleLevel === ROLE_LEVELS.Admin);
  return {
    members: [...new Set(members.map(({ userID }) => userID))],
    ...(admins.length > 0 && { admins: admins.map(({ userID }) => userID) }),
  };
}

/** Each member stands once in `initMemberList`, with the true role: the original lists some twice. Source: openim A.10. */
export const afterCreateGroup = openImChange({
  kind: 'group.created',
  command: 'callbackAfterCreateGroupCommand',
  description: 'A group has been created',
  fields: {
    groupID: GroupId,
    groupName: Type.String(),
    notification: Text,
    introduction: Text,
    faceURL: Text,
    ownerUserID: Type.String(),
    createTime: Count,
    memberCount: Count,
    ex: Text,
    status: Count,
    creatorUserID: Text,
    groupType: Count,
    needVerification: Count,
    lookMemberInfo: Count,
    applyMemberFriend: Count,
    notificationUpdateTime: Count,
    notificationUserID: Text,
    initMemberList: InitMemberList,
  },
  write(change) {
    const { operator, owner, name, eventTime } = change;
    const { notification = '', introduction = '', faceUrl = '', applyJoinOption = 'FreeAccess' } = change;
    const list = initMemberList(change);
    return {
      groupID: change.groupId,
      groupName: name,
      notification,
      introduction,
      faceURL: faceUrl,
      ownerUserID: owner,
      createTime: eventTime,
      memberCount: list.length,
      ex: '',
      status: 0,
      creatorUserID: operator,
      groupType: WORKING_GROUP,
      needVerification: NEED_VERIFICATION[applyJoinOption] ?? 0,
      lookMemberInfo: 0,
      applyMemberFriend: 0,
      notificationUpdateTime: notification === '' ? 0 : eventTime,
      notificationUserID: notification === '' ? '' : operator,
      initMemberList: list,
    };
  },
  read(body) {
    return {
      groupId: body.groupID,
      owner: body.ownerUserID,
      name: body.groupName,
      ...readInitMemberList(body.initMemberList ?? [], body.ownerUserID),
      ...(body.creatorUserID && { operator: body.creatorUserID }),
      ...(body.notification && { notification: body.notification }),
      ...(body.introduction && { introduction: body.introduction }),
      ...(body.faceURL && { faceUrl: body.faceURL }),
      ...(body.createTime && { eventTime: body.createTime }),
    };
  },
});

/** `groupType` is text: the number turned into a character. Source: openim A.10. */
export const afterDismissGroup = openImChange({
  kind: 'group.destroyed',
  command: 'callbackAfterDisMissGroupCommand',
  description: 'A group has been disbanded',
  fields: { groupID: GroupId, ownerID: Type.String(), groupType: Text, membersID: NullableTexts },
  write: ({ groupId, owner, members }) => ({
    groupID: groupId,
    ownerID: owner,
    groupType: String.fromCharCode(WORKING_GROUP),
    membersID: members ?? null,
  }),
  read: ({ groupID: groupId, ownerID: owner, membersID }) => ({
    groupId,
    owner,
    ...(membersID && { members: membersID }),
  }),
});

/** Null stands for "not changed", `operationID` is always empty. Source: openim A.10. */
export const afterSetGroupInfoEx = openImChange({
  kind: 'group.info.changed',
  command: 'callbackAfterSetGroupInfoExCommand',
  description: 'The profile of a group has changed',
  fields: {
    operationID: Text,
    groupID: GroupId,
    groupName: NullableText,
    notification: NullableText,
    introduction: NullableText,
    faceURL: NullableText,
    ex: NullableText,
    needVerification: NullableCount,
    lookMemberInfo: NullableCount,
    applyMemberFriend: NullableCount,
  },
  write: ({ groupId, name, notification, introduction, faceUrl }) => ({
    operationID: '',
    groupID: groupId,
    groupName: name ?? null,
    notification: notification ?? null,
    introduction: introduction ?? null,
    faceURL: faceUrl ?? null,
    ex: null,
    needVerification: null,
    lookMemberInfo: null,
    applyMemberFriend: null,
  }),
  read: (body) => ({
    groupId: body.groupID,
    ...(typeof body.groupName === 'string' && { name: body.groupName }),
    ...(typeof body.notification === 'string' && { notification: body.notification }),
    ...(typeof body.introduction === 'string' && { introduction: body.introduction }),
    ...(typeof body.faceURL === 'string' && { faceUrl: body.faceURL }),
  }),
});

/** Source: openim A.10. */
export const afterTransferGroupOwner = openImChange({
  kind: 'group.owner.changed',
  command: 'callbackAfterTransferGroupOwnerCommand',
  description: 'A group has another owner',
  fields: { groupID: GroupId, oldOwnerUserID: Type.String(), newOwnerUserID: Type.String() },
  write: ({ groupId, oldOwner, newOwner }) => ({
    groupID: groupId,
    oldOwnerUserID: oldOwner,
    newOwnerUserID: newOwner,
  }),
  read: (body) => ({
    groupId: body.groupID,
    oldOwner: body.oldOwnerUserID,
    newOwner: body.newOwnerUserID,
  }),
});
