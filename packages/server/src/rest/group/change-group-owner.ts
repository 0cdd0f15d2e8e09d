import { NoFields, ChangeGroupOwnerRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { changeOwner } from '../../service/groups.ts';
import { handler } from '../command.ts';

export const changeGroupOwner = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await changeOwner(deps, caller, {
    groupId: request.GroupId,
    newOwner: request.NewOwner_Account,
    ...(request.From_Account !== undefined && { operator: request.From_Account }),
  });
  return isRefusal(result) ? result : {};
});
