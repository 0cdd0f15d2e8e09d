import Type from 'typebox';
import { boundedText, flag, groupId, optional, userId } from './fields.ts';

/** `group_open_http_svc/delete_group_member`. Source: tencent-rest-group C1.9; 500 members by tencent-rest G.1 no. 4. */
export const DeleteGroupMemberRequest = Type.Object({
  GroupId: groupId(),
  MemberToDel_Account: Type.Array(userId('The account'), {
    minItems: 1,
    maxItems: 500,
    description: 'Who leaves',
  }),
  Silence: optional(flag('Tell only those who are removed')),
  Reason: optional(boundedText(1_000, 'Reason, part of the notification')),
});
export type DeleteGroupMemberRequest = Type.Static<typeof DeleteGroupMemberRequest>;
