import { AddGroupMemberRequest as Request, AddGroupMemberResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { addMembers } from '../../service/members.ts';
import { encodeAdded } from '../../wire/members.ts';
import { handler } from '../command.ts';

export const addGroupMember = handler(Request, Response, async (deps, caller, request) => {
  const result = await addMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.MemberList.map(({ Member_Account }) => Member_Account),
    silent: (request.Silence ?? 0) > 0,
  });
  return isRefusal(result) ? result : encodeAdded(result.members);
});
