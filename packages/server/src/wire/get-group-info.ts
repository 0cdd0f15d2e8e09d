import { ERRORS, type GroupInfoItem, type ResponseFilter } from '@confab-im/protocol';
import type { Group, Member } from '../domain/group.ts';
import { customFields, encodeGroup, encodeMember, fieldFilter } from './group-info.ts';

/** Without a filter everything is answered; with one, members only when it names their fields (tencent-rest-group C1.5). */
export function wantsMembers(filter: ResponseFilter | undefined): boolean {
  return (
    isEmpty(filter) || (filter?.MemberInfoFilter ?? filter?.AppDefinedDataFilter_GroupMember) !== undefined
  );
}

const GROUP_ID = /^[\x20-\x7e]{1,48}$/;

/** Turns the groups that were found into entries of the answer, one per id asked for and in that order. */
export function encodeGroupInfos(
  groupIds: readonly string[],
  profiles: readonly ({ readonly group: Group; readonly members?: readonly Member[] } | undefined)[],
  filter: ResponseFilter | undefined,
): readonly GroupInfoItem[] {
  const base = fieldFilter(filter?.GroupBaseInfoFilter);
  const ofMembers = fieldFilter(filter?.MemberInfoFilter);
  const groupKeys = filter?.AppDefinedDataFilter_Group;
  const withCustomFields = isEmpty(filter) || groupKeys !== undefined || base?.has('AppDefinedData') === true;
  return groupIds.map((GroupId, i) => {
    const profile = profiles[i];
    if (profile === undefined) return missing(GroupId);
    const { group, members } = profile;
    return {
      ...encodeGroup(group, base),
      ErrorCode: 0,
      ErrorInfo: '',
      ...(withCustomFields && { AppDefinedData: customFields(group.appDefinedData, groupKeys) }),
      ...(members !== undefined && {
        MemberList: members.map((member) =>
          encodeMember(member, ofMembers, filter?.AppDefinedDataFilter_GroupMember),
        ),
      }),
    };
  });
}

function missing(GroupId: string): GroupInfoItem {
  const { code, text } = GROUP_ID.test(GroupId) ? ERRORS.GROUP_NOT_FOUND : ERRORS.INVALID_GROUP_ID;
  return { GroupId, ErrorCode: code, ErrorInfo: text };
}

function isEmpty(filter: ResponseFilter | undefined): boolean {
  return filter === undefined || Object.values(filter).every((names) => names === undefined);
}
