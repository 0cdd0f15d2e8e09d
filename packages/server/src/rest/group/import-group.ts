import { ImportGroupRequest as Request, ImportGroupResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import * as groups from '../../service/groups.ts';
import { decodeImportGroup } from '../../wire/create-group.ts';
import { handler } from '../command.ts';

export const importGroup = handler(Request, Response, async (deps, caller, request) => {
  const group = decodeImportGroup(request);
  if (isRefusal(group)) return group;
  const result = await groups.importGroup(deps, caller, group);
  return isRefusal(result) ? result : { GroupId: result.groupId };
});
