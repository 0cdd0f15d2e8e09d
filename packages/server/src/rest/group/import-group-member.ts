import {
  ImportGroupMemberRequest as Request,
  ImportGroupMemberResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { importMembers } from '../../service/members.ts';
import { decodeImported, encodeAdded } from '../../wire/members.ts';
import { handler } from '../command.ts';

export const importGroupMember = handler(Request, Response, async (deps, caller, request) => {
  const members = request.MemberList.map(decodeImported);
  const result = await importMembers(deps, caller, { groupId: request.GroupId, members });
  return isRefusal(result) ? result : encodeAdded(result.members);
});
