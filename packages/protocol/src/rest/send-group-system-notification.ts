import Type from 'typebox';
import { groupId, optional, topicId, userId } from './fields.ts';

/** `group_open_http_svc/send_group_system_notification`. Source: tencent-rest-message C2.2. */
export const SendGroupSystemNotificationRequest = Type.Object({
  GroupId: groupId(),
  Content: Type.String({ description: 'Told to those who are online' }),
  ToMembers_Account: optional(
    Type.Array(userId('The member'), {
      maxItems: 500,
      description: 'Only these; absent or empty: everybody',
    }),
  ),
  TopicId: topicId,
});
export type SendGroupSystemNotificationRequest = Type.Static<typeof SendGroupSystemNotificationRequest>;
