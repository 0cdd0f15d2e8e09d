import { NoFields, ModifyGroupBaseInfoRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { modifyGroup } from '../../service/groups.ts';
import { decodeModifyGroup } from '../../wire/modify-group.ts';
import { handler } from '../command.ts';

export const modifyGroupBaseInfo = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await modifyGroup(deps, caller, {
    groupId: request.GroupId,
    changes: decodeModifyGroup(request),
    ...(request.From_Account !== undefined && { operator: request.From_Account }),
  });
  return isRefusal(result) ? result : {};
});
