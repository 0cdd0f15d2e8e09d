import { NoFields, ModifyGroupMemberInfoRequest as Request } from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { modifyMember } from '../../service/members.ts';
import { decodeModifyMember } from '../../wire/members.ts';
import { handler } from '../command.ts';

export const modifyGroupMemberInfo = handler(Request, NoFields, async (deps, caller, request) => {
  const result = await modifyMember(deps, caller, decodeModifyMember(request));
  return isRefusal(result) ? result : {};
});
