import { CreateGroupRequest as Request, CreateGroupResponse as Response } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import * as groups from '../../service/groups.ts';
import { decodeCreateGroup, encodeCreated } from '../../wire/create-group.ts';
import { handler } from '../command.ts';

export const createGroup = handler(Request, Response, async (deps, caller, request) => {
  const group = decodeCreateGroup(request);
  if (isRefusal(group)) return group;
  const result = await groups.createGroup(deps, caller, group);
  return isRefusal(result) ? result : encodeCreated(result.groupId, group.groupType);
});
