import { NoFields, UnbanGroupMemberRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { banMembers } from '../../service/members.ts';
import { handler } from '../command.ts';

export const unbanGroupMember = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await banMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.Members_Account,
    seconds: 0,
    description: '',
  });
  return isRefusal(result) ? result : {};
});
