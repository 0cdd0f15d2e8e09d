import { NoFields, DestroyGroupRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import * as groups from '../../service/groups.ts';
import { handler } from '../command.ts';

export const destroyGroup = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await groups.destroyGroup(deps, caller, request.GroupId);
  return isRefusal(result) ? result : {};
});
