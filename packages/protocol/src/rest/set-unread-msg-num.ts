import Type from 'typebox';
import { groupId, topicId, uint32, userId } from './fields.ts';

/** `group_open_http_svc/set_unread_msg_num`. Source: tencent-rest-message C2.11. */
export const SetUnreadMsgNumRequest = Type.Object({
  GroupId: groupId(),
  Member_Account: userId('The member'),
  UnreadMsgNum: uint32('Unread messages; at most as many as the group has'),
  TopicId: topicId,
});
export type SetUnreadMsgNumRequest = Type.Static<typeof SetUnreadMsgNumRequest>;
