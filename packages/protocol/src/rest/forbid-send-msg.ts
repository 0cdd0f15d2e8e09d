import Type from 'typebox';
import { groupId, optional, topicId, uint32, userId } from './fields.ts';

/** `group_open_http_svc/forbid_send_msg`. Either `MuteTime` or `ShutUpTime`. Source: tencent-rest-group C1.13. */
export const ForbidSendMsgRequest = Type.Object({
  GroupId: groupId(),
  Members_Account: Type.Array(userId('The member'), {
    minItems: 1,
    maxItems: 500,
    description: 'Who is muted',
  }),
  MuteTime: optional(uint32('Seconds; 0 ends the mute, 4294967295 is for ever')),
  ShutUpTime: optional(uint32('Old name of MuteTime')),
  TopicId: topicId,
});
export type ForbidSendMsgRequest = Type.Static<typeof ForbidSendMsgRequest>;
