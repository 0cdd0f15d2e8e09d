import {
  GetGroupMemberInfoRequest as Request,
  GetGroupMemberInfoResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { listMembers } from '../../service/members.ts';
import { decodeMembersWanted, encodeMembers } from '../../wire/members.ts';
import { handler } from '../command.ts';

export const getGroupMemberInfo = handler(Request, Response, async (deps, caller, request) => {
  const list = await listMembers(deps, caller, decodeMembersWanted(request));
  return isRefusal(list) ? list : encodeMembers(list, request);
});
