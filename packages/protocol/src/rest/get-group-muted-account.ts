import Type from 'typebox';
import { type Answered, list, seconds, text } from './answer.ts';
import { groupId, topicId } from './fields.ts';

/** `group_open_http_svc/get_group_muted_account`, formerly `get_group_shutted_uin`. Source: tencent-rest-group C1.14. */
export const GetGroupMutedAccountRequest = Type.Object({ GroupId: groupId(), TopicId: topicId });
export type GetGroupMutedAccountRequest = Type.Static<typeof GetGroupMutedAccountRequest>;

export const GetGroupMutedAccountResponse = Type.Object({
  GroupId: text('The group'),
  MutedAccountList: list(
    Type.Object({ Member_Account: text('The member'), MutedUntil: seconds('End of the mute') }),
    'Who is muted',
  ),
  ShuttedUinList: list(
    Type.Object({ Member_Account: text('The member'), ShuttedUntil: seconds('End of the mute') }),
    'Old name of MutedAccountList',
  ),
});
export type GetGroupMutedAccountResponse = Answered<typeof GetGroupMutedAccountResponse>;
