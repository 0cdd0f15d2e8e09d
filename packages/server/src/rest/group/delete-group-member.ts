import { NoFields, DeleteGroupMemberRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { deleteMembers } from '../../service/members.ts';
import { handler } from '../command.ts';

export const deleteGroupMember = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await deleteMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.MemberToDel_Account,
    silent: (request.Silence ?? 0) > 0,
    ...(request.Reason && { reason: request.Reason }),
  });
  return isRefusal(result) ? result : {};
});
