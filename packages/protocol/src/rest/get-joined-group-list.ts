import Type from 'typebox';
import { type Answered, count, list } from './answer.ts';
import { flag, names, optional, userId } from './fields.ts';
import { CustomFields, ListedGroup, MemberInfo } from './group-info.ts';

const filter = Type.String({ description: 'Only groups of this type, old or new name; BChatRoom has none' });

/** `group_open_http_svc/get_joined_group_list`. Source: tencent-rest-group C1.4. */
export const GetJoinedGroupListRequest = Type.Object({
  Member_Account: userId('The user'),
  WithHugeGroups: optional(flag('AVChatRooms too')),
  WithNoActiveGroups: optional(flag('Work groups that were not activated too')),
  Limit: optional(Type.Integer({ minimum: 0, maximum: 5_000, description: 'Most groups; 0 or absent: all' })),
  Offset: optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Groups to leave out' }),
  ),
  GroupType: optional(filter),
  Type: optional(filter),
  SupportTopic: optional(flag('1: only communities with topics, 0: only those without')),
  ResponseFilter: optional(
    Type.Object({
      GroupBaseInfoFilter: optional(names('Fields of the group')),
      SelfInfoFilter: optional(names('Fields of the user as a member')),
    }),
  ),
});
export type GetJoinedGroupListRequest = Type.Static<typeof GetJoinedGroupListRequest>;

export const JoinedGroupItem = Type.Object({
  ...ListedGroup.properties,
  AppDefinedData: optional(CustomFields),
  SelfInfo: optional(Type.Partial(MemberInfo, { description: 'The user as a member' })),
});
export type JoinedGroupItem = Answered<typeof JoinedGroupItem>;

export const GetJoinedGroupListResponse = Type.Object({
  TotalCount: count('All groups that were asked for'),
  GroupIdList: list(JoinedGroupItem, 'One page of them'),
});
export type GetJoinedGroupListResponse = Answered<typeof GetJoinedGroupListResponse>;
