import Type from 'typebox';
import { type Answered, count, list, text } from './answer.ts';
import { groupId, names, optional } from './fields.ts';
import { ListedMember } from './group-info.ts';

/** `group_open_http_svc/get_group_member_info`. Source: tencent-rest-group C1.10; the limit by tencent-rest G.1 no. 15. */
export const GetGroupMemberInfoRequest = Type.Object({
  GroupId: groupId(),
  MemberInfoFilter: optional(names('Fields of the members; absent: all')),
  MemberRoleFilter: optional(
    Type.Array(Type.Enum(['Owner', 'Admin', 'Member']), { description: 'Only these roles' }),
  ),
  AppDefinedDataFilter_GroupMember: optional(names('Keys of custom fields; absent: all')),
  Limit: optional(
    Type.Integer({ minimum: 0, maximum: 6_000, description: 'Most members; 0 or absent: all' }),
  ),
  Offset: optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Members to leave out' }),
  ),
  Next: optional(
    Type.String({ pattern: '^[0-9]{0,15}$', description: 'Community: empty first, then the last Next' }),
  ),
});
export type GetGroupMemberInfoRequest = Type.Static<typeof GetGroupMemberInfoRequest>;

export const GetGroupMemberInfoResponse = Type.Object({
  MemberNum: count('All members of the group, whatever was asked for'),
  MemberList: list(ListedMember, 'One page of them'),
  Next: optional(text('Of a Community only: to be sent for the next page; empty: finished')),
});
export type GetGroupMemberInfoResponse = Answered<typeof GetGroupMemberInfoResponse>;
