import {
  GetGroupBanMemberRequest as Request,
  GetGroupBanMemberResponse as Response,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { bannedUsers } from '../../service/members.ts';
import { encodeBanned } from '../../wire/members.ts';
import { handler } from '../command.ts';

const MOST = 100;

export const getGroupBanMember = handler(
  Request,
  Response,
  async (deps, caller, { GroupId, Limit, Offset }) => {
    const page = await bannedUsers(deps, caller, { groupId: GroupId, offset: Offset, limit: Limit || MOST });
    return isRefusal(page) ? page : encodeBanned(page, Offset);
  },
);
