import Type from 'typebox';
import { groupId, topicId, userId } from './fields.ts';

/** `group_open_http_svc/delete_group_msg_by_sender`. Source: tencent-rest-message C2.7. */
export const DeleteGroupMsgBySenderRequest = Type.Object({
  GroupId: groupId(),
  Sender_Account: userId('Whose messages among the last 1,000 are recalled'),
  TopicId: topicId,
});
export type DeleteGroupMsgBySenderRequest = Type.Static<typeof DeleteGroupMsgBySenderRequest>;
