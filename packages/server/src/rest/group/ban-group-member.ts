import { NoFields, BanGroupMemberRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { banMembers } from '../../service/members.ts';
import { handler } from '../command.ts';

export const banGroupMember = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await banMembers(deps, caller, {
    groupId: request.GroupId,
    userIds: request.Members_Account,
    seconds: request.Duration,
    description: request.Description ?? '',
  });
  return isRefusal(result) ? result : {};
});
