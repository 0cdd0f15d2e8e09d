import {
  GetLiveMembersRequest,
  GetLiveMembersResponse,
  GetOnlineMemberNumRequest,
  GetOnlineMemberNumResponse,
  MarkLiveMembersRequest,
  MarkLiveMembersResponse,
} from '@confab-im/protocol';
import { isRefusal } from '../../domain/refusal.ts';
import { listOnline, markLiveMembers as mark, onlineIn } from '../../service/live-members.ts';
import { handler } from '../command.ts';

export const getOnlineMemberNum = handler(
  GetOnlineMemberNumRequest,
  GetOnlineMemberNumResponse,
  async (deps, caller, request) => {
    const online = await onlineIn(deps, caller, request.GroupId);
    return isRefusal(online) ? online : { OnlineMemberNum: online.length };
  },
);

/** At most 1,000 members have the mark that makes them online, so all of them come at once. */
export const getLiveMembers = handler(
  GetLiveMembersRequest,
  GetLiveMembersResponse,
  async (deps, caller, request) => {
    const members = await listOnline(deps, caller, request.GroupId, request.Mark);
    if (isRefusal(members)) return members;
    const MemberList = members.map(({ userId, since, nick, faceUrl }) => ({
      Member_Account: userId,
      JoinTime: since,
      NickName: nick,
      Avatar: faceUrl,
    }));
    return { MemberList, NextTimestamp: 0 };
  },
);

export const markLiveMembers = handler(
  MarkLiveMembersRequest,
  MarkLiveMembersResponse,
  async (deps, caller, { GroupId, CommandType, MemberList }) => {
    const how = CommandType === 1 ? 'set' : 'delete';
    const members = MemberList.map(({ Member_Account, Marks }) => ({ userId: Member_Account, marks: Marks }));
    const result = await mark(deps, caller, { groupId: GroupId, how, members });
    if (isRefusal(result)) return result;
    const marked = result.members.map(({ userId, marks }) => ({ Member_Account: userId, Marks: marks }));
    return { CommandType, MemberList: marked };
  },
);
