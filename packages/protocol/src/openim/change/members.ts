import Type from 'typebox';
import { Count, GroupId, NullableCount, NullableText, openImChange, ROLE_LEVELS, Text } from './change.ts';

/** `joinSource`: 1 by an admin, 2 invited, 3 search, 4 QR code. Source: openim A.13. */
const BY_SEARCH = 3;

/** Of somebody who asked to join, who stands in `inviterUserID`; nobody is told of invitations. Source: openim A.8, A.10. */
export const afterJoinGroup = openImChange({
  kind: 'group.members.joined',
  command: 'callbackAfterJoinGroupCommand',
  description: 'A user has joined a group',
  fields: {
    operationID: Text,
    groupID: GroupId,
    reqMessage: Text,
    joinSource: Count,
    inviterUserID: Type.String({ description: 'The user who joined' }),
  },
  write: ({ operationID, groupId, reason = '', members }) => ({
    operationID,
    groupID: groupId,
    reqMessage: reason,
    joinSource: BY_SEARCH,
    inviterUserID: members[0] ?? '',
  }),
  read: ({ groupID: groupId, inviterUserID: member, reqMessage: reason }) => ({
    groupId,
    joinType: 'Apply' as const,
    operator: member,
    members: [member],
    ...(reason && { reason }),
  }),
});

/** The operator is not told. Source: openim A.10. */
export const afterKickGroup = openImChange({
  kind: 'group.members.left',
  command: 'callbackAfterKickGroupCommand',
  description: 'Members were removed from a group',
  fields: { groupID: GroupId, kickedUserIDs: Type.Array(Type.String()), reason: Text },
  write: ({ groupId, members, reason = '' }) => ({ groupID: groupId, kickedUserIDs: members, reason }),
  read: ({ groupID: groupId, kickedUserIDs: members, reason }) => ({
    groupId,
    exitType: 'Kicked' as const,
    members,
    ...(reason && { reason }),
  }),
});

/** Source: openim A.10. */
export const afterQuitGroup = openImChange({
  kind: 'group.members.left',
  command: 'callbackAfterQuitGroupCommand',
  description: 'A member has left a group',
  fields: { groupID: GroupId, userID: Type.String() },
  write: ({ groupId, members }) => ({ groupID: groupId, userID: members[0] ?? '' }),
  read: ({ groupID: groupId, userID: member }) => ({
    groupId,
    exitType: 'Quit' as const,
    operator: member,
    members: [member],
  }),
});

/** Null stands for "not changed"; the N of `nickName` is a capital. Source: openim A.10. */
export const afterSetGroupMemberInfo = openImChange({
  kind: 'group.member.changed',
  command: 'callbackAfterSetGroupMemberInfoCommand',
  description: 'The role or the name card of a member has changed',
  fields: {
    groupID: GroupId,
    userID: Type.String(),
    nickName: NullableText,
    faceURL: NullableText,
    roleLevel: NullableCount,
    ex: NullableText,
  },
  write: ({ groupId, member, nameCard, role }) => ({
    groupID: groupId,
    userID: member,
    nickName: nameCard ?? null,
    faceURL: null,
    roleLevel: role === undefined ? null : ROLE_LEVELS[role],
    ex: null,
  }),
  read: ({ groupID: groupId, userID: member, nickName, roleLevel }) => ({
    groupId,
    member,
    ...(typeof nickName === 'string' && { nameCard: nickName }),
    ...(roleLevel === ROLE_LEVELS.Admin && { role: 'Admin' as const }),
    ...(roleLevel === ROLE_LEVELS.Member && { role: 'Member' as const }),
  }),
});

const GROUP_CONVERSATION = 'sg_';

/**
 * The command's name is a slip of the original's. It tells one message; of several recalled at once the first stands in `seq`, and all
 * in `seqs`, which is ours. Source: openim A.8, A.9, A.13.
 */
export const afterRevokeMsg = openImChange({
  kind: 'group.message.recalled',
  command: 'callbackBeforeAfterMsgCommand',
  description: 'A message has been recalled',
  fields: {
    conversationID: Type.String({ pattern: `^${GROUP_CONVERSATION}.`, description: 'sg_ and the group' }),
    seq: Type.Integer({ minimum: 0 }),
    userID: Type.String({ description: 'Who recalled it' }),
    seqs: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }))),
  },
  write: ({ groupId, msgSeqs, operator }) => ({
    conversationID: GROUP_CONVERSATION + groupId,
    seq: msgSeqs[0] ?? 0,
    userID: operator,
    seqs: msgSeqs.length > 1 ? msgSeqs : undefined,
  }),
  read: ({ conversationID, seq, seqs, userID: operator }) => ({
    groupId: conversationID.slice(GROUP_CONVERSATION.length),
    operator,
    msgSeqs: seqs ?? [seq],
  }),
});
