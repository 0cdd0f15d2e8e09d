import type {
  GetJoinedGroupListRequest,
  GetJoinedGroupListResponse,
  GroupType,
  JoinedGroupItem,
} from '@confab-im/protocol';
import type { Group, Member } from '../domain/group.ts';
import { customFields, encodeGroup, encodeMember, fieldFilter } from './group-info.ts';
import { groupTypeOf } from './group-type.ts';

export interface JoinedGroupsWanted {
  readonly userId: string;
  readonly type?: GroupType;
  readonly supportTopic?: boolean;
  readonly withInactive: boolean;
  readonly withHuge: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Without a limit all groups are answered: a user is in no more than these. */
const ALL = 10_000;

/** Undefined: the filter names a type that no group has. */
export function decodeJoinedGroups(request: GetJoinedGroupListRequest): JoinedGroupsWanted | undefined {
  const typeName = request.GroupType ?? request.Type;
  const type = typeName === undefined ? undefined : groupTypeOf(typeName);
  if (typeName !== undefined && type === undefined) return undefined;
  const { SupportTopic } = request;
  return {
    userId: request.Member_Account,
    ...(type !== undefined && { type }),
    // Topics exist in communities only, so that asking for either kind asks for communities (tencent-rest G.1 no. 41).
    ...(SupportTopic !== undefined && { type: 'Community', supportTopic: SupportTopic > 0 }),
    withInactive: (request.WithNoActiveGroups ?? 0) > 0,
    // Naming the type asks for these groups as well.
    withHuge: (request.WithHugeGroups ?? 0) > 0 || type === 'AVChatRoom',
    offset: request.Offset ?? 0,
    limit: request.Limit || ALL,
  };
}

export function encodeJoinedGroups(
  page: {
    readonly total: number;
    readonly groups: readonly { readonly group: Group; readonly self: Member }[];
  },
  filter: GetJoinedGroupListRequest['ResponseFilter'],
): GetJoinedGroupListResponse {
  const base = fieldFilter(filter?.GroupBaseInfoFilter);
  const ofSelf = fieldFilter(filter?.SelfInfoFilter);
  const item = ({ group, self }: { group: Group; self: Member }): JoinedGroupItem => {
    if (base === undefined && ofSelf === undefined) return { GroupId: group.groupId };
    const { Member_Account, ...selfInfo } = encodeMember(self, ofSelf, undefined);
    return {
      ...encodeGroup(group, base ?? new Set()),
      ...(base?.has('AppDefinedData') && { AppDefinedData: customFields(group.appDefinedData, undefined) }),
      ...(ofSelf && { SelfInfo: ofSelf.has('Member_Account') ? { Member_Account, ...selfInfo } : selfInfo }),
    };
  };
  return { TotalCount: page.total, GroupIdList: page.groups.map(item) };
}
