import Type from 'typebox';
import { boundedText, groupId, optional, uint32, userId } from './fields.ts';

const users = (description: string) =>
  Type.Array(userId('The user'), { minItems: 1, maxItems: 20, description });

/** `group_open_http_svc/ban_group_member`, AVChatRoom only. Source: tencent-rest-group C1.16. */
export const BanGroupMemberRequest = Type.Object({
  GroupId: groupId(),
  Members_Account: users('Who is banned'),
  Duration: uint32('Seconds from now; 4294967295 is for ever'),
  Description: optional(boundedText(1_000, 'Why')),
});
export type BanGroupMemberRequest = Type.Static<typeof BanGroupMemberRequest>;

/** `group_open_http_svc/unban_group_member`. Source: tencent-rest-group C1.16. */
export const UnbanGroupMemberRequest = Type.Object({
  GroupId: groupId(),
  Members_Account: users('Whose ban ends'),
});
export type UnbanGroupMemberRequest = Type.Static<typeof UnbanGroupMemberRequest>;
