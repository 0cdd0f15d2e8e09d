import {
  GetGroupMutedAccountRequest as Request,
  GetGroupMutedAccountResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { mutedUsers } from '../../service/members.ts';
import { encodeMuted } from '../../wire/members.ts';
import { decodeTopic } from '../../wire/topic.ts';
import { handler } from '../command.ts';

export const getGroupMutedAccount = handler(Request, Response, async (deps, caller, request) => {
  const place = { groupId: request.GroupId, ...decodeTopic(request.TopicId) };
  const users = await mutedUsers(deps, caller, place);
  return isRefusal(users) ? users : encodeMuted(request.GroupId, users);
});
