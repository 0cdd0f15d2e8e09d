import Type from 'typebox';
import { Members, Operator, ofMembers, tencentChange, toMembers } from './change.ts';

/** Source: tencent-webhooks C.10. */
export const afterNewMemberJoin = tencentChange({
  kind: 'group.members.joined',
  command: 'Group.CallbackAfterNewMemberJoin',
  description: 'Users have joined a group',
  eventTime: 'since G4',
  fields: {
    Operator_Account: Operator,
    JoinType: Type.Enum(['Apply', 'Invited']),
    NewMemberList: Members,
  },
  write: ({ operator, joinType, members }) => ({
    Operator_Account: operator,
    JoinType: joinType,
    NewMemberList: toMembers(members),
  }),
  read: ({ Operator_Account: operator, JoinType: joinType, NewMemberList: members }) => ({
    operator,
    joinType,
    members: ofMembers(members),
  }),
});

/** The operator is who removed them, or who left. Source: tencent-webhooks C.11, F-17. */
export const afterMemberExit = tencentChange({
  kind: 'group.members.left',
  command: 'Group.CallbackAfterMemberExit',
  description: 'Members have left a group, or were removed from it',
  eventTime: 'since G4',
  fields: {
    Operator_Account: Operator,
    ExitType: Type.Enum(['Kicked', 'Quit']),
    ExitMemberList: Members,
  },
  write: ({ operator, exitType, members }) => ({
    Operator_Account: operator,
    ExitType: exitType,
    ExitMemberList: toMembers(members),
  }),
  read: ({ Operator_Account: operator, ExitType: exitType, ExitMemberList: members }) => ({
    operator,
    exitType,
    members: ofMembers(members),
  }),
});

const MEMBER = { description: 'UserID of the member that changed' };

/** SDKs have called the member Modified_Account: read as well, never written. Source: tencent-webhooks C.20, F-13. */
export const afterMemberFieldChanged = tencentChange({
  kind: 'group.member.changed',
  command: 'Group.CallbackAfterMemberFieldChanged',
  description: 'The role or the name card of a member has changed',
  eventTime: 'always',
  fields: {
    Operator_Account: Operator,
    Member_Account: Type.Optional(Type.String(MEMBER)),
    Modified_Account: Type.Optional(Type.String(MEMBER)),
    Role: Type.Optional(Type.Enum(['Admin', 'Member'])),
    NameCard: Type.Optional(Type.String()),
  },
  write: ({ operator, member, role, nameCard }) => ({
    Operator_Account: operator,
    Member_Account: member,
    Role: role,
    NameCard: nameCard,
  }),
  read: (body) => ({
    operator: body.Operator_Account,
    member: body.Member_Account ?? body.Modified_Account ?? '',
    ...(body.Role !== undefined && { role: body.Role }),
    ...(body.NameCard !== undefined && { nameCard: body.NameCard }),
  }),
});

const CAUSES = ['HeartbeatInterrupt', 'HeartbeatRecover', 'Join', 'Quit'] as const;

/** AVChatRoom only; the published body has no Type. Source: tencent-webhooks C.15, F-16. */
export const onMemberStateChange = tencentChange({
  kind: 'group.members.presence',
  command: 'Group.CallbackOnMemberStateChange',
  description: 'Members of an audio-video group have come or gone',
  type: false,
  eventTime: 'always',
  fields: {
    EventType: Type.Enum(['Online', 'Offline']),
    EventCause: Type.Optional(Type.Enum([...CAUSES])),
    MemberList: Members,
  },
  write: ({ state, cause, members }) => ({
    EventType: state,
    EventCause: cause,
    MemberList: toMembers(members),
  }),
  read: ({ EventType: state, EventCause: cause, MemberList: members }) => ({
    state,
    ...(cause !== undefined && { cause }),
    members: ofMembers(members),
  }),
});
